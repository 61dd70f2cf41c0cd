"""What logs and error columns keep of an accident: enough to find it, nobody's address."""

import io
import json
import logging
import logging.config

import pytest
from django.db import IntegrityError, transaction

from orders.models import Order
from shop.core.errors import in_words
from shop.settings import logs
from tests.factories.orders import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def accident() -> IntegrityError:
    order = place()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Order.objects.filter(pk=order.pk).update(status="paid")
    assert order.recipient in str(caught.value), "Postgres tells the whole row"
    return caught.value


def test_an_error_column_keeps_no_row(accident: IntegrityError) -> None:
    words = in_words(accident)
    assert "order_paid_in_full" in words and Order.objects.get().recipient not in words


def test_a_logged_traceback_keeps_no_row_and_says_what_it_was_about(accident: IntegrityError) -> None:
    formatter = logging.config.DictConfigurator(
        logs.configuration(level="INFO", plain=False)
    ).configure_formatter(logs.configuration(level="INFO", plain=False)["formatters"]["lines"])
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    log = logging.getLogger("review")
    log.addHandler(handler)
    try:
        raise accident
    except IntegrityError:
        log.exception("notice_does_not_fit", extra={"number": "2611", "request": "<a whole request>"})
    finally:
        log.removeHandler(handler)
    line = json.loads(out.getvalue())
    order = Order.objects.get()
    assert order.recipient not in out.getvalue() and order.address_text not in out.getvalue()
    assert "order_paid_in_full" in line["exception"]
    assert line["number"] == "2611" and "request" not in line
