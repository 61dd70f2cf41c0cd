from collections.abc import Iterator
from typing import Any

import pytest

from orders import gateways
from tests.factories.bank import PaperBank


@pytest.fixture
def bank(settings: Any) -> Iterator[type[PaperBank]]:
    """Payments go to an empty bank in this process."""
    settings.PAYMENT_GATEWAYS = {"wechat": "tests.factories.bank.PaperBank"}
    gateways.get.cache_clear()
    PaperBank.forget()
    yield PaperBank
    PaperBank.forget()
    gateways.get.cache_clear()
