"""Offers as shoppers meet them before any basket: badges on cards and pages, and what runs in the shop."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Subquery
from django.utils.translation import gettext as _

from catalog.models import Product, Sku
from marketing import wording
from marketing.models import PurchaseLimit
from marketing.pricing import facts, pipeline
from marketing.pricing.facts import Line
from marketing.selectors import levels, limited
from marketing.selectors import running as in_force
from marketing.selectors.limited import LimitedOffer
from members.models import Member
from shop.core import clock


@dataclass(frozen=True, slots=True)
class OfferBadge:
    """`code` says of which kind (limited, level, tier, reduction, bundle, limit), `text` is for the shopper,
    `ends_at` for a countdown. A level or limited badge says what one piece costs: by SKU, and the lowest of
    them; `was` may be struck through (see `limited.LimitedOffer`)."""

    code: str
    text: str
    ends_at: datetime | None = None
    unit_price: Decimal | None = None
    unit_prices: Mapping[int, Decimal] = field(default_factory=dict)
    was: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RunningOffer:
    """A full reduction, tier or bundle price in force; `texts` are its steps in words."""

    rule: str
    name: str
    texts: tuple[str, ...]
    ends_at: datetime | None
    scope_kind: str
    scope_ids: tuple[int, ...]


def for_products(product_ids: Collection[int], member: Member | None = None) -> dict[int, list[OfferBadge]]:
    """The badges of each product, the member's level first; two queries, three for a member with a level."""
    if not product_ids:
        return {}
    rows = list(_products(product_ids))
    lines = {row["pk"]: _lines(row) for row in rows}
    offers = in_force.at(clock.page_now(), sku_ids={line.sku_id for some in lines.values() for line in some})
    level = _level(member, lines)
    return {
        row["pk"]: [
            *_level_badge(level, lines[row["pk"]]),
            *_limited_badge(offers, lines[row["pk"]]),
            *_badges(offers, lines[row["pk"]], row["limit"]),
        ]
        for row in rows
    }


def running(limit: int = 6) -> list[RunningOffer]:
    """What runs, the newest reductions first, then tiers and bundles; one query."""
    return _shown_offers(in_force.at(clock.page_now(), sku_ids=()), limit)


def front(limit: int, goods: int) -> tuple[list[RunningOffer], list[LimitedOffer]]:
    """For the home page: what runs, and so many prices of the limited-time discount that ends next; one
    query."""
    offers = in_force.at(clock.page_now())
    return _shown_offers(offers, limit), limited.ending_next(offers.limiteds, goods)


def everything(limit: int, prices: int) -> tuple[list[RunningOffer], list[LimitedOffer]]:
    """All that runs, and so many limited-time prices, those that end next first; one query."""
    offers = in_force.at(clock.page_now())
    soonest = sorted(offers.limiteds, key=lambda one: (one.ends_at, one.rule, one.sku_id))
    return _shown_offers(offers, limit), soonest[:prices]


def _shown_offers(offers: in_force.Running, limit: int) -> list[RunningOffer]:
    shown = [
        *(_shown(one, offers, _reduction_texts(one), one.scope) for one in reversed(offers.reductions)),
        *(_shown(one, offers, _tier_texts(one), one.scope) for one in reversed(offers.tiers)),
        *(
            _shown(one, offers, (wording.yuan(one.price),), facts.Scope("skus", frozenset(one.parts)))
            for one in reversed(offers.bundles)
        ),
    ]
    return shown[:limit]


def _products(product_ids: Collection[int]) -> Iterable[Any]:
    limits = PurchaseLimit.objects.filter(product=OuterRef("pk"), is_active=True).order_by("per_member")
    skus = Sku.objects.filter(product=OuterRef("pk"), is_active=True)
    return Product.objects.filter(pk__in=product_ids).values(
        "pk",
        limit=Subquery(limits.values("per_member")[:1], output_field=IntegerField()),
        sku_prices=in_force.pairs(skus, "pk", "list_price"),
        category_1=F("category_id"),
        category_2=F("category__parent_id"),
        category_3=F("category__parent__parent_id"),
    )


def _lines(product: dict[str, Any]) -> list[Line]:
    """One piece of every SKU, to ask scopes and prices with."""
    parents = (product["category_1"], product["category_2"], product["category_3"])
    category_ids = tuple(pk for pk in parents if pk is not None)
    return [
        Line(str(int(pk)), int(pk), product["pk"], category_ids, price.quantize(Decimal("0.01")), 1)
        for pk, price in product["sku_prices"]
    ]


def _level(member: Member | None, lines: Mapping[int, list[Line]]) -> facts.LevelPrice | None:
    if member is None or member.level_id is None:
        return None
    return levels.price(member.level_id, [line.sku_id for some in lines.values() for line in some])


def _level_badge(level: facts.LevelPrice | None, lines: list[Line]) -> Iterator[OfferBadge]:
    if level is None or not lines:
        return
    priced = pipeline.quote(facts.Facts(tuple(lines), level=level))
    if not priced.adjustments:
        return
    words = wording.explain(priced.adjustments[0])
    prices = {line.sku_id: line.unit_price for line in priced.lines}
    yield OfferBadge("level", words, unit_price=min(prices.values()), unit_prices=prices)


def _limited_badge(offers: in_force.Running, lines: list[Line]) -> Iterator[OfferBadge]:
    """The lowest limited-time price that is below the list price and has a piece left."""
    listed = {line.sku_id: line.list_price for line in lines}
    found = [
        one
        for one in offers.limiteds
        if one.sku_id in listed and one.price < listed[one.sku_id] and one.fact.has_room_for(1)
    ]
    if not found:
        return
    best = min(found, key=lambda one: (one.price, one.rule))
    dearest_first = sorted(found, key=lambda one: one.price, reverse=True)
    yield OfferBadge(
        "limited",
        best.name,
        best.ends_at,
        unit_price=best.price,
        unit_prices={one.sku_id: one.price for one in dearest_first},
        was=best.was,
    )


def _badges(offers: in_force.Running, lines: list[Line], limit: int | None) -> Iterator[OfferBadge]:
    for tier in offers.tiers:
        if _covers_any(tier.scope, lines):
            for text in _tier_texts(tier):
                yield OfferBadge("tier", text, offers.ends[tier.rule])
    for reduction in offers.reductions:
        if _covers_any(reduction.scope, lines):
            for text in _reduction_texts(reduction):
                yield OfferBadge("reduction", text, offers.ends[reduction.rule])
    for bundle in offers.bundles:
        if not bundle.parts.keys().isdisjoint(line.sku_id for line in lines):
            yield OfferBadge("bundle", bundle.name, offers.ends[bundle.rule])
    if limit:
        yield OfferBadge("limit", _("{count} per person").format(count=limit))


def _covers_any(scope: facts.Scope, lines: list[Line]) -> bool:
    return any(scope.covers(line) for line in lines)


def _tier_texts(tier: facts.TierPrice) -> tuple[str, ...]:
    return tuple(wording.tier_step(pieces, rate) for pieces, rate in tier.steps)


def _reduction_texts(reduction: facts.FullReduction) -> tuple[str, ...]:
    return tuple(
        wording.reduction_step(threshold, off, is_cumulative=reduction.is_cumulative)
        for threshold, off in reduction.steps
    )


def _shown(
    offer: facts.TierPrice | facts.FullReduction | facts.BundlePrice,
    offers: in_force.Running,
    texts: tuple[str, ...],
    scope: facts.Scope,
) -> RunningOffer:
    return RunningOffer(
        rule=offer.rule,
        name=offer.name,
        texts=texts,
        ends_at=offers.ends[offer.rule],
        scope_kind=scope.kind,
        scope_ids=tuple(sorted(scope.ids)),
    )
