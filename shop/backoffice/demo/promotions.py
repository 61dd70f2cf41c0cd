"""Running offers: level prices, two pieces at nine tenths, full reductions, limits, a limited-time discount
and coupons of every kind, some of them in the wallets of the first shoppers."""

from datetime import timedelta
from decimal import Decimal

from catalog.models import Category, Product, Sku
from marketing.models import (
    Coupon,
    FullReduction,
    FullReductionStep,
    LevelPrice,
    LimitedDiscount,
    LimitedPrice,
    PurchaseLimit,
    TierPrice,
    TierStep,
)
from marketing.services import coupons
from members.models import Level, Member
from shop.core import clock

ON_NOW = (
    ("丹东99草莓", "24.90", 24),
    ("低温鲜牛奶", "12.90", 60),
    ("黄油可颂", "15.80", 30),
    ("青岛大虾", "39.90", 20),
    ("库尔勒香梨", "9.90", 40),
    ("原木抽纸", "15.90", None),
)
ALMOST_GONE = 12


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


def open_today(shoppers: list[Member]) -> None:
    """What runs now and was not there before: a limited-time discount and three more coupons. The first
    shoppers have some already, one of them ending tonight; of the welcome coupon two copies are left."""
    now = clock.now()
    discount = LimitedDiscount.objects.create(
        name="鲜活限时抢",
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=46),
        per_member=3,
        is_stackable=False,
    )
    for title, price, quota in ON_NOW:
        sku = Sku.objects.filter(product__title=title, is_active=True, list_price__gt=Decimal(price)).first()
        if sku is not None:
            LimitedPrice.objects.create(discount=discount, sku=sku, price=Decimal(price), quota=quota)
    tenth = _coupon("全场九折券", kind="percent", rate="0.90", cap="20", threshold="60", total_count=500)
    free = _coupon("免运费券", kind="free_shipping", threshold="39", total_count=1000)
    welcome = _coupon("见面礼", off="5", total_count=ALMOST_GONE, valid_days=3)
    fruit = Coupon.objects.get(name="鲜果立减券")
    for coupon in (fruit, tenth, free):
        for member in shoppers[:2]:
            coupons.give(coupon_id=coupon.pk, member_id=member.pk, source="demo")
    tonight = Coupon.objects.create(
        name="今晚有效",
        kind="fixed",
        off=Decimal("3"),
        threshold=Decimal("20"),
        valid_until=now + timedelta(hours=20),
        is_claimable=False,
    )
    for member in shoppers[:3]:
        coupons.give(coupon_id=tonight.pk, member_id=member.pk, source="demo")
    for member in shoppers[3 : ALMOST_GONE + 1]:
        coupons.claim(coupon_id=welcome.pk, member_id=member.pk)


def _coupon(
    name: str,
    *,
    kind: str = "fixed",
    off: str | None = None,
    rate: str | None = None,
    cap: str | None = None,
    threshold: str = "0",
    total_count: int,
    valid_days: int = 15,
) -> Coupon:
    return Coupon.objects.create(
        name=name,
        kind=kind,
        off=Decimal(off) if off else None,
        rate=Decimal(rate) if rate else None,
        cap=Decimal(cap) if cap else None,
        threshold=Decimal(threshold),
        total_count=total_count,
        valid_days=valid_days,
    )
