"""How long the pipeline takes: `python -m benchmarks.bench_pricing`. Pure arithmetic, no database.

Prints the median and the slowest of many quotes, for baskets of 1, 10, 50 and 120 lines with nine rules each.
"""

import random
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal

from marketing.pricing import facts
from marketing.pricing.pipeline import quote

ROUNDS = 60
SIZES = (1, 10, 50, 120)


def basket(size: int, luck: random.Random) -> tuple[facts.Line, ...]:
    return tuple(
        facts.Line(
            key=str(number),
            sku_id=number,
            product_id=number,
            category_ids=(number % 5,),
            list_price=Decimal(luck.randint(100, 20_000)).scaleb(-2),
            quantity=luck.randint(1, 6),
            weight_grams=luck.randint(50, 3000),
            freight_template_id=1 + number % 2,
        )
        for number in range(1, size + 1)
    )


def shop(size: int, luck: random.Random) -> facts.Facts:
    """Two tiers, a level, a bundle, four full reductions that overlap, a coupon, points and two templates."""

    def category(*ids: int) -> facts.Scope:
        return facts.Scope("categories", frozenset(ids))

    def steps(*pairs: tuple[int, int]) -> tuple[tuple[Decimal, Decimal], ...]:
        return tuple((Decimal(threshold), Decimal(off)) for threshold, off in pairs)

    rates = {
        pk: facts.Freight(pk, "weight", 1000, Decimal("8.00"), 500, Decimal("2.00"), Decimal("199.00"))
        for pk in (1, 2)
    }
    return facts.Facts(
        lines=basket(size, luck),
        level=facts.LevelPrice("level:1", "银卡", Decimal("0.9")),
        tiers=(
            facts.TierPrice("tier:1", "满2件9折", ((2, Decimal("0.9")),)),
            facts.TierPrice("tier:2", "混搭", ((5, Decimal("0.85")),), category(1, 2), is_mixed=True),
        ),
        bundles=(facts.BundlePrice("bundle:1", "早餐", {1: 1, 2: 1}, Decimal("20.00")),),
        reductions=(
            facts.FullReduction("reduction:1", "全场", steps((100, 10), (300, 50))),
            facts.FullReduction("reduction:2", "生鲜", steps((150, 30)), category(1, 2)),
            facts.FullReduction("reduction:3", "日用", steps((80, 8), (200, 35)), category(2, 3)),
            facts.FullReduction("reduction:4", "零食", steps((60, 9)), category(3, 4), is_cumulative=True),
        ),
        coupon=facts.Coupon("coupon:1", "九折", "percent", rate=Decimal("0.9"), cap=Decimal("30.00")),
        points=facts.Points(available=2000, wanted=2000),
        freights=rates,
    )


def timings(size: int) -> Iterator[float]:
    luck = random.Random(size)
    for _round in range(ROUNDS):
        given = shop(size, luck)
        start = time.perf_counter()
        quote(given)
        yield (time.perf_counter() - start) * 1000


def main() -> None:
    print(f"{'lines':>6} {'median ms':>10} {'slowest ms':>11}")
    for size in SIZES:
        taken = list(timings(size))
        print(f"{size:>6} {statistics.median(taken):>10.2f} {max(taken):>11.2f}")


if __name__ == "__main__":
    main()
