"""Example prices of a rule before it is saved, made by the real pipeline: "¥100 × 2 → ¥180"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from marketing import wording
from marketing.models import LevelPrice
from marketing.pricing import facts, hints, pipeline
from shop.core import money

HUNDRED = Decimal("100.00")


@dataclass(frozen=True, slots=True)
class Example:
    """Who buys what, each step with its words and what it takes off, and what is due; a hint may follow."""

    who: str
    basket: str
    steps: tuple[tuple[str, str], ...]
    due: str
    hint: str


def of_tier(tier: facts.TierPrice) -> list[Example]:
    """Goods of ¥100: a piece less than the first step, and every step; for guests and the best level."""
    counts = sorted(
        {max(1, min(pieces for pieces, _rate in tier.steps) - 1), *(p for p, _rate in tier.steps)}
    )
    level = _best_level()
    return [
        _example(_basket((HUNDRED, count)), level=buyer, tiers=(tier,))
        for count in counts
        for buyer in ((None, level) if level else (None,))
    ]


def of_limited(prices: Sequence[tuple[facts.LimitedPrice, Decimal]]) -> list[Example]:
    """One piece of each SKU (its limited price, its list price); for guests and the best level."""
    level = _best_level()
    return [
        _example(_basket((list_price, 1), sku_id=price.sku_id), level=buyer, limiteds=(price,))
        for price, list_price in prices
        for buyer in ((None, level) if level else (None,))
    ]


def of_reduction(reduction: facts.FullReduction) -> list[Example]:
    """Baskets one yuan short of the first step, at every step and, when cumulative, at twice the step."""
    thresholds = sorted(threshold for threshold, _off in reduction.steps)
    if reduction.is_cumulative:
        thresholds.append(thresholds[-1] * 2)
    amounts = [max(thresholds[0] - 1, Decimal("0.01")), *thresholds]
    return [_example(_basket((money.yuan(amount), 1)), reductions=(reduction,)) for amount in amounts]


def of_level(level: facts.LevelPrice, list_price: Decimal = HUNDRED, sku_id: int = 1) -> list[Example]:
    """One piece for a member of that level."""
    return [_example(_basket((list_price, 1), sku_id=sku_id), level=level)]


def of_bundle(bundle: facts.BundlePrice, prices: dict[int, Decimal]) -> list[Example]:
    """One set, at the list prices of its parts."""
    lines = tuple(
        _line(sku_id, prices[sku_id], pieces) for sku_id, pieces in bundle.parts.items() if sku_id in prices
    )
    return [_example(lines, bundles=(bundle,))]


def of_coupon(coupon: facts.Coupon) -> list[Example]:
    """A basket of ¥100 and one at the threshold, with ¥10 freight."""
    amounts = sorted({HUNDRED, money.yuan(coupon.threshold)} - {money.ZERO})
    freight = facts.Freight(1, "piece", 1, Decimal("10.00"), 1, Decimal("0.00"))
    is_freight = coupon.kind == "free_shipping"
    return [
        _example(
            _basket((amount, 1), template=1 if is_freight else None), coupon=coupon, freights={1: freight}
        )
        for amount in amounts
    ]


def _best_level() -> facts.LevelPrice | None:
    best = LevelPrice.objects.filter(is_active=True).select_related("level").order_by("rate").first()
    if best is None:
        return None
    return facts.LevelPrice(
        f"level:{best.level_id}", best.level.name, best.rate, is_stackable=best.is_stackable
    )


def _basket(
    *goods: tuple[Decimal, int], sku_id: int = 1, template: int | None = None
) -> tuple[facts.Line, ...]:
    return tuple(
        _line(number, price, pieces, template) for number, (price, pieces) in enumerate(goods, sku_id)
    )


def _line(sku_id: int, price: Decimal, pieces: int, template: int | None = None) -> facts.Line:
    return facts.Line(str(sku_id), sku_id, sku_id, (), price, pieces, freight_template_id=template)


def _example(
    lines: Sequence[facts.Line], *, level: facts.LevelPrice | None = None, **rules: object
) -> Example:
    priced = pipeline.quote(facts.Facts(tuple(lines), level=level, **rules))  # type: ignore[arg-type]
    return Example(
        who=level.level_name if level else _("Everyone"),
        basket=" + ".join(_goods(lines)),
        steps=tuple((wording.explain(one), f"-{money.show(one.amount)}") for one in priced.adjustments),
        due=money.show(priced.due),
        hint="".join(wording.explain_why_not(one) for one in hints.next_steps(priced)[:1]),
    )


def _goods(lines: Sequence[facts.Line]) -> Iterator[str]:
    for line in lines:
        price = wording.yuan(line.list_price)
        yield price if line.quantity == 1 else f"{price} × {line.quantity}"
