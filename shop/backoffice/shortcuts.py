"""Doors of the first page to what people do most; only those that open."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcut:
    code: str
    title: str | Promise
    icon: str
    link: str


ALL = (
    ("new_product", _("New product"), "add_box", "catalog.add_product", "admin:catalog_product_add", ""),
    (
        "ship",
        _("Ship orders"),
        "local_shipping",
        "orders.ship_order",
        "admin:orders_order_changelist",
        "?todo=to_ship",
    ),
    (
        "pickup",
        _("Check a pickup code"),
        "qr_code_scanner",
        "orders.verify_pickup",
        "admin:orders_pickup_check_code",
        "",
    ),
    (
        "stock",
        _("Stock"),
        "inventory_2",
        "catalog.view_stocklevel",
        "admin:catalog_stocklevel_changelist",
        "",
    ),
    ("price", _("Change prices"), "sell", "catalog.set_price", "admin:catalog_sku_changelist", ""),
    (
        "reduction",
        _("New spend and save"),
        "savings",
        "marketing.add_fullreduction",
        "admin:marketing_fullreduction_add",
        "",
    ),
    (
        "coupon",
        _("New coupon"),
        "confirmation_number",
        "marketing.add_coupon",
        "admin:marketing_coupon_add",
        "",
    ),
    ("refunds", _("Refunds"), "currency_yuan", "orders.view_refund", "admin:orders_refund_changelist", ""),
    ("members", _("Members"), "group", "members.view_member", "admin:members_member_changelist", ""),
    ("figures", _("Sales"), "monitoring", "orders.view_payment", "backoffice:sales", ""),
)


def of(request: HttpRequest) -> dict[str, Shortcut]:
    """By code, in the order in which they ship."""
    return {
        code: Shortcut(code, title, icon, f"{reverse(name)}{query}")
        for code, title, icon, permission, name, query in ALL
        if request.user.has_perm(permission)
    }
