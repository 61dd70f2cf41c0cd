"""Limited-time prices: as facts for the pipeline, and what a page says of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from catalog.models import SkuDay
from marketing.models import LimitedDiscount, LimitedPrice, PromotionUse
from marketing.pricing import facts
from marketing.terms import OfferKind
from shop.core import clock


@dataclass(frozen=True, slots=True)
class LimitedOffer:
    """A limited-time price as a page shows it. `was` may be struck through: the lowest price the SKU was
    sold at in the seven days before, at most its list price; None when it wasn't sold or was not dearer."""

    rule: str
    name: str
    sku_id: int
    product_id: int
    price: Decimal
    list_price: Decimal
    was: Decimal | None
    ends_at: datetime
    quota: int | None
    left: int | None
    per_member: int | None
    own_left: int | None

    @property
    def is_gone(self) -> bool:
        return self.left == 0

    @property
    def share_taken(self) -> int | None:
        """Hundredths of the quota that are taken."""
        if not self.quota or self.left is None:
            return None
        return (self.quota - self.left) * 100 // self.quota


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


def of_skus(
    sku_ids: Collection[int], member_id: int | None, now: datetime | None = None
) -> list[LimitedOffer]:
    """The discounts that run on these SKUs, the lowest price first; one query."""
    return _offers(Q(sku__in=sku_ids), member_id, now or clock.page_now(), most=len(sku_ids) * 5)


def running(limit: int = 8, now: datetime | None = None) -> list[LimitedOffer]:
    """What runs and still has pieces, of the discount that ends next, its lowest prices first; one query."""
    now = now or clock.page_now()
    first = LimitedDiscount.objects.filter(is_active=True, starts_at__lte=now, ends_at__gt=now)
    next_to_end = first.order_by("ends_at", "pk").values("pk")[:1]
    has_pieces = Q(quota=None) | Q(taken_count__lt=F("quota"))
    return _offers(Q(discount=Subquery(next_to_end)) & has_pieces, None, now, most=limit)


def _offers(wanted: Q, member_id: int | None, now: datetime, most: int) -> list[LimitedOffer]:
    rows = (
        LimitedPrice.objects.filter(
            wanted, discount__is_active=True, discount__starts_at__lte=now, discount__ends_at__gt=now
        )
        .annotate(before=_before(), had=_had(member_id) if member_id is not None else Value(0))
        .select_related("discount", "sku")
        .order_by("price", "pk")
    )
    return [_offer(row) for row in rows[:most]]


def _offer(row: Any) -> LimitedOffer:
    most, quota = row.discount.per_member, row.quota
    list_price = row.sku.list_price
    was = None if row.before is None else min(row.before, list_price)
    return LimitedOffer(
        rule=row.discount.rule,
        name=row.discount.name,
        sku_id=row.sku_id,
        product_id=row.sku.product_id,
        price=row.price,
        list_price=list_price,
        was=was if was is not None and was > row.price else None,
        ends_at=row.discount.ends_at,
        quota=quota,
        left=None if quota is None else max(0, quota - row.taken_count),
        per_member=most,
        own_left=None if most is None else max(0, most - row.had),
    )


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
