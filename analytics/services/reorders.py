"""What to buy: suggestions made every night, and the purchase orders people make of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from analytics import locks
from analytics.errors import NothingToOrder
from analytics.forecasting.ordering import Need, need, z_of
from analytics.models import ReorderSuggestion
from analytics.policies import LEAD_DAYS, REVIEW_DAYS, SERVICE_LEVEL
from catalog.models import PurchaseOrder
from catalog.selectors import supply
from catalog.selectors.supply import SupplyTerms
from catalog.services import purchase_orders
from catalog.terms.purchasing import PurchaseOrigin
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.transactions import unit

BATCH = 5_000
MOST = 1_000_000

_STANDS = """
SELECT demand.place_id, demand.sku_id, demand.daily_mean, demand.daily_sigma,
       coalesce(sum(CASE WHEN level.pool = 'spot' THEN level.on_hand - level.reserved END), 0)::int,
       coalesce(sum(CASE WHEN level.pool = 'transit' THEN level.on_hand END), 0)::int
FROM catalog_skudemand AS demand
JOIN catalog_sku AS sku ON sku.id = demand.sku_id AND sku.is_active
JOIN catalog_place AS place ON place.id = demand.place_id AND place.is_active
LEFT JOIN catalog_stocklevel AS level ON level.sku_id = demand.sku_id AND level.place_id = demand.place_id
WHERE demand.sku_id > %s AND demand.sku_id <= %s
GROUP BY demand.id ORDER BY demand.sku_id, demand.place_id
"""
_FIELDS = (
    *("place_id", "sku_id", "supplier_id", "quantity", "price", "daily_mean", "daily_sigma", "free"),
    *("incoming", "lead_days", "review_days", "reorder_point", "target", "minimum", "pack_size", "made_at"),
)
_WRITE = """
INSERT INTO analytics_reordersuggestion (
    place_id, sku_id, supplier_id, quantity, price, daily_mean, daily_sigma, free, incoming, lead_days,
    review_days, reorder_point, target, minimum, pack_size, made_at, reference, ended_by
)
SELECT *, '', '' FROM unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::numeric[], %s::float8[], %s::float8[], %s::int[],
    %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::timestamptz[]
)
ON CONFLICT (place_id, sku_id) WHERE ended_at IS NULL DO UPDATE
SET supplier_id = excluded.supplier_id, quantity = excluded.quantity, price = excluded.price,
    daily_mean = excluded.daily_mean, daily_sigma = excluded.daily_sigma, free = excluded.free,
    incoming = excluded.incoming, lead_days = excluded.lead_days, review_days = excluded.review_days,
    reorder_point = excluded.reorder_point, target = excluded.target, minimum = excluded.minimum,
    pack_size = excluded.pack_size, made_at = excluded.made_at
"""


@dataclass(frozen=True)
class Stand:
    """One SKU in one place: its demand and what there is of it."""

    place_id: int
    sku_id: int
    daily_mean: float
    daily_sigma: float
    free: int
    in_transit: int


def run(*, batch: int = BATCH) -> int:
    """Makes the open suggestions what they should be today; returns how many there are.

    Six queries a batch of SKUs. What people said "not now" to stays away for a review period.
    """
    return sum(_suggest(low, low + batch) for low in range(0, _last_sku(), batch))


@unit
def draft(
    *,
    wanted: Mapping[int, int],
    actor: str,
    place_ids: Collection[int] | None = None,
) -> list[PurchaseOrder]:
    """Purchase orders from suggestions (id → pieces), one for each supplier and place.

    A suggestion is used once: whoever presses second finds it gone. Raises NothingToOrder when none is left
    that has a supplier; Invalid for a quantity; NotSupplied, SupplierAsleep. `place_ids` are the person's.
    """
    if any(not 0 < pieces <= MOST for pieces in wanted.values()):
        raise Invalid(field="quantity")
    by_order: dict[tuple[int, int], list[ReorderSuggestion]] = {}
    for row in locks.open_suggestions(wanted):
        if row.supplier_id and (place_ids is None or row.place_id in place_ids):
            by_order.setdefault((row.supplier_id, row.place_id), []).append(row)
    if not by_order:
        raise NothingToOrder()
    now = clock.now()
    return [
        _order(supplier_id, place_id, group, wanted, actor, now)
        for (supplier_id, place_id), group in sorted(by_order.items())
    ]


@unit
def dismiss(*, ids: Collection[int], actor: str, place_ids: Collection[int] | None = None) -> int:
    """Not now: they come back after a review period if still needed; returns how many."""
    rows = locks.open_suggestions(ids)
    mine = [row.pk for row in rows if place_ids is None or row.place_id in place_ids]
    _end(mine, actor, clock.now())
    return len(mine)


def _order(
    supplier_id: int,
    place_id: int,
    rows: Sequence[ReorderSuggestion],
    wanted: Mapping[int, int],
    actor: str,
    now: datetime,
) -> PurchaseOrder:
    order = purchase_orders.draft(
        supplier_id=supplier_id,
        place_id=place_id,
        lines=[(row.sku_id, wanted[row.pk], None) for row in rows],
        actor=actor,
        reference=f"reorder:{rows[0].pk}",
        origin=PurchaseOrigin.SUGGESTED,
    )
    _end([row.pk for row in rows], actor, now, f"purchase:{order.pk}")
    return order


def _end(ids: Sequence[int], actor: str, now: datetime, reference: str = "") -> None:
    values = {"ended_at": now, "ended_by": actor, "reference": reference}
    ReorderSuggestion.objects.filter(pk__in=ids).update(**values)
    if ids and not reference:
        audit.record(
            actor=actor, verb="dismiss_reorder", target=f"reorder:{ids[0]}", after={"ids": list(ids)}
        )


def _last_sku() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(sku_id), 0) FROM catalog_skudemand")
        return int(cursor.fetchone()[0])


@unit
def _suggest(low: int, high: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [low, high])
        stands = [Stand(*row) for row in cursor.fetchall()]
    sku_ids = [one.sku_id for one in stands]
    terms, coming = supply.terms_for(sku_ids), supply.incoming(sku_ids)
    now = clock.now()
    quiet = now - timedelta(days=REVIEW_DAYS.get())
    in_batch = ReorderSuggestion.objects.filter(sku__gt=low, sku__lte=high)
    put_off = set(in_batch.filter(ended_at__gt=quiet, reference="").values_list("place_id", "sku_id"))
    made = [row for row in _made(stands, terms, coming, now) if (row.place_id, row.sku_id) not in put_off]
    keys = {(row.place_id, row.sku_id) for row in made}
    standing = in_batch.filter(ended_at=None).values_list("pk", "place_id", "sku_id")
    gone = [pk for pk, place_id, sku_id in standing if (place_id, sku_id) not in keys]
    ReorderSuggestion.objects.filter(pk__in=gone, ended_at=None).delete()
    _upsert(made)
    return len(made)


def _made(
    stands: Sequence[Stand],
    terms: Mapping[int, list[SupplyTerms]],
    coming: Mapping[tuple[int, int], int],
    now: datetime,
) -> Iterator[ReorderSuggestion]:
    z, review, lead = z_of(float(SERVICE_LEVEL.get())), REVIEW_DAYS.get(), LEAD_DAYS.get()
    for one in stands:
        offer = next(iter(terms.get(one.sku_id, ())), None)
        incoming = coming.get((one.place_id, one.sku_id), 0) + one.in_transit
        facts: dict[str, Any] = {
            "lead_days": offer.lead_days if offer else lead,
            "review_days": review,
            "minimum": offer.minimum if offer else 1,
            "pack_size": offer.pack_size if offer else 1,
        }
        found: Need = need(
            daily_mean=one.daily_mean,
            daily_sigma=one.daily_sigma,
            position=one.free + incoming,
            z=z,
            **facts,
        )
        if found.quantity:
            yield ReorderSuggestion(
                place_id=one.place_id,
                sku_id=one.sku_id,
                supplier_id=offer.supplier_id if offer else None,
                price=offer.price if offer else None,
                quantity=found.quantity,
                daily_mean=one.daily_mean,
                daily_sigma=one.daily_sigma,
                free=one.free,
                incoming=incoming,
                reorder_point=found.reorder_point,
                target=found.target,
                made_at=now,
                **facts,
            )


def _upsert(rows: Sequence[ReorderSuggestion]) -> None:
    """One statement; open rows keep their id, so that a page somebody has open stays true."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [[getattr(row, name) for row in rows] for name in _FIELDS])
