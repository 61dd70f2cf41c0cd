from orders.admin import gateway_calls, notices, orders, payments, pickups, recalls, refunds, shipments

__all__ = ["gateway_calls", "notices", "orders", "payments", "pickups", "recalls", "refunds", "shipments"]
