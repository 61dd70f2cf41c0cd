"""The door of a supplier to one order: who finds it, what an answer does, what a stranger gets."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.models import PurchaseOrder, SupplierLink
from catalog.selectors import supply
from catalog.services import purchase_orders, supplier_links
from catalog.terms.purchasing import PurchaseStatus
from shop.core import clock
from shop.core.errors import IllegalMove
from tests.factories.catalog import a_sku
from tests.factories.purchasing import BUYER, SupplierFactory, a_source, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> PurchaseOrder:
    supplier = SupplierFactory(lead_days=2)
    sources = [
        a_source(a_sku(title=title), supplier=supplier, pack_size=6, unit="箱", price="30.00")
        for title in ("水蜜桃", "巨峰葡萄")
    ]
    return an_order(*sources, packs=10)


def answer(client: Client, token: str, **given: Any) -> Any:
    day = (clock.today() + timedelta(days=2)).isoformat()
    return client.post(f"/supply/{token}/", {"do": "confirm", "promised_on": day} | given)


def test_only_the_hash_of_the_token_is_kept_and_the_page_shows_this_order_alone(client, order):
    other = an_order(a_source(a_sku(title="别家的货"), supplier=order.supplier))
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    assert len(token) >= 32
    assert token not in str(SupplierLink.objects.values())
    page = client.get(f"/supply/{token}/")
    text = page.content.decode()
    assert "水蜜桃" in text
    assert order.number in text
    assert "别家的货" not in text
    assert other.number not in text
    policy = page["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert "<script" not in text
    assert "style=" not in text
    assert SupplierLink.objects.get().opened_at is not None
    assert '<html lang="en">' in client.get(f"/supply/{token}/?language=en").content.decode()


def test_the_supplier_confirms_line_by_line_once(client, order):
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    first, second = order.lines.all()
    given = {f"say-{first.pk}": "part", f"packs-{first.pk}": "7", f"note-{first.pk}": "雨天减产"}
    assert answer(client, token, **given, **{f"say-{second.pk}": "none"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.promised_on) == (
        PurchaseStatus.CONFIRMED,
        clock.today() + timedelta(days=2),
    )
    assert [one.confirmed_quantity for one in order.lines.all()] == [42, 0]
    assert supply.incoming([first.sku_id, second.sku_id]) == {(order.place_id, first.sku_id): 42}
    assert order.transitions.last().actor == f"supplier:{order.supplier_id}"
    answer(client, token, **{f"say-{first.pk}": "none"})
    assert order.lines.first().confirmed_quantity == 42
    assert "雨天减产" in client.get(f"/supply/{token}/").content.decode()


@pytest.mark.parametrize("packs", ["11", "-1", "", "1e3", "９", "99999999999"])
def test_an_answer_that_cannot_be_changes_nothing(client, order, packs):
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    line = order.lines.first()
    page = answer(client, token, **{f"say-{line.pk}": "part", f"packs-{line.pk}": packs})
    assert page.status_code == 422
    assert answer(client, token, promised_on="2020-01-01").status_code == 422
    assert answer(client, token, promised_on="kein Tag").status_code == 422
    order.refresh_from_db()
    assert order.status == PurchaseStatus.SENT
    assert not order.lines.exclude(confirmed_quantity=None)


def test_no_to_everything_declines_the_order_without_a_day(client, order):
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    answer(client, token, do="decline", why="停产", promised_on="")
    order.refresh_from_db()
    assert (order.status, order.supplier_note, order.promised_on) == (
        PurchaseStatus.DECLINED,
        "停产",
        None,
    )
    assert supply.incoming() == {}


def test_a_link_dies_of_age_of_withdrawal_of_a_newer_one_and_with_the_order(client, order):
    def opens(token: str) -> bool:
        return client.get(f"/supply/{token}/").status_code == 200

    first = supplier_links.issue(order_id=order.pk, actor=BUYER)
    second = supplier_links.issue(order_id=order.pk, actor=BUYER)
    assert (opens(first), opens(second)) == (False, True)
    with clock.shifted(timedelta(days=7, seconds=1)):
        assert not opens(second)
    supplier_links.revoke(order_id=order.pk, actor=BUYER)
    assert not opens(second)
    assert answer(client, second).status_code == 404
    third = supplier_links.issue(order_id=order.pk, actor=BUYER)
    purchase_orders.cancel(order_id=order.pk, actor=BUYER, reason="")
    assert not opens(third)
    draft = an_order(a_source(a_sku(), supplier=order.supplier), status="draft")
    with pytest.raises(IllegalMove):
        supplier_links.issue(order_id=draft.pk, actor=BUYER)


def test_guessing_and_hammering_are_slowed_down(client, order):
    answers = [client.get("/supply/made-up-token/").status_code for _ in range(12)]
    assert answers == [404] * 10 + [429] * 2
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    codes = [client.get(f"/supply/{token}/", REMOTE_ADDR="10.0.0.9").status_code for _ in range(31)]
    assert codes[:30] == [200] * 30
    assert codes[30] == 429


def test_amounts_on_the_page_are_those_of_the_order(client, order):
    token = supplier_links.issue(order_id=order.pk, actor=BUYER)
    text = re.sub(r"<[^>]+>", "", client.get(f"/supply/{token}/").content.decode())
    assert "¥600.00" in re.sub(r"\s", "", text)
    assert order.amount == Decimal("600.00")
