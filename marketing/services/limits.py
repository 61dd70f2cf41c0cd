"""Purchase limits 限购: looked up before the basket, enforced inside the order's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from marketing import locks
from marketing.errors import LimitExceeded
from marketing.models import PromotionUse
from marketing.selectors import limits as limit_facts
from marketing.selectors.limits import LimitState
from shop.core import clock
from shop.core.transactions import unit

Wanted = Sequence[tuple[int, int]]


def check(*, member_id: int | None, wants: Wanted) -> None:
    """Raises LimitExceeded (sku_id, limit, left) when (SKU id, pieces) would be too much now. Nobody is held
    up, so `use` decides again."""
    _refuse_excess(limit_facts.of_skus([sku_id for sku_id, _ in wants], member_id, clock.page_now()), wants)


@unit
def use(
    *,
    member_id: int,
    wants: Wanted,
    reference: str,
    products: Mapping[int, int] | None = None,
    at: datetime | None = None,
) -> None:
    """Counts (SKU id, pieces) against the member's limits until `reference` is released, or LimitExceeded.

    Two orders of one member wait for each other here, so both together never get more than the limit.
    Without limits on these SKUs it costs one query when the caller knows their products (SKU id → product
    id), else two; `at` is the instant it has read. Nothing happens the second time for the same reference.
    """
    sku_ids = [sku_id for sku_id, _ in wants]
    concerned = limit_facts.of_skus(sku_ids, None, clock.page_now(), products)
    if not concerned:
        return
    now = at or clock.now()
    locks.tallies([state.limit.pk for state in concerned], member_id)
    if _live(reference).exists():
        return
    _refuse_excess(_with_uses(concerned, member_id, now), wants)
    PromotionUse.objects.bulk_create(
        PromotionUse(
            rule=state.limit.rule,
            member_id=member_id,
            reference=reference,
            quantity=_pieces(state, wants),
            created_at=now,
        )
        for state in concerned
    )


@unit
def release(*, reference: str) -> None:
    """What `use` counted for this reference no longer counts."""
    _live(reference).update(released_at=clock.now())


def _live(reference: str) -> QuerySet[PromotionUse]:
    return PromotionUse.objects.filter(reference=reference, rule__startswith="limit:", released_at=None)


def _with_uses(states: list[LimitState], member_id: int, now: datetime) -> list[LimitState]:
    used = limit_facts.used_by([state.limit for state in states], member_id, now)
    return [
        LimitState(state.limit, state.sku_ids, max(0, state.limit.per_member - used[state.limit.pk]))
        for state in states
    ]


def _refuse_excess(states: list[LimitState], wants: Wanted) -> None:
    for state in states:
        if _pieces(state, wants) > state.left:
            sku_id = next(sku_id for sku_id, _ in wants if sku_id in state.sku_ids)
            raise LimitExceeded(sku_id=sku_id, limit=state.limit.per_member, left=state.left)


def _pieces(state: LimitState, wants: Wanted) -> int:
    return sum(quantity for sku_id, quantity in wants if sku_id in state.sku_ids)
