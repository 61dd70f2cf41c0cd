"""Short ways to write pricing facts."""

from decimal import Decimal

from marketing.pricing import facts
from marketing.pricing.quote import Quote


def line(
    key: str = "1",
    price: str = "100.00",
    quantity: int = 1,
    *,
    sku: int | None = None,
    categories: tuple[int, ...] = (),
    grams: int = 0,
    volume: int = 0,
    template: int | None = None,
) -> facts.Line:
    """A line whose SKU and product are numbered like its key."""
    number = sku if sku is not None else int(key)
    return facts.Line(
        key=key,
        sku_id=number,
        product_id=number,
        category_ids=categories,
        list_price=Decimal(price),
        quantity=quantity,
        weight_grams=grams,
        volume_cm3=volume,
        freight_template_id=template,
    )


def skus(*ids: int) -> facts.Scope:
    return facts.Scope("skus", frozenset(ids))


def level(rate: str | None = "0.9", *, is_stackable: bool = True, **sku_prices: str) -> facts.LevelPrice:
    """Silver; SKU prices are given as sku1="85.00"."""
    return facts.LevelPrice(
        rule="level:1",
        level_name="银卡",
        rate=None if rate is None else Decimal(rate),
        sku_prices={int(name[3:]): Decimal(price) for name, price in sku_prices.items()},
        is_stackable=is_stackable,
    )


def tier(
    *steps: tuple[int, str],
    rule: str = "tier:1",
    scope: facts.Scope = facts.ALL_GOODS,
    is_mixed: bool = False,
    is_stackable: bool = True,
) -> facts.TierPrice:
    return facts.TierPrice(
        rule=rule,
        name="多买多省",
        steps=tuple((pieces, Decimal(rate)) for pieces, rate in steps or ((2, "0.9"),)),
        scope=scope,
        is_mixed=is_mixed,
        is_stackable=is_stackable,
    )


def reduction(
    *steps: tuple[str, str],
    rule: str = "reduction:1",
    scope: facts.Scope = facts.ALL_GOODS,
    is_cumulative: bool = False,
) -> facts.FullReduction:
    """Without steps: 满100减10, 满300减50."""
    return facts.FullReduction(
        rule=rule,
        name="满减",
        steps=tuple(
            (Decimal(threshold), Decimal(off)) for threshold, off in steps or (("100", "10"), ("300", "50"))
        ),
        scope=scope,
        is_cumulative=is_cumulative,
    )


def coupon(
    kind: facts.CouponKind = "fixed",
    *,
    threshold: str = "0",
    off: str | None = None,
    rate: str | None = None,
    cap: str | None = None,
    scope: facts.Scope = facts.ALL_GOODS,
) -> facts.Coupon:
    def decimal(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    return facts.Coupon(
        rule="coupon:1",
        name="新人券",
        kind=kind,
        threshold=Decimal(threshold),
        scope=scope,
        off=decimal(off),
        rate=decimal(rate),
        cap=decimal(cap),
    )


def freight(
    basis: facts.FreightBasis = "piece",
    first: tuple[int, str] = (1, "8.00"),
    following: tuple[int, str] = (1, "2.00"),
    *,
    template: int = 1,
    free_from: str | None = None,
    delivers: bool = True,
) -> dict[int, facts.Freight]:
    """One template as the mapping that Facts wants."""
    return {
        template: facts.Freight(
            template_id=template,
            basis=basis,
            first_units=first[0],
            first_fee=Decimal(first[1]),
            next_units=following[0],
            next_fee=Decimal(following[1]),
            free_from=None if free_from is None else Decimal(free_from),
            delivers=delivers,
        )
    }


def limited(
    price: str = "80.00",
    *,
    sku: int = 1,
    rule: str = "limited:1",
    left: int | None = None,
    own_left: int | None = None,
    is_stackable: bool = True,
) -> facts.LimitedPrice:
    return facts.LimitedPrice(rule, "今日特惠", sku, Decimal(price), left, own_left, is_stackable)


def steps(made: Quote) -> list[tuple[str, str]]:
    """What each adjustment took, in yuan, in the order of the lanes."""
    return [(adjustment.code, str(adjustment.amount)) for adjustment in made.adjustments]
