"""F1 and F2: processes die at the worst moments; afterwards every book agrees (INVARIANTS, fault tests)."""

from decimal import Decimal

import pytest
import requests

from catalog.models import Product, Sku
from catalog.services.imports import running
from members.models import Member
from orders.models import Order, Payment, Refund
from orders.services import refunds, settling
from orders.terms import OrderStatus, PaymentStatus, RefundKind, RefundStatus
from shop.core.models import Job
from tests.catalog import files
from tests.factories.catalog import CategoryFactory, a_sku
from tests.orders.payments.scenes import a_member
from tests.world import World, wait_until

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("world")]


def placed(member: Member, price: str = "36.80") -> Order:
    """An order made by the shop's own services, so that stock and every ledger are there."""
    from marketing.selectors import quotes
    from members.services import addresses
    from orders.services import checkout
    from orders.services.destinations import Delivery
    from orders.services.placing import LineRequest
    from tests.factories.catalog import stock_up

    sku = a_sku(price=price)
    stock_up(sku, 20)
    address = addresses.save(
        member=member,
        recipient="王小明",
        phone="17000000001",
        province_code="31",
        city_code="31",
        district_code="310104",
        detail="永嘉路 1 号",
    )
    quote = quotes.make(
        member=member,
        wants=[(str(sku.pk), sku.pk, 1)],
        delivery_mode="express",
        region_code=address.region_code,
    )
    return checkout.place(
        member=member,
        wants=[LineRequest(sku.pk, 1)],
        delivery=Delivery(address_id=address.pk),
        digest=quote.digest,
        key=f"test-{sku.pk}",
    )


def all_is_well(world: World) -> None:
    assert world.broken() == []
    assert world.books_differ() == []


def status_of(order: Order) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)


@pytest.mark.parametrize("where", ["after_T2", "after_T2_http", "after_notice_stored", "before_T4_commit"])
def test_web_process_killed_while_paying_leaves_a_payable_order(world: World, where: str) -> None:
    member = a_member()
    order = placed(member)
    browser = world.browser_of(member)
    world.start_web(f"{where}=exit")
    try:
        answer = browser.post(f"{world.url}/orders/{order.number}/pay/", timeout=20)
        assert answer.url.endswith("/pay/?go=1"), (answer.status_code, answer.url)
    except requests.RequestException:
        assert where.startswith("after_T2"), "the web process died before it should"
    payment = Payment.objects.get()
    if not where.startswith("after_T2"):
        world.sandbox.pay(payment.number)
        wait_until(
            lambda: any(one["attempts"] for one in world.sandbox.payment(payment.number)["notices"]),
            "a notice was tried",
        )
    world.kill("web")
    assert status_of(order) == OrderStatus.UNPAID
    world.start_web()
    if where.startswith("after_T2"):
        answer = browser.post(f"{world.url}/orders/{order.number}/pay/", timeout=20)
        assert answer.status_code == 200
        assert Payment.objects.get().number == payment.number, "the same number is carried on"
        world.sandbox.pay(payment.number)
    wait_until(lambda: status_of(order) == OrderStatus.PAID, "the repeated notice pays the order")
    assert Payment.objects.get().status == PaymentStatus.PAID
    world.start_worker()
    all_is_well(world)


@pytest.mark.parametrize(
    "where", ["before_refund_call", "after_refund_call", "outbox_claimed", "outbox_acted"]
)
def test_worker_killed_during_a_refund_sends_the_money_back_once(world: World, where: str) -> None:
    order = placed(a_member())
    world.start_web()
    payment = _paid(world, order)
    refund = refunds.request(
        order_id=order.pk, reason="买多了", kind=RefundKind.BEFORE_SHIPMENT, actor="user:1"
    )
    world.start_worker(f"{where}=exit")
    world.start_beat()
    wait_until(lambda: _log_says(world, "worker", "exited prematurely", "WorkerLostError"), "a child died")
    world.kill("worker")
    world.start_worker()
    wait_until(
        lambda: Refund.objects.get(pk=refund.pk).status == RefundStatus.SUCCEEDED, "the refund is done", 60
    )
    wait_until(lambda: status_of(order) == OrderStatus.CLOSED, "the order is closed", 60)
    assert world.sandbox.ledger()["refunded"] == {"count": 1, "fen": int(payment.amount * 100)}
    all_is_well(world)


def test_nobody_pays_and_nobody_is_there_the_order_still_closes(world: World) -> None:
    """Beat and worker come back after the expiry: stock is free again, the gateway's number is closed."""
    from datetime import timedelta

    from catalog.models import StockLevel
    from orders.services import payments
    from shop.core import clock

    order = placed(a_member())
    world.start_web()
    payment = payments.start(order_id=order.pk, method="native", client_ip="127.0.0.1")
    past = clock.now() - timedelta(seconds=1)
    Order.objects.filter(pk=order.pk).update(expires_at=past, close_after=past)
    world.start_worker()
    world.start_beat()
    wait_until(lambda: status_of(order) == OrderStatus.CLOSED, "the order is closed", 60)
    assert world.sandbox.payment(payment.number)["trade_state"] == "CLOSED"
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 0
    all_is_well(world)


def test_two_workers_one_effect(world: World) -> None:
    """Every reaction of ten paid orders happens once, whoever takes it."""
    from catalog.models import Product
    from shop.core.models import OutboxDelivery

    member = a_member()
    orders = [placed(member) for _ in range(5)]
    world.start_web()
    world.start_worker()
    for order in orders:
        _paid(world, order)
    wait_until(lambda: not OutboxDelivery.objects.filter(done_at=None).exists(), "the outbox is empty", 60)
    assert Member.objects.get(pk=member.pk).first_paid_at is not None
    sold = Product.objects.filter(skus__in=[order.lines.get().sku_id for order in orders])
    assert [product.sold_count for product in sold] == [1] * 5
    all_is_well(world)


def _paid(world: World, order: Order) -> Payment:
    from orders.services import payments

    payment = payments.start(order_id=order.pk, method="native", client_ip="127.0.0.1")
    world.sandbox.pay(payment.number)
    wait_until(lambda: status_of(order) == OrderStatus.PAID, "the notice pays the order")
    settling.ask(payment_id=payment.pk)
    payment.refresh_from_db()
    assert payment.amount >= Decimal("0.01")
    return payment


def _log_says(world: World, name: str, *words: str) -> bool:
    text = (world.directory / f"{name}.log").read_text(errors="replace")
    return any(word in text for word in words)


def test_worker_killed_in_the_middle_of_an_import_leaves_it_done_once(world: World) -> None:
    CategoryFactory(name="水果", slug="shuiguo")
    check = files.check(files.as_csv(files.lines(40)))
    load = running.ask_load(check=check, actor=files.ACTOR)
    world.start_worker("catalog_loaded=sleep:90")
    world.start_beat()
    mine = Job.objects.filter(pk=load.pk)
    wait_until(lambda: mine.get().done_count == 40, "everything is written, nothing committed")
    assert not Product.objects.exists()
    world.kill("worker")
    world.start_worker()
    wait_until(lambda: mine.get().status == "done", "another worker does it again", seconds=60)
    assert (mine.get().attempts, Product.objects.count(), Sku.objects.count()) == (2, 8, 40)
    assert world.broken() == []
