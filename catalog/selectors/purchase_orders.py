"""What staff see of purchase orders: rows by place, one order with everything, goods to choose from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.models import PurchaseOrder, StockLevel, Supplier, SupplierLink, SupplierReturn
from catalog.selectors import places, supply
from catalog.selectors.supplier_scores import due_on
from catalog.selectors.supply import SupplyTerms
from catalog.states.purchasing import OPEN
from catalog.terms import SELLABLE_POOLS
from catalog.terms.purchasing import PurchaseStatus
from shop.core import clock


@dataclass(frozen=True)
class Choice:
    """A SKU on a supplier's price list, and how the place stands with it; pieces."""

    terms: SupplyTerms
    sku: Any
    free: int
    incoming: int
    packs: int


def scoped(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Only what belongs to places this person works for."""
    mine = places.ids_of_staff(user)
    return rows if mine is None else rows.filter(place__in=mine)


def listing(user: Any) -> QuerySet[PurchaseOrder]:
    """Orders with `ordered`, `expected_count` and `arrived`, pieces."""
    rows = PurchaseOrder.objects.select_related("supplier", "place").annotate(
        ordered=Coalesce(Sum("lines__quantity"), 0),
        arrived=Coalesce(Sum(F("lines__received_good") + F("lines__received_defect")), 0),
        line_count=Count("lines"),
    )
    return scoped(rows, user)


def returns(user: Any) -> QuerySet[SupplierReturn]:
    """Returns with their supplier, place and pieces."""
    rows = SupplierReturn.objects.select_related("supplier", "place").annotate(
        pieces=Coalesce(Sum("lines__quantity"), 0)
    )
    return scoped(rows, user)


def waiting(user: Any) -> QuerySet[PurchaseOrder]:
    """Orders that wait for approval."""
    return scoped(PurchaseOrder.objects.filter(status=PurchaseStatus.WAITING), user)


def late(user: Any) -> QuerySet[PurchaseOrder]:
    """Orders on the way that were promised or wanted before today."""
    today = clock.business_day(clock.page_now())
    is_late = Q(promised_on__lt=today) | Q(promised_on=None, wanted_on__lt=today)
    return scoped(PurchaseOrder.objects.filter(is_late, status__in=OPEN), user)


def declined(user: Any) -> QuerySet[PurchaseOrder]:
    """Orders a supplier said no to, in whole."""
    return scoped(PurchaseOrder.objects.filter(status=PurchaseStatus.DECLINED), user)


def is_late(order: PurchaseOrder) -> bool:
    """Whether it should be there by now and isn't."""
    return order.status in OPEN and due_on(order) < clock.business_day(clock.page_now())


def due(order: PurchaseOrder) -> date | None:
    """When the goods should arrive; None for what hasn't been sent."""
    return due_on(order) if order.sent_at else order.wanted_on


def link_of(order: PurchaseOrder) -> SupplierLink | None:
    """The supplier's link that works now."""
    return order.links.filter(revoked_at=None, expires_at__gt=clock.page_now()).first()


def choices(*, supplier: Supplier, place_id: int, order: PurchaseOrder | None = None) -> list[Choice]:
    """The price list of a supplier by title, with stock of a place and what is on its way; five queries.
    `packs` is what the order says already."""
    goods = {
        one.sku_id: one.sku
        for one in supply.priced().filter(supplier=supplier).select_related("sku__product")
    }
    terms = supply.terms_for(goods, supplier_id=supplier.pk)
    free = dict(
        StockLevel.objects.filter(place=place_id, sku__in=goods, pool__in=SELLABLE_POOLS)
        .order_by()
        .values_list("sku")
        .annotate(free=Sum(F("on_hand") - F("reserved")))
    )
    coming = supply.incoming(list(goods))
    typed = {line.sku_id: line.pack_count for line in order.lines.all()} if order else {}
    mine = {line.sku_id: line.quantity for line in order.lines.all()} if order else {}
    found = [
        Choice(
            terms=terms[pk][0],
            sku=sku,
            free=free.get(pk, 0),
            incoming=coming.get((place_id, pk), 0) - mine.get(pk, 0),
            packs=typed.get(pk, 0),
        )
        for pk, sku in goods.items()
    ]
    return sorted(found, key=lambda one: (one.sku.product.title, one.sku.position, one.sku.pk))
