"""Suggestions for which an agreement holds become purchase orders without a person."""

from collections import defaultdict
from contextlib import suppress

from analytics import locks
from analytics.models import ReorderSuggestion
from catalog.models import PurchaseOrder, SupplyAgreement
from catalog.services import automatic_orders
from shop.core import clock, refs
from shop.core.errors import Refusal
from shop.core.transactions import unit


def run() -> int:
    """Orders what is suggested today and agreed on, one order for each supplier and place; returns how many.

    Orders beyond the caps wait for approval. What a supplier can't be asked for stays a suggestion.
    """
    agreed = set(
        SupplyAgreement.objects.filter(is_active=True, source__is_active=True).values_list(
            "source__supplier", "source__sku"
        )
    )
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = ReorderSuggestion.objects.filter(ended_at=None, sku__in={sku for _supplier, sku in agreed})
    for pk, supplier_id, sku_id, place_id in rows.values_list("pk", "supplier", "sku", "place"):
        if (supplier_id, sku_id) in agreed:
            groups[supplier_id, place_id].append(pk)
    count = 0
    for (supplier_id, place_id), ids in sorted(groups.items()):
        with suppress(Refusal):
            count += _order(supplier_id, place_id, ids) is not None
    return count


@unit
def _order(supplier_id: int, place_id: int, ids: list[int]) -> PurchaseOrder | None:
    rows = locks.open_suggestions(ids)
    if not rows:
        return None
    order = automatic_orders.place(
        supplier_id=supplier_id,
        place_id=place_id,
        lines=[(row.sku_id, row.quantity) for row in rows],
        reference=f"reorder:{rows[0].pk}",
    )
    ReorderSuggestion.objects.filter(pk__in=[row.pk for row in rows]).update(
        ended_at=clock.now(), ended_by=refs.SYSTEM, reference=f"purchase:{order.pk}"
    )
    return order
