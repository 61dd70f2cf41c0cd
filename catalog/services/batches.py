"""Batches as goods bring them along: code and dates from the label."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.errors.batches import BatchDiffers
from catalog.models import Batch, StockMovement
from catalog.terms import MovementReason
from shop.core import clock
from shop.core.errors import Invalid


@dataclass(frozen=True)
class BatchFacts:
    """What the label says. `expires_on` is the last day on which the goods may be sold."""

    code: str
    made_on: date | None = None
    expires_on: date | None = None
    supplier_id: int | None = None


def ensure(*, sku_id: int, facts: BatchFacts) -> Batch:
    """The batch of a SKU, made when it is new; what was unknown is filled in.

    Raises BatchDiffers when it is known with other dates, Invalid for a code or dates that can't be.
    """
    code = facts.code.strip()
    if not code or len(code) > 40:
        raise Invalid(field="batch")
    if facts.made_on and facts.expires_on and facts.expires_on < facts.made_on:
        raise Invalid(field="expires_on")
    batch, _ = Batch.objects.get_or_create(
        sku_id=sku_id,
        code=code,
        defaults={
            "made_on": facts.made_on,
            "expires_on": facts.expires_on,
            "supplier_id": facts.supplier_id,
            "received_at": clock.page_now(),
        },
    )
    told: dict[str, Any] = {"made_on": facts.made_on, "expires_on": facts.expires_on}
    if any(value and getattr(batch, name) not in (None, value) for name, value in told.items()):
        raise BatchDiffers(batch=code)
    told["supplier_id"] = facts.supplier_id
    news = {name: value for name, value in told.items() if value and getattr(batch, name) is None}
    for name, value in news.items():
        setattr(batch, name, value)
    if news:
        batch.save(update_fields=[name.removesuffix("_id") for name in news])
    return batch


def handed_out(reference: str, sku_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By SKU: batches handed out for this reference, less what came back already, the last one first."""
    found: dict[int, dict[str, int]] = {}
    moved = (
        StockMovement.objects.filter(
            reference=reference,
            level__sku__in=sku_ids,
            reason__in=[MovementReason.CONSUMED, MovementReason.PUT_BACK],
        )
        .exclude(batch="")
        .order_by("-id")
        .values_list("level__sku", "batch", "delta_on_hand")
    )
    for sku_id, code, delta in moved:
        of_sku = found.setdefault(sku_id, {})
        of_sku[code] = of_sku.get(code, 0) - delta
    return found


def share(out: dict[int, dict[str, int]], sku_id: int, quantity: int) -> list[tuple[str, int]]:
    """Spread pieces over the batches they left in, taking them off `out`; the rest has none."""
    parts = []
    of_sku = out.get(sku_id, {})
    for code in of_sku:
        pieces = min(quantity, max(of_sku[code], 0))
        if pieces:
            of_sku[code] -= pieces
            quantity -= pieces
            parts.append((code, pieces))
    return parts + ([("", quantity)] if quantity else [])
