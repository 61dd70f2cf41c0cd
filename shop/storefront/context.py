"""What every shopper's page shows; nothing is read before a template asks for it."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from members.selectors import merchant
from members.selectors.merchant import MerchantFacts
from shop.core import appearance, clock


class Shop:
    """The merchant and the basket's badge, lazily."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def merchant(self) -> MerchantFacts:
        return merchant.current()

    @cached_property
    def theme(self) -> str:
        """The version of the merchant's own colours; empty while they are ours."""
        chosen = appearance.current()
        return "" if chosen.is_default else chosen.version()

    @property
    def now(self) -> datetime:
        """The shop's clock, so that countdowns don't trust the phone's."""
        return clock.page_now()

    @property
    def basket_count(self) -> int:
        shopper = getattr(self._request, "shopper", None)
        return shopper.basket_count if shopper else 0


def shop(request: HttpRequest) -> dict[str, Any]:
    return {"shop": Shop(request)}
