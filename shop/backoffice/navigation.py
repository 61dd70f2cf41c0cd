"""The left navigation: pages by the work they are for, only those the person may open."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.backoffice import sales, waiting

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Page:
    """A list of the admin by its model, with the chore whose count it carries."""

    model: str
    title: Words
    icon: str
    chore: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A page that is no list of a model, by the name of its address."""

    name: str
    title: Words
    icon: str
    permission: str


@dataclass(frozen=True, slots=True)
class Group:
    title: Words
    pages: tuple[Page | View, ...]


GROUPS = (
    Group(
        _("Goods"),
        (
            Page("catalog.product", _("Products"), "grocery"),
            Page("catalog.sku", _("SKUs and prices"), "sell"),
            Page("catalog.category", _("Categories"), "account_tree"),
            Page("catalog.brand", _("Brands"), "verified"),
            Page("catalog.tag", _("Tags"), "label"),
            Page("catalog.pricechange", _("Price changes"), "trending_up"),
            Page("catalog.freighttemplate", _("Freight"), "weight"),
        ),
    ),
    Group(
        _("Stock"),
        (
            Page("catalog.stocklevel", _("Stock levels"), "inventory_2", "stock_short"),
            Page("catalog.stockmovement", _("Movements"), "swap_vert"),
            Page("catalog.reservation", _("Reservations"), "bookmark"),
            Page("catalog.place", _("Stores and warehouses"), "store"),
        ),
    ),
    Group(
        _("Orders"),
        (
            Page("orders.order", _("All orders"), "receipt_long", "to_ship"),
            Page("orders.pickup", _("Pickup"), "shopping_bag", "to_hand_out"),
            Page("orders.shipment", _("Parcels"), "package_2"),
            Page("orders.payment", _("Payments"), "payments"),
            Page("orders.refund", _("Refunds"), "currency_exchange", "refund_in_trouble"),
            Page("orders.notice", _("Payment notices"), "notifications", "notice_unprocessed"),
            Page("orders.gatewaycall", _("Gateway calls"), "api"),
        ),
    ),
    Group(
        _("Members"),
        (
            Page("members.member", _("All members"), "group"),
            Page("members.level", _("Levels"), "workspace_premium"),
            Page("members.pointsentry", _("Points"), "loyalty"),
            Page("members.phonecode", _("Login codes"), "sms"),
        ),
    ),
    Group(
        _("Marketing"),
        (
            Page("marketing.fullreduction", _("Spend and save"), "savings"),
            Page("marketing.tierprice", _("Buy more, pay less"), "stacked_bar_chart"),
            Page("marketing.bundleprice", _("Bundles"), "redeem"),
            Page("marketing.coupon", _("Coupons"), "confirmation_number"),
            Page("marketing.coupongrant", _("Coupons handed out"), "local_activity"),
            Page("marketing.levelprice", _("Level prices"), "percent"),
            Page("marketing.skulevelprice", _("Level prices of single SKUs"), "price_check"),
            Page("marketing.purchaselimit", _("Purchase limits"), "front_hand"),
            Page("marketing.promotionuse", _("Promotions used"), "receipt"),
        ),
    ),
    Group(
        _("Figures"),
        (View("backoffice:sales", _("Sales figures"), "monitoring", sales.PERMISSION),),
    ),
    Group(
        _("Settings"),
        (
            Page("members.merchant", _("The shop"), "storefront"),
            Page("core.setting", _("Rules"), "tune"),
            Page("members.staff", _("Staff"), "badge"),
            Page("members.consenttext", _("Legal texts"), "gavel"),
            Page("core.auditentry", _("Who did what"), "history"),
            Page("core.decision", _("Decisions of the software"), "psychology"),
            Page("core.outboxdelivery", _("Event deliveries"), "outbox", "parked"),
            Page("core.job", _("Long work"), "hourglass_top"),
            Page("core.jobrun", _("Periodic work"), "schedule"),
        ),
    ),
)  # fmt: skip


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups unfold draws, with badges; without pages that are not allowed and empty groups."""
    counts = waiting.counts(request.user)
    desk = _item(
        request,
        _("Today"),
        "space_dashboard",
        reverse("admin:index"),
        is_exact=True,
    )
    groups: list[dict[str, Any]] = [{"title": None, "items": [desk]}]
    registered = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
    for group in GROUPS:
        items = []
        for page in group.pages:
            if isinstance(page, View):
                if request.user.has_perm(page.permission):
                    items.append(_item(request, page.title, page.icon, reverse(page.name)))
                continue
            known = registered.get(page.model)
            if known is None or not known.has_view_or_change_permission(request):
                continue
            link = reverse(f"admin:{page.model.replace('.', '_')}_changelist")
            item = _item(request, page.title, page.icon, link)
            if page.chore in counts and counts[page.chore].count:
                item |= _badge(page.chore, counts[page.chore].count)
            items.append(item)
        if items:
            groups.append({"title": group.title, "items": items})
    return groups


def _item(
    request: HttpRequest, title: Words, icon: str, link: str, *, is_exact: bool = False
) -> dict[str, Any]:
    is_here = request.path == link if is_exact else request.path.startswith(link)
    return {"title": title, "icon": icon, "link": link, "active": is_here}


def _badge(code: str, count: int) -> dict[str, str]:
    tone = next(chore.tone for chore in waiting.CHORES if chore.code == code)
    variant = {"calm": "primary", "soon": "warning"}.get(tone, "danger")
    return {"badge": str(count) if count < 1000 else "999+", "badge_variant": variant}
