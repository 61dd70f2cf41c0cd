"""How amounts are shown: a price as a block with small sign and decimals, plain money in sentences."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from shop.core import money

register = template.Library()


@register.simple_tag
def price(
    amount: Decimal | None, size: str = "m", plain: bool = False, unit: str = "", lowest: bool = False
) -> SafeString:
    """Yuan as `¥ 12 .80`: small sign, large integer, small decimals, no `.00`. None shows a dash; `lowest`
    says that it begins there."""
    if amount is None:
        return format_html('<span class="price price--{}">—</span>', size)
    whole, _, cents = f"{money.yuan(amount):.2f}".partition(".")
    decimals = format_html('<span class="price__cents">.{}</span>', cents) if cents != "00" else ""
    before, _mark, after = (
        pgettext("lowest price", "from {price}").partition("{price}") if lowest else ("",) * 3
    )
    tail = f"/{unit}{after}" if unit else after
    return format_html(
        '<span class="price price--{}{}">{}<span class="price__sign">¥</span>{}{}{}</span>',
        size,
        " price--plain" if plain else "",
        _small(before),
        whole,
        decimals,
        _small(tail),
    )


def _small(words: str) -> SafeString | str:
    return format_html('<span class="price__unit">{}</span>', words) if words.strip() else ""


@register.filter
def yuan(amount: Decimal | None) -> str:
    """`¥12.80` for sentences and ledgers; a dash for None."""
    return "—" if amount is None else money.show(amount)


@register.filter
def less(amount: Decimal) -> str:
    """A reduction as `−¥12.80`."""
    return f"−{money.show(abs(amount))}"
