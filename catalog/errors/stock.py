"""Refusals about stock."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class SoldOut(Refusal):
    """Less is available than wanted. extra: sku_id, available."""

    code = "sold_out"
    message = _("Not enough in stock: {available} left.")


class StockMoved(Refusal):
    """The level is no longer what the caller saw. extra: level_id, expected, actual."""

    code = "stock_moved"
    message = _("Stock changed meanwhile: it is {actual} now, not {expected}.")


class StockTooLow(Refusal):
    """A correction would take more than is free. extra: level_id, available."""

    code = "stock_too_low"
    message = _("Only {available} are free, the rest is reserved by orders.")


class NothingReserved(Refusal):
    """There is no active reservation of that size. extra: reference."""

    code = "nothing_reserved"
    message = _("Nothing is reserved for {reference}.")
