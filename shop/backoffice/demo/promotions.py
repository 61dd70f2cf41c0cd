"""Running offers: level prices, two pieces at nine tenths, full reductions, limits and a coupon."""

from datetime import timedelta
from decimal import Decimal

from catalog.models import Category, Product
from marketing.models import (
    Coupon,
    FullReduction,
    FullReductionStep,
    LevelPrice,
    PurchaseLimit,
    TierPrice,
    TierStep,
)
from members.models import Level
from shop.core import clock


def announce() -> None:
    """Writes them, valid from the beginning of the demo's history to half a year from now."""
    start, end = clock.now() - timedelta(days=100), clock.now() + timedelta(days=180)
    for rank, rate in ((1, "0.90"), (2, "0.80")):
        LevelPrice.objects.get_or_create(
            level=Level.objects.get(rank=rank), defaults={"rate": Decimal(rate), "is_stackable": True}
        )
    window = {"starts_at": start, "ends_at": end}
    tier = TierPrice.objects.create(
        name="零食饮料 满2件9折", scope_kind="categories", is_mixed=True, is_stackable=True, **window
    )
    tier.categories.set(Category.objects.filter(slug="snacks-drinks"))
    TierStep.objects.bulk_create(
        [
            TierStep(tier=tier, min_quantity=2, rate=Decimal("0.90")),
            TierStep(tier=tier, min_quantity=5, rate=Decimal("0.85")),
        ]
    )
    reduction = FullReduction.objects.create(name="全场满减", scope_kind="all", is_cumulative=False, **window)
    FullReductionStep.objects.bulk_create(
        [
            FullReductionStep(reduction=reduction, threshold=Decimal("100"), off=Decimal("10")),
            FullReductionStep(reduction=reduction, threshold=Decimal("300"), off=Decimal("50")),
        ]
    )
    eggs = Product.objects.filter(title="谷饲鲜鸡蛋").first() or Product.objects.earliest("pk")
    PurchaseLimit.objects.create(product=eggs, per_member=5, period_days=1)
    coupon = Coupon.objects.create(
        name="鲜果立减券",
        kind="fixed",
        scope_kind="categories",
        threshold=Decimal("49"),
        off=Decimal("8"),
        total_count=2000,
        per_member=1,
        claim_from=start,
        claim_until=end,
        valid_days=30,
    )
    coupon.categories.set(Category.objects.filter(slug="fruit"))
