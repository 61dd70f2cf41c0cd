"""What each role may do. Deny by default: what isn't named here nobody but a superuser may do.

A `*` stands for any model or any app. `sync_roles` makes the groups from this table and reports names that
match no permission.
"""

from members.terms import Role

APPS = ("members", "catalog", "marketing", "orders", "analytics", "core")

GOODS = (
    *("catalog.view_*", "catalog.add_*", "catalog.change_*", "catalog.delete_*"),
    *("catalog.adjust_stock", "catalog.set_price", "catalog.shelve_product"),
    "catalog.submit_product",
    *("catalog.count_stock", "catalog.approve_stocktake", "catalog.move_stock"),
    *("catalog.book_loss", "catalog.mark_down", "catalog.recall_batch"),
    *("catalog.import_products", "catalog.export_products", "catalog.run_repricer"),
    *("catalog.take_down_product", "catalog.run_spotcheck"),
)
PURCHASING = (
    *("catalog.see_cost", "catalog.send_purchase", "catalog.receive_purchase"),
    *("catalog.approve_purchase", "catalog.exchange_suppliers"),
)
PURCHASES_SEEN = ("catalog.view_purchaseorder", "catalog.view_supplier", "catalog.view_supplierreturn")
ORDERS_SEEN = (
    *("orders.view_order", "orders.view_orderline", "orders.view_ordertransition"),
    *("orders.view_shipment", "orders.view_shipmentline", "orders.view_pickup"),
)
MONEY_SEEN = (
    *("orders.view_payment", "orders.view_paymentshare", "orders.view_notice", "orders.view_gatewaycall"),
    *("orders.view_refund", "orders.view_refundline"),
)
MEMBERS_SEEN = (
    *("members.view_member", "members.view_level", "members.view_address"),
    *("members.view_growthentry", "members.view_pointsentry", "members.view_pointslot"),
    *("members.view_message", "members.view_membermerge"),
)
STOCK_SEEN = (
    *("catalog.view_product", "catalog.view_sku", "catalog.view_place"),
    *("catalog.view_stocklevel", "catalog.view_stockmovement", "catalog.view_reservation"),
    *("catalog.view_stocktake", "catalog.view_transfer"),
    *("catalog.view_batch", "catalog.view_loss", "catalog.view_stockalert"),
    "analytics.view_skuforecast",
)
STOCK_HANDLED = ("catalog.count_stock", "catalog.move_stock")

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: tuple(f"{app}.*" for app in APPS),
    Role.OPERATOR: (
        *GOODS,
        *PURCHASING,
        *("analytics.view_*", "analytics.order_goods", "analytics.treat_slow_seller"),
        "marketing.*",
        *MEMBERS_SEEN,
        "members.add_level",
        "members.change_level",
        "members.adjust_points",
        *ORDERS_SEEN,
        *MONEY_SEEN,
        "orders.ship_order",
        "orders.verify_pickup",
        "orders.cancel_order",
        "orders.note_order",
        "core.view_job",
    ),
    Role.CUSTOMER_SERVICE: (
        *STOCK_SEEN,
        "catalog.view_recall",
        "marketing.view_*",
        *MEMBERS_SEEN,
        "members.view_phone",
        "members.view_phonecode",
        *ORDERS_SEEN,
        *MONEY_SEEN,
        "orders.cancel_order",
        "orders.refund_order",
        "orders.note_order",
    ),
    Role.FINANCE: (
        *PURCHASES_SEEN,
        *("catalog.view_suppliersku", "catalog.see_cost", "catalog.approve_purchase", "catalog.pay_supplier"),
        *("analytics.view_skuhealth", "analytics.view_remedy"),
        *ORDERS_SEEN,
        *MONEY_SEEN,
        "orders.refund_order",
        "orders.note_order",
        "members.view_member",
        "members.view_pointsentry",
    ),
    Role.WAREHOUSE: (
        *STOCK_SEEN,
        *("catalog.add_product", "catalog.change_product", "catalog.submit_product"),
        *PURCHASES_SEEN,
        "catalog.receive_purchase",
        "catalog.change_supplierreturn",
        *("analytics.view_reordersuggestion", "analytics.order_goods"),
        "catalog.adjust_stock",
        "catalog.book_loss",
        *STOCK_HANDLED,
        *ORDERS_SEEN,
        "orders.ship_order",
        "orders.note_order",
    ),
    Role.STORE_CLERK: (
        *STOCK_SEEN,
        "catalog.view_purchaseorder",
        "catalog.receive_purchase",
        *STOCK_HANDLED,
        *("catalog.view_placegoods", "catalog.change_placegoods"),
        *ORDERS_SEEN,
        "orders.verify_pickup",
        "orders.note_order",
    ),
}
