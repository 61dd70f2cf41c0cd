"""Goods nobody may buy any more leave the pools that orders draw on."""

from contextlib import suppress

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.errors import StockTooLow
from catalog.errors.batches import BatchTooLow
from catalog.errors.stocktakes import BeingCounted
from catalog.models import BatchLevel
from catalog.selectors import batches
from catalog.services import pools
from catalog.terms import SELLABLE_POOLS, Pool
from shop.core import clock, numbers

LANGUAGE = "zh-hans"


def freeze_due(limit: int = 500) -> int:
    """Freeze what is free of expired and recalled batches, wherever it lies; returns the pieces.

    Pieces that orders have reserved stay until the orders let go of them; they are never handed out.
    """
    today = clock.today()
    due = (
        batches.with_goods()
        .filter(batches.not_sellable(today), level__pool__in=SELLABLE_POOLS)
        .order_by("id")
    )
    return sum(_freeze(row) for row in due[:limit])


def freeze(batch_ids: list[int], *, actor: str) -> int:
    """Freeze what is free of these batches; returns the pieces."""
    rows = batches.with_goods().filter(batch__in=batch_ids, level__pool__in=SELLABLE_POOLS).order_by("id")
    return sum(_freeze(row, actor) for row in rows)


def _freeze(row: BatchLevel, actor: str = "system") -> int:
    quantity = min(row.on_hand, row.level.available)
    if quantity < 1:
        return 0
    with translation.override(LANGUAGE):
        reason = _("Recalled") if row.batch.recalled_at else _("Expired")
    # sold or being counted meanwhile: the next run looks again
    with suppress(StockTooLow, BatchTooLow, BeingCounted), transaction.atomic():
        moved = pools.move(
            place_id=row.level.place_id,
            sku_id=row.level.sku_id,
            from_pool=row.level.pool,
            to_pool=Pool.FROZEN,
            quantity=quantity,
            batch=row.batch.code,
            actor=actor,
            key=f"freeze:{numbers.token()}",
            reason=reason,
        )
        return quantity if moved else 0
    return 0
