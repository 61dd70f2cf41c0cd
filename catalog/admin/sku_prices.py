"""What stands below a SKU: its prices over time, the bounds, and what others ask."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import PriceChange, PriceRule, Sku
from catalog.policies.prices import PRICE_CHANGE_DAYS, PRICE_CHANGES_AT_MOST
from catalog.selectors import competitors, prices
from catalog.services.prices import PEOPLE
from catalog.terms.prices import PriceSource
from shop.core import charts, clock

DAYS = 90


def standing(sku: Sku) -> dict[str, Any]:
    """The chart of 90 days, figures and competitors of a SKU; seven queries."""
    seen = competitors.newest([sku.pk]).get(sku.pk, [])
    market = competitors.average([one.price for one in seen if not one.is_stale])
    rule = PriceRule.objects.filter(sku=sku).first()
    limit = PRICE_CHANGES_AT_MOST.get()
    return {
        "price_chart": _chart(sku),
        "price_facts": {
            "lowest_7": prices.lowest_in([sku.pk]).get(sku.pk, sku.list_price),
            "lowest_30": prices.lowest_in([sku.pk], days=30).get(sku.pk, sku.list_price),
            "market": market,
            "margin": _margin(sku),
            "rule": rule,
            "left": max(0, limit - _changes(sku)) if limit else None,
            "days": PRICE_CHANGE_DAYS.get(),
        },
        "price_seen": seen,
    }


def _chart(sku: Sku) -> charts.Drawing:
    """The price at the end of each day; gaps before the first one."""
    steps = prices.history(sku.pk, days=DAYS)
    today = clock.business_day(clock.page_now())
    values: list[Any] = []
    labels = []
    for ago in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=ago)
        _start, end = clock.day_bounds(day)
        held = [step.price for step in steps if step.at < end]
        values.append(held[-1] if held else sku.list_price if not steps else None)
        labels.append(f"{day:%m-%d}")
    return charts.line(
        _("Price of the last 90 days"),
        labels,
        [charts.Series(_("price"), values, is_stepped=True)],
        definition=_("The list price at the end of each day. Promotions are not in it."),
        head=_("Day"),
    )


def _margin(sku: Sku) -> str:
    if not sku.cost_price or not sku.list_price:
        return ""
    return f"{(sku.list_price - sku.cost_price) * 100 / sku.list_price:.0f}%"


def _changes(sku: Sku) -> int:
    since = clock.page_now() - timedelta(days=PRICE_CHANGE_DAYS.get())
    changes = PriceChange.objects.filter(
        sku=sku, source=PriceSource.HAND, actor__startswith=PEOPLE, created_at__gt=since
    )
    return changes.exclude(old_price=None).count()
