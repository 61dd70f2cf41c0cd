"""Goods that were taken down and may not come back yet."""

from django.db.models import Q, QuerySet

from catalog.models import TakeDown


def open_ones() -> QuerySet[TakeDown]:
    """Take-downs whose follow-up isn't settled."""
    return TakeDown.objects.filter(settled_at=None)


def in_force(product_id: int) -> TakeDown | None:
    """What keeps a product from the shelf: the newest take-down while it is open, or when it was settled with
    "not again"."""
    newest = TakeDown.objects.filter(product=product_id).order_by("-pk").first()
    return newest if newest is not None and _holds(newest) else None


def _holds(one: TakeDown) -> bool:
    return one.settled_at is None or one.may_return is False


def held_products() -> QuerySet[TakeDown]:
    """Those that hold their product back, by product."""
    return TakeDown.objects.filter(Q(settled_at=None) | Q(may_return=False))
