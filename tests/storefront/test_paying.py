"""Paying as the shopper sees it; the browser's word is never proof."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from members.models import Member
from orders.models import GatewayCall, Order, Payment
from orders.terms import PaymentMethod
from shop.core import clock, outbox
from tests.factories.bank import PaperBank
from tests.factories.catalog import StoreFactory, a_sku, stock_up
from tests.factories.orders import paid, place, shipped, to_store
from tests.storefront.conftest import Browser

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari"}


@pytest.fixture
def order(member: Member, bank: type[PaperBank]) -> Order:
    return place(member=member)


def test_a_desktop_gets_a_code_to_scan_that_goes_on_without_javascript(
    browser: Browser, order: Order
) -> None:
    answer = browser.send(f"/orders/{order.number}/pay/")
    assert answer["Location"] == f"/orders/{order.number}/pay/?go=1"
    shown = browser.page(f"/orders/{order.number}/pay/")
    assert "Scan with WeChat" in shown
    assert "<svg" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown


def test_looking_at_the_pay_page_opens_nothing(browser: Browser, order: Order) -> None:
    assert "Pay with WeChat" in browser.page(f"/orders/{order.number}/pay/")
    assert not Payment.objects.exists()


def test_a_phone_is_led_into_wechat_and_asked_on_its_return(
    browser: Browser, order: Order, bank: type[PaperBank]
) -> None:
    browser.send(f"/orders/{order.number}/pay/", **PHONE)
    payment = Payment.objects.get()
    assert payment.method == PaymentMethod.H5
    Payment.objects.update(prepay={"h5_url": "https://wx.example/h5?prepay_id=1"})
    first = browser.page(f"/orders/{order.number}/pay/?go=1")
    assert 'content="0;url=https://wx.example/h5?prepay_id=1&amp;redirect_url=' in first
    assert "I have paid" in first
    assert "Pay again" in first
    back = browser.page(f"/orders/{order.number}/pay/?back=1")
    assert "Confirming your payment" in back
    assert 'content="0;url' not in back
    answer = browser.send(f"/orders/{order.number}/pay/check/", {"said_paid": "1"})
    assert answer["Location"].endswith("/pay/?back=1"), "saying so doesn't make it paid"
    bank.pay(payment.number)
    answer = browser.send(f"/orders/{order.number}/pay/check/", {"said_paid": "1"})
    assert answer["Location"] == f"/orders/{order.number}/paid/"
    assert "Thank you, it is paid" in browser.page(answer["Location"])


def test_a_silent_gateway_is_confirming_not_failed(
    browser: Browser, order: Order, bank: type[PaperBank]
) -> None:
    with bank.silent():
        browser.send(f"/orders/{order.number}/pay/")
        assert "Confirming your payment" in browser.page(f"/orders/{order.number}/pay/")
        answer = browser.send(f"/orders/{order.number}/pay/check/", {"said_paid": "1"})
        assert "Confirming your payment" in browser.page(answer["Location"])
    order.refresh_from_db()
    assert order.status == "unpaid"


def test_the_poll_moves_on_when_the_money_is_there(
    browser: Browser, order: Order, bank: type[PaperBank]
) -> None:
    browser.send(f"/orders/{order.number}/pay/")
    htmx = {"HX-Request": "true"}
    waits = browser.send(f"/orders/{order.number}/pay/check/", **htmx)
    assert 'id="pay-state"' in waits.content.decode()
    assert "<html" not in waits.content.decode()
    bank.pay(Payment.objects.get().number)
    early = browser.send(f"/orders/{order.number}/pay/check/", **htmx)
    assert early.status_code == 200, "polls leave the gateway alone for the first seconds"
    with clock.shifted(timedelta(seconds=10)):
        answer = browser.send(f"/orders/{order.number}/pay/check/", **htmx)
    assert answer["HX-Redirect"] == f"/orders/{order.number}/paid/"


def test_polls_ask_the_gateway_seldom_and_never_while_it_is_silent(
    browser: Browser, order: Order, bank: type[PaperBank]
) -> None:
    browser.send(f"/orders/{order.number}/pay/")
    address, htmx = f"/orders/{order.number}/pay/check/", {"HX-Request": "true"}
    asked = GatewayCall.objects.filter(verb="query")
    with clock.shifted(timedelta(seconds=10)):
        for _ in range(3):
            browser.send(address, **htmx)
        assert asked.count() == 1
        with bank.silent():
            browser.send(address)
            cache.clear()
            browser.send(address, **htmx)
        assert asked.count() == 2
        for _ in range(30):
            browser.send(address)
    assert asked.count() <= 23, "nobody wears out the gateway by pressing"


def test_an_order_that_is_paid_or_closed_leads_away(
    browser: Browser, member: Member, bank: type[PaperBank]
) -> None:
    done = paid(member=member)
    assert browser.get(f"/orders/{done.number}/pay/")["Location"] == f"/orders/{done.number}/paid/"
    order = place(member=member)
    browser.send(f"/orders/{order.number}/cancel/")
    assert browser.get(f"/orders/{order.number}/pay/")["Location"] == f"/orders/{order.number}/"
    assert browser.get(f"/orders/{order.number}/paid/").status_code in (200, 302)


def test_an_expired_order_says_that_it_can_no_longer_be_paid(browser: Browser, order: Order) -> None:
    with clock.shifted(timedelta(hours=1)):
        answer = browser.send(f"/orders/{order.number}/pay/")
    assert answer.status_code == 409
    assert "can&#x27;t be paid any more" in answer.content.decode()


def test_cancelling_before_and_after_the_payment(
    browser: Browser, member: Member, bank: type[PaperBank]
) -> None:
    unpaid, bought = place(member=member), paid(member=member)
    browser.send(f"/orders/{unpaid.number}/cancel/", {"reason": "changed_mind"})
    assert "You cancelled it." in browser.page(f"/orders/{unpaid.number}/")
    browser.send(f"/orders/{bought.number}/cancel/")
    shown = browser.page(f"/orders/{bought.number}/")
    assert "Money back" in shown
    assert "on its way back" in shown
    again = browser.send(f"/orders/{bought.number}/cancel/")
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()


def test_receipt_is_confirmed_once_and_points_arrive(browser: Browser, member: Member) -> None:
    order = shipped({a_sku(price="50.00"): 1}, member=member)
    shown = browser.page(f"/orders/{order.number}/")
    assert "I have received it" in shown
    assert "arrived yet" in shown
    browser.send(f"/orders/{order.number}/extend/")
    assert "arrived yet" not in browser.page(f"/orders/{order.number}/")
    browser.send(f"/orders/{order.number}/confirm/")
    outbox.drain_all()
    assert "Completed" in browser.page(f"/orders/{order.number}/")
    assert "+50" in browser.page("/me/points/")
    assert browser.send(f"/orders/{order.number}/confirm/").status_code == 409


def test_the_pickup_code_is_large_and_can_be_scanned(browser: Browser, member: Member) -> None:
    store, sku = StoreFactory(name="滨江店"), a_sku()
    stock_up(sku, 3, store)
    order = paid({sku: 1}, member=member, delivery=to_store(store))
    code = order.pickup.code
    for path in ("", "paid/"):
        shown = browser.page(f"/orders/{order.number}/{path}")
        assert f"{code[:4]} {code[4:8]} {code[8:]}" in shown
        assert "滨江店" in shown


def test_buying_again_fills_the_basket_with_what_is_still_sold(browser: Browser, member: Member) -> None:
    sold, gone = a_sku(), a_sku()
    order: Any = place({sold: 2, gone: 1}, member=member)
    type(gone.product).objects.filter(pk=gone.product_id).update(status="off_shelf")
    assert browser.send(f"/orders/{order.number}/again/")["Location"] == "/basket/"
    assert list(member.basket.lines.values_list("sku_id", "quantity")) == [(sold.pk, 2)]
