"""The stock of the demo: plenty nearly everywhere, two goods that run short today."""

from collections.abc import Sequence
from datetime import timedelta

from catalog.models import Place, Product, StockLevel
from catalog.services import stock, stock_alerts
from catalog.terms import MovementReason
from shop.backoffice.demo import batches
from shop.backoffice.demo.good import Good
from shop.core import clock

ACTOR = "system"
PLENTY = {"warehouse": 900, "store": 320}
ALERT_AT = 20
SHORT = ("谷饲鲜鸡蛋", "低温鲜牛奶")
LEFT = (6, 3)


def fill(listed: Sequence[tuple[Good, Product]], places: Sequence[Place], since: timedelta) -> int:
    """Receives the opening stock of every SKU in every place, so long ago; how many levels."""
    count = 0
    with clock.shifted(-since):
        for _good, product in listed:
            for sku in product.skus.all():
                for place in places:
                    arriving = batches.opening(product.title, PLENTY[place.kind])
                    for number, (quantity, facts) in enumerate(arriving):
                        stock.receive(
                            place_id=place.pk,
                            sku_id=sku.pk,
                            quantity=quantity,
                            actor=ACTOR,
                            key=f"demo:{place.code}:{sku.code}:{number}",
                            cost=sku.cost_price,
                            batch_facts=facts,
                        )
                    count += 1
    StockLevel.objects.update(alert_at=ALERT_AT)
    return count


def run_short(listed: Sequence[tuple[Good, Product]], place: Place) -> None:
    """Counts two goods of a store and finds few; the alarm has rung."""
    titles = [good.title for good, _product in listed]
    names = [title for title in SHORT if title in titles] or titles[: len(LEFT)]
    for name, left in zip(names, LEFT, strict=False):
        level = StockLevel.objects.filter(sku__product__title=name, place=place).order_by("pk").first()
        if level is not None and level.available > left:
            stock.adjust(
                level_id=level.pk,
                delta=left - level.available,
                reason=MovementReason.COUNTED,
                actor=ACTOR,
                key=f"demo:short:{level.pk}",
                note="盘点",
            )
    with clock.shifted(-timedelta(hours=2)):
        stock_alerts.scan()
