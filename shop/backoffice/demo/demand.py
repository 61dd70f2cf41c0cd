"""Sales over the counter of the stores, by the weekday; then forecasts, warnings and what to buy, as of
today.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from analytics.models import Remedy, SkuHealth
from analytics.services import forecasts, health, remedies, reorders, stock_days
from analytics.terms import RemedyKind
from catalog.models import Place, Sku, StockLevel, StockMovement
from catalog.selectors import supply
from catalog.services import stock, stock_alerts
from catalog.services.stock import Want
from catalog.terms import DeliveryMode, Pool
from shop.core import clock
from shop.core.transactions import unit

ACTOR = "system"
DAYS = 56
GOODS = 14
BUSY = (0.8, 0.75, 0.85, 0.9, 1.15, 1.4, 1.25)
OPEN_AT = timedelta(hours=18)


def walk_in(chance: Random, stores: Sequence[Place], skus: Sequence[Sku]) -> int:
    """Eight weeks of sales at the counter, more of what is popular and at weekends; the days made."""
    now = clock.now()
    made = 0
    for store in stores:
        if StockMovement.objects.filter(reference__startswith=f"counter:{store.code}:").exists():
            continue
        pace = {sku.pk: 5.6 * 0.84**rank for rank, sku in enumerate(skus[:GOODS])}
        for back in range(DAYS, 0, -1):
            day = clock.business_day(now) - timedelta(days=back)
            moment = clock.day_bounds(day)[0] + OPEN_AT
            with clock.shifted(moment - now):
                made += _day(chance, store, f"counter:{store.code}:{day}", pace, day.weekday())
    return made


def foretell() -> None:
    """What the nights' jobs would have found out."""
    stock_days.write(clock.day_bounds(clock.today() - timedelta(days=stock_days.KEPT_DAYS))[0])
    forecasts.run()
    health.run()
    stock_alerts.scan()
    reorders.run()


def treat() -> None:
    """One remedy under way for three weeks, one that is over."""
    if Remedy.objects.exists():
        return
    sold = SkuHealth.objects.filter(idle_days__lte=12, sold_count__gte=3, on_hand__gt=0)
    slow = list(sold.order_by("-score", "pk")[:2])
    for row, kind, age in zip(slow, (RemedyKind.CLEAR, RemedyKind.BUNDLE), (21, 35), strict=False):
        with clock.shifted(-timedelta(days=age)):
            remedy = remedies.start(sku_id=row.sku_id, kind=kind, actor=ACTOR)
        if kind == RemedyKind.BUNDLE:
            remedies.end(remedy_id=remedy.pk, actor=ACTOR)


def popular() -> list[Sku]:
    """What a supplier delivers and sells best, so that running out has a remedy; else simply what sells."""
    rows = Sku.objects.filter(is_active=True, levels__pool=Pool.SPOT).distinct()
    best = list(rows.select_related("product").order_by("-product__sold_count", "pk")[: 4 * GOODS])
    supplied = supply.terms_for([sku.pk for sku in best])
    best.sort(key=lambda sku: sku.pk not in supplied)
    return best[:GOODS]


def _day(chance: Random, store: Place, reference: str, pace: dict[int, float], weekday: int) -> int:
    free = {
        level.sku_id: level.available
        for level in StockLevel.objects.filter(place=store, pool=Pool.SPOT, sku__in=pace)
    }
    wants = [
        Want(line_key=str(sku_id), sku_id=sku_id, quantity=quantity)
        for sku_id, rate in pace.items()
        if (quantity := min(_pieces(chance, rate * BUSY[weekday]), free.get(sku_id, 0) - 2)) > 0
    ]
    if wants:
        _sell(reference, wants, store)
    return 1


@unit
def _sell(reference: str, wants: list[Want], store: Place) -> None:
    stock.reserve(reference=reference, wants=wants, mode=DeliveryMode.PICKUP, place_id=store.pk)
    stock.consume(reference=reference, actor=ACTOR)


def _pieces(chance: Random, mean: float) -> int:
    """So many in one day when so many come on average (Poisson)."""
    limit, count, product = 2.718281828459045**-mean, 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
