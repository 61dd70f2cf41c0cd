"""Orders as staff look for them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from members.errors import InvalidPhone
from members.models.user import phone_hash
from members.selectors import phones
from orders.models import Order, OrderLine
from orders.selectors import arrivals
from orders.selectors.nudges import ASKED_FOR
from orders.selectors.states import TO_SHIP
from orders.selectors.todo import LATE_AFTER, scoped
from orders.terms import Flag
from shop.core import clock

WHOLE_NUMBER = 20
NOTED = 500
RECENT = 5_000
FIELDS = {"status": "status", "shipping_status": "shipping_status", "mode": "delivery_mode", "flag": "flag"}


def for_staff(user: Any) -> QuerySet[Order]:
    """Orders of the person's places, with their place and `piece_count`."""
    pieces = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    total = Subquery(pieces.annotate(total=Sum("quantity")).values("total"), output_field=IntegerField())
    return scoped(Order.objects.select_related("place"), user).annotate(piece_count=Coalesce(total, 0))


def narrowed(rows: QuerySet[Order], wish: Mapping[str, Any]) -> QuerySet[Order]:
    """By the names of api.shapes.OrderFilter; unknown names are ignored."""
    rows = rows.filter(**{FIELDS[name]: value for name, value in wish.items() if name in FIELDS})
    if place := wish.get("place"):
        rows = rows.filter(place_id=place)
    if start := wish.get("placed_from"):
        rows = rows.filter(created_at__gte=start)
    if end := wish.get("placed_to"):
        rows = rows.filter(created_at__lt=end)
    if waiting := wish.get("todo"):
        rows = rows.filter(waits(waiting))
    if text := wish.get("q"):
        rows = rows.filter(matches(text))
    return rows


def waits(code: str) -> Q:
    """The orders behind a to-do card."""
    if code == "to_ship":
        return TO_SHIP
    if code == "late_to_ship":
        return TO_SHIP & Q(paid_at__lt=clock.page_now() - LATE_AFTER)
    if code == "nudged":
        return ASKED_FOR
    if code == "flagged":
        return Q(flag=Flag.RED)
    return Q(pk__in=[])


def matches(text: str) -> Q:
    """An order number or its beginning, a phone or its last four digits; words are looked for in notes.

    Each answer stays within one index, however many orders there are.
    """
    digits = "".join(text.split())
    if not digits.isascii() or not digits.isdigit():
        return _noted(text.strip())
    if len(digits) == 4:
        return Q(phone_tail=digits)
    try:
        return Q(phone_hash=phone_hash(phones.normalise(digits)))
    except InvalidPhone:
        return numbered(digits)


def numbered(digits: str) -> Q:
    """Orders whose number begins with these digits: a stretch of the index of numbers."""
    if len(digits) >= WHOLE_NUMBER:
        return Q(number=digits)
    return Q(number__gte=digits, number__lte=digits.ljust(WHOLE_NUMBER, "9"))


def _noted(words: str) -> Q:
    """The newest NOTED orders with these words in a note; a word of two letters is looked for among the last
    RECENT orders, because no index of three letters knows it. They are looked up first: joined with an order
    by id, Postgres would rather read every order backwards than its index of notes."""
    if len(words) < 2:
        return Q(pk__in=[])
    by_buyer = Q(buyer_note__icontains=words) & ~Q(buyer_note="")
    by_staff = Q(staff_note__icontains=words) & ~Q(staff_note="")
    noted = Order.objects.filter(by_buyer | by_staff)
    if len(words) == 2:
        noted = noted.filter(pk__gt=arrivals.latest_order() - RECENT)
    newest = noted.order_by((F("pk") + 0).desc())
    return Q(pk__in=list(newest.values_list("pk", flat=True)[:NOTED]))
