"""Who delivers what, on what terms, and what is on its way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from catalog.models import PurchaseLine, SupplierPrice, SupplierSku
from catalog.states.purchasing import OPEN, PLANNED
from catalog.terms.purchasing import SourceRank
from shop.core import clock

_RANKS = {SourceRank.PREFERRED: 0, SourceRank.ORDINARY: 1, SourceRank.CONTINGENCY: 2}
FINE = Decimal("0.0001")


@dataclass(frozen=True)
class SupplyTerms:
    """What one supplier asks for one SKU.

    `price` is yuan for a purchase unit (`unit`, e.g. 箱) of `pack_size` pieces; `piece_price` is yuan for one
    piece with four places, to compare and estimate, never to add up. `minimum` counts pieces.
    """

    source_id: int
    supplier_id: int
    supplier_name: str
    sku_id: int
    price: Decimal
    piece_price: Decimal
    unit: str
    pack_size: int
    minimum: int
    lead_days: int
    rank: str
    article: str
    needs_expiry: bool

    @property
    def is_preferred(self) -> bool:
        return self.rank == SourceRank.PREFERRED

    def packs(self, pieces: int) -> int:
        """Whole purchase units that hold so many pieces."""
        return -(-pieces // self.pack_size)


def priced(on: date | None = None) -> QuerySet[Any]:
    """Goods of suppliers that are delivered, with the `price` in force on that day (today); none without."""
    delivered = SupplierSku.objects.filter(is_active=True, supplier__is_active=True)
    return with_price(delivered, on).exclude(price=None)


def with_price(rows: QuerySet[SupplierSku], on: date | None = None) -> QuerySet[Any]:
    """Adds the `price` of a unit in force on that day (today), yuan or None."""
    day = on or clock.business_day(clock.page_now())
    newest = SupplierPrice.objects.filter(source=OuterRef("pk"), valid_from__lte=day)
    return rows.annotate(price=Subquery(newest.order_by("-valid_from", "-id").values("price")[:1]))


def terms_for(
    sku_ids: Collection[int], *, supplier_id: int | None = None, on: date | None = None
) -> dict[int, list[SupplyTerms]]:
    """Terms by SKU in one query: the preferred supplier first, those who stand by last, else the cheapest
    first. A SKU nobody delivers is left out."""
    rows = priced(on).filter(sku__in=sku_ids).select_related("supplier")
    if supplier_id is not None:
        rows = rows.filter(supplier=supplier_id)
    found: dict[int, list[SupplyTerms]] = {}
    for row in rows:
        found.setdefault(row.sku_id, []).append(_terms(row))
    for offers in found.values():
        offers.sort(key=lambda one: (_RANKS[SourceRank(one.rank)], one.piece_price, one.supplier_id))
    return found


def incoming(
    sku_ids: Collection[int] | None = None, *, with_planned: bool = True
) -> dict[tuple[int, int], int]:
    """Pieces still to come by (place, SKU), one query: what suppliers confirmed or else was ordered, less
    what arrived. `with_planned` counts drafts and orders not sent yet too, so that nothing is suggested
    twice."""
    states = (*OPEN, *PLANNED) if with_planned else OPEN
    rows = PurchaseLine.objects.filter(order__status__in=states)
    if sku_ids is not None:
        rows = rows.filter(sku__in=sku_ids)
    left = Greatest(
        Coalesce(F("confirmed_quantity"), F("quantity")) - F("received_good") - F("received_defect"), 0
    )
    counted = rows.order_by().values_list("order__place", "sku").annotate(pieces=Sum(left))
    return {(place, sku): pieces for place, sku, pieces in counted if pieces}


def piece_price(price: Decimal, pack_size: int) -> Decimal:
    """Yuan for one piece, four places."""
    return (price / pack_size).quantize(FINE, rounding=ROUND_HALF_UP)


def _terms(row: SupplierSku) -> SupplyTerms:
    price: Decimal = row.price  # type: ignore[attr-defined]
    return SupplyTerms(
        source_id=row.pk,
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        sku_id=row.sku_id,
        price=price,
        piece_price=piece_price(price, row.pack_size),
        unit=row.unit,
        pack_size=row.pack_size,
        minimum=row.minimum_packs * row.pack_size,
        lead_days=row.supplier.lead_days if row.lead_days is None else row.lead_days,
        rank=row.rank,
        article=row.article,
        needs_expiry=row.needs_expiry,
    )
