"""Quotes: the facts of a basket, gathered in a fixed number of queries, and their price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.models import FreightRegion
from catalog.selectors import freight, skus
from catalog.selectors.skus import SkuFact
from marketing.policies import POINTS_CAP, POINTS_PER_YUAN_OFF
from marketing.pricing import facts as pricing_facts
from marketing.pricing import pipeline
from marketing.pricing.quote import Quote
from marketing.selectors import coupon_choice, coupons, levels, running
from marketing.selectors.coupon_choice import CouponOption
from members.models import Member
from members.selectors import points as points_ledger
from shop.core import clock
from shop.core.errors import Invalid, NotFound

Want = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote, the coupons there were to choose from, and which of them was taken."""

    quote: Quote
    coupons: tuple[CouponOption, ...]
    coupon_grant_id: int | None
    points_available: int


def make(
    *,
    member: Member | None,
    wants: Sequence[Want],
    delivery_mode: str,
    region_code: str = "",
    coupon_grant_id: int | None = None,
    points: int | None = 0,
    at: datetime | None = None,
    facts: Mapping[int, SkuFact] | None = None,
) -> Quote:
    """What the goods cost this member now, in at most 8 queries however many lines there are.

    `wants` are (line key, SKU id, pieces); SKUs that don't exist or are off the shelf are left out. `facts`
    may hand over what the caller has read of the SKUs; `points=None` leaves points out altogether. Without
    `region_code` freight of parcels isn't known yet. Raises Invalid for a quantity below 1, and what
    `coupons.check` raises for a coupon that can't be used; a threshold not reached is a why-not.
    """
    return pipeline.quote(
        gather(
            member=member,
            wants=wants,
            delivery_mode=delivery_mode,
            region_code=region_code,
            coupon_grant_id=coupon_grant_id,
            points=points,
            at=at,
            facts=facts,
        )
    )


def choose(
    *,
    member: Member,
    wants: Sequence[Want],
    delivery_mode: str,
    region_code: str = "",
    coupon_grant_id: int | None = None,
    picks_best: bool = False,
    wants_all_points: bool = False,
    points: int = 0,
    facts: Mapping[int, SkuFact] | None = None,
) -> Chosen:
    """As `make`, with every coupon the member has: the one asked for, with `picks_best` the best one.
    One query more than `make`. Raises as `make` does."""
    now = clock.now()
    basket = gather(
        member=member,
        wants=wants,
        delivery_mode=delivery_mode,
        region_code=region_code,
        points=points,
        at=now,
        facts=facts,
    )
    if wants_all_points:
        basket = replace(basket, points=replace(basket.points, wanted=basket.points.available))
    held = coupons.held_by(member.pk, now)
    found = coupon_choice.options(basket, held)
    if picks_best:
        best = coupon_choice.best(found)
        coupon_grant_id = best.grant_id if best else None
    coupon = next((one.fact for one in held if one.grant_id == coupon_grant_id), None)
    if coupon is None:
        coupon = _coupon(coupon_grant_id, member, now)
    quote = pipeline.quote(replace(basket, coupon=coupon))
    return Chosen(quote, tuple(found), coupon_grant_id, basket.points.available)


def gather(
    *,
    member: Member | None,
    wants: Sequence[Want],
    delivery_mode: str,
    region_code: str = "",
    coupon_grant_id: int | None = None,
    points: int | None = 0,
    at: datetime | None = None,
    facts: Mapping[int, SkuFact] | None = None,
) -> pricing_facts.Facts:
    """The facts `make` prices; arguments and refusals as there."""
    if any(quantity < 1 for _, _, quantity in wants):
        raise Invalid()
    sku_ids = {sku_id for _, sku_id, _ in wants}
    known = facts if facts is not None else skus.facts(sku_ids)
    lines = tuple(
        _line(key, known[sku_id], quantity)
        for key, sku_id, quantity in wants
        if sku_id in known and known[sku_id].is_on_sale
    )
    now = at or clock.now()
    offers = running.Running()
    if lines:
        member_id = member.pk if member else None
        offers = running.at(now, sku_ids={line.sku_id for line in lines}, member_id=member_id)
    return pricing_facts.Facts(
        lines=lines,
        level=levels.price(member.level_id, sku_ids) if member and member.level_id else None,
        limiteds=tuple(one.fact for one in offers.limiteds),
        tiers=offers.tiers,
        bundles=offers.bundles,
        reductions=offers.reductions,
        coupon=_coupon(coupon_grant_id, member, now),
        points=_points(member.pk, points) if member and points is not None else pricing_facts.Points(),
        freights=_freights(lines, delivery_mode, region_code),
        delivery_mode=delivery_mode,  # type: ignore[arg-type]
    )


def _line(key: str, fact: SkuFact, quantity: int) -> pricing_facts.Line:
    return pricing_facts.Line(
        key=key,
        sku_id=fact.id,
        product_id=fact.product_id,
        category_ids=fact.category_ids,
        list_price=fact.list_price,
        quantity=quantity,
        weight_grams=fact.weight_grams,
        volume_cm3=fact.volume_cm3,
        freight_template_id=fact.freight_template_id,
        contents_version=fact.bundle_version,
    )


def _coupon(grant_id: int | None, member: Member | None, now: datetime) -> pricing_facts.Coupon | None:
    if grant_id is None:
        return None
    if member is None:
        raise NotFound()
    return coupons.fact(grant_id, member.pk, now)


def _points(member_id: int, wanted: int) -> pricing_facts.Points:
    return pricing_facts.Points(
        available=points_ledger.balance(member_id),
        wanted=max(wanted, 0),
        per_yuan=POINTS_PER_YUAN_OFF.get(),
        cap_rate=POINTS_CAP.get(),
    )


def _freights(
    lines: tuple[pricing_facts.Line, ...], delivery_mode: str, region_code: str
) -> dict[int, pricing_facts.Freight] | None:
    """Rates by template, without those that don't deliver there; None while the region isn't known."""
    if delivery_mode in pricing_facts.NO_FREIGHT_MODES:
        return {}
    template_ids = {line.freight_template_id for line in lines if line.freight_template_id is not None}
    if not template_ids:
        return {}
    if not region_code:
        return None
    regions = freight.rules(template_ids, region_code)
    return {pk: _freight(region) for pk, region in regions.items() if pk is not None and region is not None}


def _freight(region: FreightRegion) -> pricing_facts.Freight:
    return pricing_facts.Freight(
        template_id=region.template_id,
        basis=region.template.basis,  # type: ignore[arg-type]
        first_units=region.first_units,
        first_fee=region.first_fee,
        next_units=region.next_units,
        next_fee=region.next_fee,
        free_from=region.free_from,
        delivers=region.delivers,
    )
