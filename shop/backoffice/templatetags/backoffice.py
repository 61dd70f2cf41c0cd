"""Words for amounts, changes and ages on the pages of the back office."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from shop.backoffice import chips
from shop.backoffice.checklist import Step
from shop.backoffice.chips import Chip
from shop.backoffice.dashboard import Percent
from shop.core import clock

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """¥12,345.60; a dash where there is none."""
    if amount is None:
        return "–"
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


@register.filter
def figure(value: Decimal | int | None) -> str:
    """Money as yuan, shares with their sign, counts with thousands set apart, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, Percent):
        return f"{value} %"
    return yuan(value) if isinstance(value, Decimal) else f"{value:,}"


@register.filter
def signed(share: Decimal) -> str:
    """+12.5 %, ±0 %"""
    return f"{share:+} %" if share else "±0 %"


@register.filter
def age(moment: datetime) -> str:
    """How long ago, in its largest unit."""
    return timesince(moment, clock.page_now(), depth=1).replace("\xa0", " ") or _("just now")


@register.filter
def done_count(steps: Iterable[Step]) -> int:
    return sum(step.is_done for step in steps)


@register.simple_tag
def greeting() -> str:
    """By the hour in the shop's own city."""
    hour = clock.page_now().astimezone(clock.SHANGHAI).hour
    if hour < 5:
        return _("Good night")
    if hour < 11:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@register.simple_tag(takes_context=True)
def order_chips(context: dict[str, Any], changelist: Any) -> list[Chip]:
    """The views above the list of orders."""
    return chips.of_orders(context["request"])


@register.simple_tag
def chosen_filters(changelist: Any) -> list[Chip]:
    """What narrows the list now, to be taken away one by one."""
    return chips.chosen(changelist)
