"""What waits for somebody: the counts on the navigation and the to-do cards of the dashboard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Min, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.selectors import reorders
from catalog.models import IdleWarning
from catalog.selectors import listings, purchase_orders, spot_checks, stock_alerts, takedowns
from orders.models import Notice
from orders.selectors import notices, todo
from shop.core.models import OutboxDelivery

FRESH_SECONDS = 2
TONES = ("urgent", "soon", "calm")


@dataclass(frozen=True, slots=True)
class Chore:
    """A kind of waiting work. Whoever has `permission` is told of it; it is done from the list of `model`,
    whose filter `filter_name` knows the code (or `value`). An alarm is something wrong rather than the day's
    work; `why` says what it means."""

    code: str
    title: str | Promise
    permission: str
    model: str
    icon: str
    tone: str = "calm"
    filter_name: str = "todo"
    is_alarm: bool = False
    why: str | Promise = ""
    value: str = ""

    def link(self) -> str:
        """The list with nothing but this work in it."""
        name = f"admin:{self.model.replace('.', '_')}_changelist"
        return f"{reverse(name)}?{self.filter_name}={self.value or self.code}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the oldest does where that is known."""

    count: int
    oldest_at: datetime | None = None


CHORES = (
    Chore(
        code="late_to_ship",
        title=_("Late to ship"),
        permission="orders.ship_order",
        model="orders.order",
        icon="alarm",
        tone="urgent",
    ),
    Chore(
        code="nudged",
        title=_("Asked for by shoppers"),
        permission="orders.ship_order",
        model="orders.order",
        icon="campaign",
        tone="urgent",
    ),
    Chore(
        code="to_ship",
        title=_("To ship"),
        permission="orders.ship_order",
        model="orders.order",
        icon="local_shipping",
    ),
    Chore(
        code="to_hand_out",
        title=_("To hand out"),
        permission="orders.verify_pickup",
        model="orders.pickup",
        icon="shopping_bag",
    ),
    Chore(
        code="overdue_pickup",
        title=_("Not collected in time"),
        permission="orders.verify_pickup",
        model="orders.pickup",
        icon="hourglass_bottom",
        tone="soon",
    ),
    Chore(
        code="refund_in_trouble",
        title=_("Refunds in trouble"),
        permission="orders.view_refund",
        model="orders.refund",
        icon="currency_exchange",
        tone="urgent",
        is_alarm=True,
        why=_("The gateway could not pay the money back. Open it and follow what it says."),
    ),
    Chore(
        code="notice_unprocessed",
        title=_("Payment notices that don't fit"),
        permission="orders.view_notice",
        model="orders.notice",
        icon="sync_problem",
        tone="urgent",
        is_alarm=True,
        why=_("A message about money that fits no payment of ours. Look at it today."),
    ),
    Chore(
        code="flagged",
        title=_("Flagged red"),
        permission="orders.note_order",
        model="orders.order",
        icon="flag",
        tone="soon",
    ),
    Chore(
        code="stock_short",
        title=_("Stock running short"),
        permission="catalog.view_stockalert",
        model="catalog.stockalert",
        icon="production_quantity_limits",
        tone="soon",
    ),
    Chore(
        code="to_reorder",
        title=_("To reorder"),
        permission="analytics.order_goods",
        model="analytics.reordersuggestion",
        icon="shopping_cart_checkout",
    ),
    Chore(
        code="listing_review",
        title=_("Listings to review"),
        permission="catalog.shelve_product",
        model="catalog.listingreview",
        icon="fact_check",
        value="open",
    ),
    Chore(
        code="take_down",
        title=_("Taken down, to settle"),
        permission="catalog.take_down_product",
        model="catalog.takedown",
        icon="e911_emergency",
        tone="urgent",
        value="open",
    ),
    Chore(
        code="spot_check",
        title=_("Spot checks to do"),
        permission="catalog.run_spotcheck",
        model="catalog.spotcheck",
        icon="checklist",
        value="open",
    ),
    Chore(
        code="idle",
        title=_("Goods nobody buys"),
        permission="catalog.change_idlewarning",
        model="catalog.idlewarning",
        icon="hourglass_disabled",
        value="open",
    ),
    Chore(
        code="purchase_waiting",
        title=_("Purchases to approve"),
        permission="catalog.approve_purchase",
        model="catalog.purchaseorder",
        icon="approval_delegation",
    ),
    Chore(
        code="purchase_declined",
        title=_("Purchases declined by the supplier"),
        permission="catalog.send_purchase",
        model="catalog.purchaseorder",
        icon="thumb_down",
        tone="urgent",
    ),
    Chore(
        code="purchase_late",
        title=_("Purchases that are late"),
        permission="catalog.send_purchase",
        model="catalog.purchaseorder",
        icon="running_with_errors",
        tone="soon",
    ),
    Chore(
        code="parked",
        title=_("Events that could not be delivered"),
        permission="core.view_outboxdelivery",
        model="core.outboxdelivery",
        icon="mark_email_unread",
        tone="urgent",
        filter_name="stand",
        is_alarm=True,
        why=_("Twelve tries failed. Read the error, mend the cause, then deliver again."),
    ),
)


def counts(user: Any) -> dict[str, Waiting]:
    """By the code of the chore, for those the person may work on, within their places; 2 s old at most."""
    key = f"backoffice.waiting.{user.pk}"
    found: dict[str, Waiting] | None = cache.get(key)
    if found is None:
        found = _count(user)
        cache.set(key, found, FRESH_SECONDS)
    return found


def _count(user: Any) -> dict[str, Waiting]:
    mine = [chore.code for chore in CHORES if user.has_perm(chore.permission)]
    found: dict[str, Waiting] = {}
    if any(user.has_perm(chore.permission) for chore in CHORES if chore.model.startswith("orders.")):
        found = {one.code: Waiting(one.count, one.oldest_at) for one in todo.counts(user)}
    others = [_counted(code, rows(user), since) for code, rows, since in _OTHERS if code in mine]
    if others:
        found |= {code: Waiting(0) for code, _, _ in _OTHERS}
        found |= {
            code: Waiting(count, oldest) for code, count, oldest in others[0].union(*others[1:], all=True)
        }
    return {code: found[code] for code in mine if code in found}


def _counted(code: str, rows: QuerySet[Any], since: str) -> QuerySet[Any, tuple[str, int, datetime]]:
    """The one row of a chore; several are asked for together."""
    named = rows.order_by().annotate(chore=Value(code, output_field=CharField())).values("chore")
    return named.annotate(count=Count("pk"), oldest=Min(since)).values_list("chore", "count", "oldest")


def _parked(user: Any) -> QuerySet[Any]:
    return OutboxDelivery.objects.filter(parked_at__isnull=False, done_at=None)


_OTHERS: tuple[tuple[str, Callable[[Any], QuerySet[Any]], str], ...] = (
    ("listing_review", lambda user: listings.open_reviews(), "submitted_at"),
    ("stock_short", lambda user: todo.scoped(stock_alerts.standing(), user, "level__place"), "raised_at"),
    ("to_reorder", reorders.mine, "made_at"),
    ("notice_unprocessed", lambda user: Notice.objects.filter(notices.is_waiting()), "received_at"),
    ("parked", _parked, "parked_at"),
    ("purchase_waiting", purchase_orders.waiting, "created_at"),
    ("purchase_declined", purchase_orders.declined, "confirmed_at"),
    ("purchase_late", purchase_orders.late, "sent_at"),
    ("take_down", lambda user: takedowns.open_ones(), "created_at"),
    ("spot_check", lambda user: spot_checks.open_ones(), "picked_at"),
    ("idle", lambda user: IdleWarning.objects.filter(answer=""), "raised_at"),
)
