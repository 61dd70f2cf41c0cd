"""Offers and coupons for tests; they run from yesterday on unless told otherwise."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from catalog.models import Category, Product, Sku
from marketing.models import (
    BundlePart,
    BundlePrice,
    Coupon,
    CouponGrant,
    FullReduction,
    FullReductionStep,
    LevelPrice,
    LimitedDiscount,
    LimitedPrice,
    PurchaseLimit,
    SkuLevelPrice,
    TierPrice,
    TierStep,
)
from marketing.services import coupons
from marketing.terms import CouponKind, ScopeKind
from members.models import Level, Member, User
from members.services import people
from shop.core import clock

SCOPES = {
    Product: (ScopeKind.PRODUCTS, "products"),
    Category: (ScopeKind.CATEGORIES, "categories"),
    Sku: (ScopeKind.SKUS, "skus"),
}


def yesterday() -> datetime:
    return clock.page_now() - timedelta(days=1)


def a_shopper(level: Level | None = None) -> Member:
    """A member with an empty points account."""
    member = people.member_of(User.objects.create_user())
    if level:
        Member.objects.filter(pk=member.pk).update(level=level)
        member.level = level
    return member


def a_level(name: str = "银卡", *, rate: str | None = "0.9", rank: int = 1, **fields: Any) -> Level:
    """A level with its price; `rate=None` gives it none, other fields go to the price."""
    level = Level.objects.create(name=name, rank=rank, growth_needed=rank * 1000)
    if rate is not None:
        LevelPrice.objects.create(level=level, rate=Decimal(rate), **fields)
    return level


def a_sku_level_price(sku: Sku, level: Level, price: str) -> SkuLevelPrice:
    return SkuLevelPrice.objects.create(sku=sku, level=level, price=Decimal(price))


def a_tier(
    *steps: tuple[int, str], name: str = "满2件9折", about: Iterable[Model] = (), **fields: Any
) -> TierPrice:
    """Without steps: two pieces at nine tenths. `about` are products, categories or SKUs of one kind."""
    tier = TierPrice.objects.create(name=name, **_window(fields))
    TierStep.objects.bulk_create(
        TierStep(tier=tier, min_quantity=pieces, rate=Decimal(rate))
        for pieces, rate in steps or ((2, "0.9"),)
    )
    return _scope(tier, about)


def a_reduction(
    *steps: tuple[str, str], name: str = "全场满减", about: Iterable[Model] = (), **fields: Any
) -> FullReduction:
    """Without steps: 满100减10, 满300减50."""
    reduction = FullReduction.objects.create(name=name, **_window(fields))
    FullReductionStep.objects.bulk_create(
        FullReductionStep(reduction=reduction, threshold=Decimal(threshold), off=Decimal(off))
        for threshold, off in steps or (("100", "10"), ("300", "50"))
    )
    return _scope(reduction, about)


def a_bundle(*parts: tuple[Sku, int], price: str, name: str = "早餐套餐", **fields: Any) -> BundlePrice:
    bundle = BundlePrice.objects.create(name=name, price=Decimal(price), **_window(fields))
    BundlePart.objects.bulk_create(BundlePart(bundle=bundle, sku=sku, quantity=count) for sku, count in parts)
    return bundle


def a_discount(
    *prices: tuple[Sku, str], quota: int | None = None, name: str = "今日特惠", **fields: Any
) -> LimitedDiscount:
    """Ends tomorrow; (SKU, price) rows, each with the same quota."""
    fields.setdefault("ends_at", clock.page_now() + timedelta(days=1))
    discount = LimitedDiscount.objects.create(name=name, **_window(fields))
    LimitedPrice.objects.bulk_create(
        LimitedPrice(discount=discount, sku=sku, price=Decimal(price), quota=quota) for sku, price in prices
    )
    return discount


def a_limit(thing: Product | Sku, per_member: int, period_days: int | None = None) -> PurchaseLimit:
    target = {"sku": thing} if isinstance(thing, Sku) else {"product": thing}
    return PurchaseLimit.objects.create(**target, per_member=per_member, period_days=period_days)


def a_coupon(*, about: Iterable[Model] = (), **fields: Any) -> Coupon:
    """¥5 off, valid for a week from the moment it is handed out."""
    fields = {"name": "新人券", "kind": CouponKind.FIXED, "valid_days": 7, **fields}
    if fields["kind"] == CouponKind.FIXED:
        fields.setdefault("off", Decimal("5.00"))
    if fields.get("valid_until"):
        fields["valid_days"] = None
    return _scope(Coupon.objects.create(**fields), about)


def a_grant(member: Member, coupon: Coupon | None = None, **fields: Any) -> CouponGrant:
    """The member's copy of a coupon; fields are the coupon's."""
    coupon = coupon or a_coupon(**fields)
    return coupons.give(coupon_id=coupon.pk, member_id=member.pk, source="test")


def _window(fields: dict[str, Any]) -> dict[str, Any]:
    return {"starts_at": yesterday(), **fields}


def _scope(rule: Any, about: Iterable[Model]) -> Any:
    things = list(about)
    if things:
        rule.scope_kind, field = SCOPES[type(things[0])]  # type: ignore[index]
        rule.save()
        getattr(rule, field).set(things)
    return rule
