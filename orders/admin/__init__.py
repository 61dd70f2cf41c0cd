from orders.admin import orders, pickups, shipments

__all__ = ["orders", "pickups", "shipments"]
