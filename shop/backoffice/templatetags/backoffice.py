"""Words for amounts, changes and ages on the pages of the back office."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from shop.core import clock

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """¥12,345.60; a dash where there is none."""
    if amount is None:
        return "–"
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


@register.filter
def figure(value: Decimal | int) -> str:
    """Money as yuan, counts with thousands set apart."""
    return yuan(value) if isinstance(value, Decimal) else f"{value:,}"


@register.filter
def signed(share: Decimal) -> str:
    """+12.5 %, ±0 %"""
    return f"{share:+} %" if share else "±0 %"


@register.filter
def age(moment: datetime) -> str:
    """How long ago, in its largest unit."""
    return timesince(moment, clock.page_now(), depth=1).replace("\xa0", " ") or _("just now")
