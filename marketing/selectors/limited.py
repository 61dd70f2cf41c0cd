"""Limited-time prices: as facts for the pipeline, and what a page says of them."""

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    CharField,
    DateTimeField,
    DecimalField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    Min,
    OuterRef,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from catalog.models import SkuDay
from marketing.models import LimitedPrice, PromotionUse
from marketing.pricing import facts
from marketing.terms import OfferKind
from shop.core import clock

NUMBER = DecimalField(max_digits=14, decimal_places=3)
BASIS = timedelta(days=7)


def columns(discount: OuterRef, sku_ids: Collection[int] | None, member_id: int | None) -> ArraySubquery:
    """For every price of the outer discount: SKU, price, pieces left, pieces left for the member, and the
    lowest price the SKU was sold at in the seven days before the discount began."""
    prices = LimitedPrice.objects.filter(discount=discount).order_by("sku")
    if sku_ids is not None:
        prices = prices.filter(sku__in=sku_ids)
    own = F("discount__per_member") - _had(member_id) if member_id is not None else F("discount__per_member")
    row = Func(
        Cast("sku_id", NUMBER),
        Cast("price", NUMBER),
        Cast(F("quota") - F("taken_count"), NUMBER),
        Cast(own, NUMBER),
        Cast(_before(), NUMBER),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(NUMBER),
    )
    return ArraySubquery(prices.annotate(columns=row).values("columns"))


def read(row: dict[str, Any]) -> list[tuple[facts.LimitedPrice, Decimal | None]]:
    """The prices of one discount as facts, each with what the SKU cost before (None: it was not sold)."""
    return [
        (
            facts.LimitedPrice(
                rule=f"{OfferKind.LIMITED}:{row['id']}",
                name=row["name"],
                sku_id=int(sku_id),
                unit_price=_cents(price),
                left=None if left is None else int(left),
                own_left=None if own_left is None else max(0, int(own_left)),
                is_stackable=row["first"],
            ),
            None if before is None else _cents(before),
        )
        for sku_id, price, left, own_left, before in row["pairs"]
    ]


def _had(member_id: int) -> Expression:
    rule = Concat(
        Value(f"{OfferKind.LIMITED}:"),
        OuterRef("discount_id"),
        Value(":"),
        OuterRef("sku_id"),
        output_field=CharField(),
    )
    mine = PromotionUse.objects.filter(member=member_id, rule=rule, released_at=None).order_by()
    return Coalesce(Subquery(mine.values("rule").annotate(pieces=Sum("quantity")).values("pieces")), 0)


def _before() -> Subquery:
    begins = TruncDate(
        ExpressionWrapper(OuterRef("discount__starts_at"), DateTimeField()), tzinfo=clock.SHANGHAI
    )
    days = SkuDay.objects.filter(
        sku=OuterRef("sku_id"), on_date__lt=begins, on_date__gte=begins - BASIS, lowest_deal_price__gt=0
    )
    return Subquery(days.order_by().values("sku").annotate(low=Min("lowest_deal_price")).values("low"))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
