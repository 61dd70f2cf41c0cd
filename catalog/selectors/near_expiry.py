"""What expires soon, how much of it will be left over, and by how much to lower the price."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from catalog.models import Batch, BatchLevel, Markdown, SkuDay
from catalog.policies import NEAR_EXPIRY_DAYS
from catalog.selectors import batches
from catalog.terms import SELLABLE_POOLS

SOLD_OVER = 14
SHELF_LIVES = ((365, 45), (182, 20), (90, 15), (30, 10), (16, 5), (0, 2))
"""Days of shelf life, and from how many days before its end goods count as expiring soon."""
STEPS = ((Decimal("0.67"), 10), (Decimal("0.34"), 30), (Decimal("0"), 50))
"""Share of the warning time that is left, and per cent off."""
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Near:
    """A batch that expires soon. Amounts are yuan; `days` is 0 on the last day of sale."""

    batch: Batch
    pieces: int
    days: int
    window: int
    per_day: Decimal
    leftover: int
    percent: int
    price: Decimal
    markdown: Markdown | None

    @property
    def value(self) -> Decimal:
        """What is left over, at cost (at its price when no cost is known)."""
        cost = self.batch.sku.cost_price
        return self.leftover * (self.batch.sku.list_price if cost is None else cost)


def window_of(made_on: date | None, expires_on: date, default: int) -> int:
    """From how many days before its end a batch counts as expiring soon; longer for longer shelf life."""
    if made_on is None:
        return default
    life = (expires_on - made_on).days
    return next(days for least, days in SHELF_LIVES if life >= least)


def percent_off(*, leftover: int, days: int, window: int) -> int:
    """Per cent to take off so that nothing is left; 0 when all will be sold anyway. Pure."""
    if leftover <= 0:
        return 0
    share = Decimal(days) / max(window, 1)
    return next(percent for least, percent in STEPS if share >= least)


def lowered(list_price: Decimal, percent: int, floor: Decimal | None) -> Decimal:
    """The price less so many per cent, to ten fen, never below the floor."""
    price = (list_price * (100 - percent) / 100).quantize(TENTH).quantize(Decimal("0.01"))
    return max(price, floor or Decimal(0))


def rows(today: date, place_ids: Collection[int] | None = None) -> list[Near]:
    """Batches that expire soon in these places (None: everywhere), the most urgent first; three queries.

    What an earlier batch of the same SKU takes of the expected sales is not counted twice.
    """
    found = _lying(today, place_ids)
    sku_ids = {batch.sku_id for batch, _ in found}
    sold = dict(
        SkuDay.objects.filter(
            sku__in=sku_ids, on_date__gte=today - timedelta(days=SOLD_OVER), on_date__lt=today
        )
        .values_list("sku")
        .annotate(pieces=Sum("sold_count"))
        .order_by()
    )
    lowered_now = {
        one.batch_id: one
        for one in Markdown.objects.filter(ended_at=None, batch__in=[batch.pk for batch, _ in found])
    }
    before: dict[int, int] = {}
    near = []
    for batch, pieces in found:
        if batch.expires_on is None:
            continue
        days = (batch.expires_on - today).days
        window = window_of(batch.made_on, batch.expires_on, NEAR_EXPIRY_DAYS.get())
        per_day = Decimal(max(sold.get(batch.sku_id, 0), 0)) / SOLD_OVER
        will_sell = max(int(per_day * (days + 1)) - before.get(batch.sku_id, 0), 0)
        before[batch.sku_id] = before.get(batch.sku_id, 0) + min(pieces, will_sell)
        if days > window:
            continue
        leftover = max(pieces - will_sell, 0)
        percent = percent_off(leftover=leftover, days=days, window=window)
        price = lowered(batch.sku.list_price, percent, batch.sku.floor_price)
        near.append(
            Near(batch, pieces, days, window, per_day, leftover, percent, price, lowered_now.get(batch.pk))
        )
    return near


def _lying(today: date, place_ids: Collection[int] | None) -> list[tuple[Batch, int]]:
    """Batches that orders may draw on and that expire within the longest warning time, with their pieces."""
    longest = max(NEAR_EXPIRY_DAYS.get(), SHELF_LIVES[0][1])
    found: Iterable[BatchLevel] = batches.with_goods().filter(
        batch__expires_on__range=(today, today + timedelta(days=longest)),
        batch__recalled_at=None,
        level__pool__in=SELLABLE_POOLS,
        **({} if place_ids is None else {"level__place__in": place_ids}),
    )
    total: dict[int, tuple[Batch, int]] = {}
    for row in found:
        total[row.batch_id] = (row.batch, total.get(row.batch_id, (row.batch, 0))[1] + row.on_hand)
    return list(total.values())
