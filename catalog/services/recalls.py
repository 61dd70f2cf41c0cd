"""Batches called back: stopped at once in every place, and the fact told to those who know the buyers."""

from collections.abc import Collection

from django.db.models import Sum

from catalog.errors.batches import AlreadyRecalled
from catalog.events.batches import BatchRecalled
from catalog.models import Batch, BatchLevel, Product, Recall, StockMovement
from catalog.services import expiry, products
from catalog.terms import MovementReason, Pool, ProductStatus
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def start(
    *,
    batch_ids: Collection[int],
    title: str,
    reason: str,
    advice: str,
    actor: str,
    takes_off_shelf: bool = False,
) -> Recall:
    """Stop the sale of these batches everywhere and publish BatchRecalled.

    What is free is frozen at once; what orders hold is never handed out. `takes_off_shelf` takes their
    products off the shelf, too. Raises AlreadyRecalled when none of them is new.
    """
    if not title.strip() or not reason.strip() or not advice.strip():
        raise Invalid(field="reason")
    now = clock.now()
    batches = list(Batch.objects.filter(pk__in=batch_ids, recalled_at=None).order_by("pk"))
    if not Batch.objects.filter(pk__in=[one.pk for one in batches], recalled_at=None).update(recalled_at=now):
        raise AlreadyRecalled()
    ids = [one.pk for one in batches]
    recall = Recall.objects.create(
        title=title.strip()[:60],
        reason=reason.strip()[:200],
        advice=advice.strip()[:200],
        actor=actor,
        created_at=now,
    )
    recall.batches.set(batches)
    if takes_off_shelf:
        for product in Product.objects.filter(
            skus__batches__in=ids, status=ProductStatus.ON_SHELF
        ).distinct():
            products.take_off_shelf(product=product, actor=actor, reason=recall.reason)
    audit.record(
        actor=actor,
        verb="recall_batches",
        target=f"recall:{recall.pk}",
        before=None,
        after={"batches": [one.code for one in batches]},
        reason=recall.reason,
    )
    publish(BatchRecalled(recall_id=recall.pk))
    expiry.freeze(ids, actor=actor)
    recall.frozen_count = _frozen(ids)
    recall.handed_out_count = handed_out_count(batches)
    recall.save(update_fields=["frozen_count", "handed_out_count"])
    return recall


@unit
def close(*, recall_id: int, outcome: str, actor: str) -> bool:
    """Note how it ended; False when it had been closed."""
    if not outcome.strip():
        raise Invalid(field="outcome")
    closed = Recall.objects.filter(pk=recall_id, closed_at=None).update(
        closed_at=clock.page_now(), outcome=outcome.strip()[:500]
    )
    if closed:
        audit.record(
            actor=actor,
            verb="close_recall",
            target=f"recall:{recall_id}",
            before=None,
            after={"outcome": outcome.strip()[:500]},
        )
    return bool(closed)


def handed_out_count(batches: Collection[Batch]) -> int:
    """Pieces of these batches that went to buyers and have not come back."""
    return sum(
        -(
            StockMovement.objects.filter(
                level__sku=batch.sku_id,
                batch=batch.code,
                reason__in=[MovementReason.CONSUMED, MovementReason.PUT_BACK],
            ).aggregate(pieces=Sum("delta_on_hand"))["pieces"]
            or 0
        )
        for batch in batches
    )


def _frozen(batch_ids: Collection[int]) -> int:
    lying = BatchLevel.objects.filter(batch__in=batch_ids, level__pool=Pool.FROZEN)
    return lying.aggregate(pieces=Sum("on_hand"))["pieces"] or 0
