"""Offers as short badges on product cards and pages: what a shopper could get, before any basket."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, IntegerField, OuterRef, Subquery
from django.utils.translation import gettext as _

from catalog.models import Product, Sku
from marketing import wording
from marketing.models import LevelPrice, PurchaseLimit
from marketing.pricing import facts
from marketing.pricing.facts import Line
from marketing.selectors import running
from members.models import Member
from shop.core import clock


@dataclass(frozen=True, slots=True)
class OfferBadge:
    """`code` says of which kind (level, tier, reduction, bundle, limit), `text` is for the shopper, `ends_at`
    for a countdown."""

    code: str
    text: str
    ends_at: datetime | None = None


def for_products(product_ids: Collection[int], member: Member | None = None) -> dict[int, list[OfferBadge]]:
    """The badges of each product, the member's level first; two queries, three for a member with a level."""
    if not product_ids:
        return {}
    offers = running.at(clock.page_now())
    level = _level_badge(member)
    return {product["pk"]: [*level, *_badges(offers, product)] for product in _products(product_ids)}


def _products(product_ids: Collection[int]) -> Iterable[Any]:
    limits = PurchaseLimit.objects.filter(product=OuterRef("pk"), is_active=True).order_by("per_member")
    skus = Sku.objects.filter(product=OuterRef("pk"), is_active=True).order_by("pk")
    return Product.objects.filter(pk__in=product_ids).values(
        "pk",
        limit=Subquery(limits.values("per_member")[:1], output_field=IntegerField()),
        sku_ids=ArraySubquery(skus.values("pk")),
        category_1=F("category_id"),
        category_2=F("category__parent_id"),
        category_3=F("category__parent__parent_id"),
    )


def _level_badge(member: Member | None) -> list[OfferBadge]:
    if member is None or member.level_id is None:
        return []
    row = (
        LevelPrice.objects.filter(level=member.level_id, is_active=True)
        .values_list("level__name", "rate")
        .first()
    )
    if row is None:
        return []
    return [
        OfferBadge("level", _("{level} {discount}").format(level=row[0], discount=wording.discount(row[1])))
    ]


def _badges(offers: running.Running, product: dict[str, Any]) -> Iterator[OfferBadge]:
    lines = _lines(product)
    for tier in offers.tiers:
        if _covers_any(tier.scope, lines):
            for pieces, rate in tier.steps:
                yield OfferBadge("tier", wording.tier_step(pieces, rate), offers.ends[tier.rule])
    for reduction in offers.reductions:
        if _covers_any(reduction.scope, lines):
            for threshold, off in reduction.steps:
                text = wording.reduction_step(threshold, off, is_cumulative=reduction.is_cumulative)
                yield OfferBadge("reduction", text, offers.ends[reduction.rule])
    for bundle in offers.bundles:
        if not bundle.parts.keys().isdisjoint(product["sku_ids"]):
            yield OfferBadge("bundle", bundle.name, offers.ends[bundle.rule])
    if product["limit"]:
        yield OfferBadge("limit", _("{count} per person").format(count=product["limit"]))


def _lines(product: dict[str, Any]) -> list[Line]:
    """One imagined line a SKU, to ask the scopes with."""
    parents = (product["category_1"], product["category_2"], product["category_3"])
    category_ids = tuple(pk for pk in parents if pk is not None)
    sku_ids: list[int] = product["sku_ids"] or [0]
    return [Line(str(pk), pk, product["pk"], category_ids, Decimal(0), 1) for pk in sku_ids]


def _covers_any(scope: facts.Scope, lines: list[Line]) -> bool:
    return any(scope.covers(line) for line in lines)
