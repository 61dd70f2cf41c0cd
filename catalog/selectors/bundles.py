"""What bundle products and gift boxes are made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from catalog.models import Bundle, BundleComponent
from catalog.selectors import bundle_stock, skus
from catalog.selectors.skus import SkuFact
from catalog.selectors.stock import sellable
from shop.core import money


@dataclass(frozen=True)
class Part:
    """So many pieces of a SKU in one bundle; `fact.available` counts the place that was asked about."""

    fact: SkuFact
    quantity: int

    @property
    def name(self) -> str:
        """Title and specification."""
        return f"{self.fact.title} {self.fact.spec_text}".strip()

    @property
    def list_amount(self) -> Decimal:
        """What its pieces cost one by one."""
        return self.fact.list_price * self.quantity

    def lasts_for(self, bundles: int) -> bool:
        """Whether there is enough of it for so many bundles."""
        return self.fact.available >= self.quantity * bundles


@dataclass(frozen=True)
class Contents:
    """A bundle as it is now; `partner_name` is empty without a partner."""

    sku_id: int
    kind: str
    version: int
    parts: tuple[Part, ...]
    partner_id: int | None
    partner_name: str
    revenue_share: Decimal
    channel_code: str

    @property
    def list_amount(self) -> Decimal:
        """What all components cost one by one."""
        return sum((part.list_amount for part in self.parts), money.ZERO)

    def short_of(self, bundles: int = 1) -> Part | None:
        """The component that runs out first, when there is not enough for so many bundles."""
        scarce = [part for part in self.parts if not part.lasts_for(bundles)]
        return min(scarce, key=lambda part: part.fact.available // part.quantity, default=None)

    def saving(self, price: Decimal) -> Decimal:
        """How much less the bundle costs at this price than its components one by one; at least 0."""
        return max(self.list_amount - price, money.ZERO)


def of(sku_ids: Collection[int], *, place_id: int | None = None) -> dict[int, Contents]:
    """The contents of those SKUs that are bundles, by SKU; two queries, one when there is none."""
    rows = list(
        BundleComponent.objects.filter(bundle__sku__in=sku_ids)
        .select_related("bundle__partner")
        .order_by("bundle_id", "position", "pk")
    )
    facts = skus.facts({row.sku_id for row in rows}, place_id=place_id)
    found: dict[int, list[BundleComponent]] = {}
    for row in rows:
        found.setdefault(row.bundle.sku_id, []).append(row)
    return {sku_id: _contents(sku_id, components, facts) for sku_id, components in found.items()}


def of_facts(facts: Mapping[int, SkuFact], *, place_id: int | None = None) -> dict[int, Contents]:
    """The contents of the bundles among these; no query when there is none."""
    ids = [fact.id for fact in facts.values() if fact.is_bundle]
    return of(ids, place_id=place_id) if ids else {}


def listed() -> QuerySet[Bundle]:
    """All bundles with what a list of them shows; `available` says how many can be made."""
    parts = Prefetch("components", BundleComponent.objects.select_related("sku__product"))
    return (
        Bundle.objects.select_related("sku__product", "partner")
        .prefetch_related(parts)
        .annotate(available=bundle_stock.whole_of_bundle(sellable()))
    )


def _contents(sku_id: int, components: Collection[BundleComponent], facts: Mapping[int, SkuFact]) -> Contents:
    bundle = next(iter(components)).bundle
    return Contents(
        sku_id=sku_id,
        kind=bundle.kind,
        version=bundle.version,
        parts=tuple(Part(facts[row.sku_id], row.quantity) for row in components),
        partner_id=bundle.partner_id,
        partner_name=bundle.partner.name if bundle.partner else "",
        revenue_share=bundle.revenue_share,
        channel_code=bundle.channel_code,
    )
