"""Goods that must never run out, and who delivers them: one supplier is one too few."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum

from catalog.models import KeySku, Sku, SkuDay, Supplier, SupplierDocument
from catalog.policies.purchasing import KEY_SKUS
from catalog.selectors import supply
from catalog.selectors.supply import SupplyTerms
from catalog.terms.purchasing import SourceRank
from shop.core import clock

DAYS = 28
PAPER_DAYS = 30


@dataclass(frozen=True)
class KeyGoods:
    """A key SKU, what it sold in four weeks, and everybody who delivers it."""

    sku: Sku
    sold_count: int
    is_marked: bool
    offers: list[SupplyTerms]

    @property
    def is_single(self) -> bool:
        """Fewer than two suppliers."""
        return len(self.offers) < 2

    @property
    def has_stand_by(self) -> bool:
        return any(one.rank == SourceRank.CONTINGENCY for one in self.offers)


def key_goods() -> list[KeyGoods]:
    """The best sellers of four weeks and what was marked by hand, least secured first; four queries."""
    marks = dict(KeySku.objects.values_list("sku", "is_key"))
    since = clock.business_day(clock.page_now()) - timedelta(days=DAYS)
    sold = dict(
        SkuDay.objects.filter(on_date__gte=since, sold_count__gt=0)
        .order_by()
        .values_list("sku")
        .annotate(total=Sum("sold_count"))
        .order_by("-total", "sku")[: KEY_SKUS.get() + len(marks)]
    )
    best = [sku for sku in sold if marks.get(sku, True)][: KEY_SKUS.get()]
    wanted = {*best, *(sku for sku, is_key in marks.items() if is_key)}
    skus = Sku.objects.filter(pk__in=wanted, is_active=True).select_related("product")
    terms = supply.terms_for(wanted)
    found = [
        KeyGoods(sku, sold.get(sku.pk, 0), marks.get(sku.pk, False), terms.get(sku.pk, [])) for sku in skus
    ]
    return sorted(
        found, key=lambda one: (min(len(one.offers), 2), one.has_stand_by, -one.sold_count, one.sku.pk)
    )


def single_source_count() -> int:
    """Key SKUs with fewer than two suppliers; none in a shop that keeps no suppliers here."""
    return sum(one.is_single for one in key_goods()) if Supplier.objects.exists() else 0


def papers_ending_count() -> int:
    """Papers of active suppliers that have ended or will within 30 days."""
    soon = clock.business_day(clock.page_now()) + timedelta(days=PAPER_DAYS)
    return SupplierDocument.objects.filter(supplier__is_active=True, expires_on__lte=soon).count()
