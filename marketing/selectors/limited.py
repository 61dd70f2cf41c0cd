"""Limited-time prices: as facts for the pipeline, and what a page says of them."""

from collections.abc import Collection, Sequence
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
    left: int | None
    own_left: int | None
    is_stackable: bool = True
    quota: int | None = None
    per_member: int | None = None

    @property
    def fact(self) -> facts.LimitedPrice:
        """As the pipeline knows it."""
        return facts.LimitedPrice(
            self.rule, self.name, self.sku_id, self.price, self.left, self.own_left, self.is_stackable
        )

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
OFFERS_AT_MOST = 5


def ending_next(offers: Sequence[LimitedOffer], limit: int) -> list[LimitedOffer]:
    """Those of the discount that ends next that still have pieces, the lowest prices first."""
    there = [one for one in offers if not one.is_gone and one.price < one.list_price]
    if not there:
        return []
    first = min(there, key=lambda one: (one.ends_at, one.rule)).rule
    return sorted((one for one in there if one.rule == first), key=lambda one: (one.price, one.sku_id))[
        :limit
    ]


def columns(discount: OuterRef, sku_ids: Collection[int] | None, member_id: int | None) -> ArraySubquery:
    """For every price of the outer discount what `read` takes: SKU, price, pieces left, pieces left for the
    member, the lowest price the SKU was sold at in the seven days before the discount began, its product and
    its list price."""
    prices = LimitedPrice.objects.filter(discount=discount).order_by("sku")
    if sku_ids is not None:
        prices = prices.filter(sku__in=sku_ids)
    own = F("discount__per_member") - _had(member_id) if member_id is not None else F("discount__per_member")
    row = Func(
        Cast("sku_id", NUMBER),
        Cast("price", NUMBER),
        Cast(F("quota") - F("taken_count"), NUMBER),
        Cast(own, NUMBER),
        Cast(before(), NUMBER),
        Cast("sku__product_id", NUMBER),
        Cast("sku__list_price", NUMBER),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(NUMBER),
    )
    return ArraySubquery(prices.annotate(columns=row).values("columns"))


def read(row: dict[str, Any]) -> list[LimitedOffer]:
    """The prices of one discount."""
    return [
        LimitedOffer(
            rule=f"{OfferKind.LIMITED}:{row['id']}",
            name=row["name"],
            sku_id=int(sku_id),
            product_id=int(product_id),
            price=_cents(price),
            list_price=_cents(list_price),
            was=_was(before and _cents(before), _cents(price), _cents(list_price)),
            ends_at=row["ends_at"],
            left=_count(left),
            own_left=_count(own_left),
            is_stackable=row["first"],
        )
        for sku_id, price, left, own_left, before, product_id, list_price in row["pairs"]
    ]


def of_skus(
    sku_ids: Collection[int], member_id: int | None, now: datetime | None = None
) -> list[LimitedOffer]:
    """The discounts that run on these SKUs, the lowest price first; one query."""
    at = now or clock.page_now()
    rows = (
        LimitedPrice.objects.filter(
            sku__in=sku_ids, discount__is_active=True, discount__starts_at__lte=at, discount__ends_at__gt=at
        )
        .annotate(before=before(), had=_had(member_id) if member_id is not None else Value(0))
        .select_related("discount", "sku")
        .order_by("price", "pk")
    )
    return [_offer(row) for row in rows[: len(sku_ids) * OFFERS_AT_MOST]]


def _offer(row: Any) -> LimitedOffer:
    most, quota = row.discount.per_member, row.quota
    list_price = row.sku.list_price
    return LimitedOffer(
        rule=row.discount.rule,
        name=row.discount.name,
        sku_id=row.sku_id,
        product_id=row.sku.product_id,
        price=row.price,
        list_price=list_price,
        was=_was(row.before, row.price, list_price),
        ends_at=row.discount.ends_at,
        left=None if quota is None else max(0, quota - row.taken_count),
        own_left=None if most is None else max(0, most - row.had),
        is_stackable=row.discount.is_stackable,
        quota=quota,
        per_member=most,
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


def before() -> Subquery:
    """For rows of LimitedPrice: the lowest price the SKU was sold at in the seven days before the start."""
    begins = TruncDate(
        ExpressionWrapper(OuterRef("discount__starts_at"), DateTimeField()), tzinfo=clock.SHANGHAI
    )
    days = SkuDay.objects.filter(
        sku=OuterRef("sku_id"), on_date__lt=begins, on_date__gte=begins - BASIS, lowest_deal_price__gt=0
    )
    return Subquery(days.order_by().values("sku").annotate(low=Min("lowest_deal_price")).values("low"))


def _was(before: Decimal | None, price: Decimal, list_price: Decimal) -> Decimal | None:
    basis = None if before is None else min(before, list_price)
    return basis if basis is not None and basis > price else None


def _count(value: Decimal | None) -> int | None:
    return None if value is None else max(0, int(value))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
