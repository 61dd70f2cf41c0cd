"""Selling elsewhere from the same stock: the platform is the sandbox's, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError

from catalog.errors import SoldOut
from catalog.errors.sales_channels import ChannelAddressRefused, NotSoldThere
from catalog.models import ChannelPush, ChannelSale, ChannelStock, Place, SalesChannel, Sku, StockLevel
from catalog.selectors import sales_channels as selector
from catalog.services import sales_channels, stock, stock_pushes
from catalog.services.allocation import Want
from catalog.terms import PlaceKind
from catalog.terms.sales_channels import ChannelKind, ChannelMode
from shop.core import clock, outbox
from shop.core.errors import Invalid
from shop.core.settings_store import forget
from tests.factories.catalog import PlaceFactory, a_place, a_sku
from tests.races import Meeting, run_together
from tests.sandboxes import Sandbox, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    return a_place()


@pytest.fixture
def sku(place: Place) -> Sku:
    return a_sku(stock=10, place=place)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def platform(sandbox: Sandbox, live_server: Any, settings: Any) -> Iterator[Sandbox]:
    sandbox.reset()
    settings.CHANNEL_HOSTS = sandbox.settings["CHANNEL_HOSTS"]
    yield sandbox
    sandbox.clear()


def a_channel(platform: Sandbox, sku: Sku, **fields: Any) -> SalesChannel:
    given: dict[str, Any] = {
        "code": "bazaar",
        "name": "集市",
        "kind": ChannelKind.EXTERNAL,
        "mode": ChannelMode.SHARED,
        "endpoint": f"{platform.url}/platform/stock",
        "buffer": 0,
    } | fields
    channel = sales_channels.save(channel=None, actor="user:1", **given)
    platform.call("POST", "/platform", code=channel.code, secret=channel.secret)
    sales_channels.offer(channel=channel, codes=[sku.code], actor="user:1")
    forget()
    stock_pushes.push_due()
    return channel


def believed(platform: Sandbox) -> dict[str, int]:
    return {row["code"]: row["quantity"] for row in platform.call("GET", "/platform/stock")}


def sell(platform: Sandbox, live_server: Any, sku: Sku, quantity: int, **more: Any) -> Any:
    line = {"code": more.pop("code", sku.code), "quantity": quantity}
    return platform.call("POST", "/platform/sales", lines=[line], shop=live_server.url, **more)


def level(sku: Sku) -> tuple[int, int]:
    found = StockLevel.objects.get(sku=sku)
    return found.on_hand, found.reserved


def reserve(sku: Sku, quantity: int, reference: str = "order:1") -> None:
    from shop.core.transactions import unit

    unit(stock.reserve)(reference=reference, wants=[Want("1", sku.pk, quantity)])


def test_a_sale_in_the_shop_is_told_to_the_platform_at_once(platform: Sandbox, sku: Sku) -> None:
    channel = a_channel(platform, sku)
    assert believed(platform) == {sku.code: 10}
    reserve(sku, 3)
    outbox.drain_all()
    assert believed(platform) == {sku.code: 7}
    found: Any = selector.with_lag(SalesChannel.objects.all(), clock.now()).get()
    assert found.waiting_count == 0 and found.p95_ms is not None and channel.pushes.count() == 2


def test_without_channels_stock_moves_without_telling_anybody(sku: Sku) -> None:
    from shop.core.models import OutboxEvent

    forget()
    reserve(sku, 1)
    assert not OutboxEvent.objects.filter(topic="catalog.FreeStockChanged").exists()


def test_share_and_buffer_make_the_number_smaller(platform: Sandbox, sku: Sku) -> None:
    a_channel(platform, sku, share_percent=50, buffer=2)
    assert believed(platform) == {sku.code: 3}


@pytest.mark.parametrize("fault", ["timeout_before", "500_before", "timeout_after"])
def test_what_was_not_taken_is_said_again(platform: Sandbox, sku: Sku, fault: str) -> None:
    channel = a_channel(platform, sku)
    platform.fault(fault, operation="platform", times=1)
    reserve(sku, 4)
    outbox.drain_all()
    channel.refresh_from_db()
    row = ChannelStock.objects.get()
    assert channel.failed_count == 1 and channel.error and channel.retry_at
    assert row.changed_at is not None and row.told_count == 10, "unknown is not told"
    assert stock_pushes.push_due() == 0, "it waits before it tries again"
    SalesChannel.objects.update(retry_at=clock.now())
    assert stock_pushes.push_due() == 1
    row.refresh_from_db()
    assert believed(platform) == {sku.code: 6} and (row.told_count, row.changed_at) == (6, None)
    assert list(ChannelPush.objects.values_list("is_done", flat=True)) == [True, False, True]


def test_a_sender_that_died_in_the_middle_is_found(platform: Sandbox, sku: Sku) -> None:
    a_channel(platform, sku)
    long_ago = clock.now() - 2 * stock_pushes.LOST_AFTER
    ChannelStock.objects.update(sending_since=long_ago, changed_at=None)
    assert stock_pushes.push_due() == 1
    assert ChannelStock.objects.get().sending_since is None


def test_an_older_message_that_comes_late_is_not_believed(platform: Sandbox, sku: Sku) -> None:
    from catalog.channels import stock_push

    channel = a_channel(platform, sku)
    reserve(sku, 2)
    outbox.drain_all()
    late = stock_push.tell(
        endpoint=channel.endpoint,
        secret=channel.secret,
        message_id="late",
        items=[stock_push.Item(sku.code, 10, 1)],
        hosts=platform.settings["CHANNEL_HOSTS"],
    )
    assert late.is_done and believed(platform) == {sku.code: 8}


def test_a_sale_of_the_platform_leaves_our_stock_once(platform: Sandbox, live_server: Any, sku: Sku) -> None:
    a_channel(platform, sku)
    first = sell(platform, live_server, sku, 4, number="P1")
    again = sell(platform, live_server, sku, 4, number="P1")
    assert first["status"] == again["status"] == 200
    assert level(sku) == (6, 0) and ChannelSale.objects.count() == 1
    outbox.drain_all()
    assert believed(platform) == {sku.code: 6}


def test_what_is_not_there_is_refused_and_the_truth_is_told(
    platform: Sandbox, live_server: Any, sku: Sku
) -> None:
    a_channel(platform, sku)
    platform.fault("500_before", operation="platform", times=1)
    reserve(sku, 9)
    outbox.drain_all()
    assert believed(platform) == {sku.code: 10}, "it believes what was true before"
    found = sell(platform, live_server, sku, 2)
    assert (found["status"], found["answer"]["code"]) == (409, "sold_out")
    assert level(sku) == (10, 9) and not ChannelSale.objects.exists()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"spoil": "signature"}, 401),
        ({"age": 600}, 401),
        ({"age": -600}, 401),
        ({"code": "NOPE"}, 400),
        ({"number": "x" * 65}, 400),
    ],
)
def test_calls_that_are_not_right_change_nothing(
    platform: Sandbox, live_server: Any, sku: Sku, more: dict[str, Any], status: int
) -> None:
    a_channel(platform, sku)
    found = sell(platform, live_server, sku, 1, **more)
    assert found["status"] == status and level(sku) == (10, 0)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"number":1,"lines":[]}', b'{"number":"a","lines":[1]}']
)
def test_a_body_that_makes_no_sense_is_refused(client: Any, sku: Sku, body: bytes) -> None:
    import time

    from catalog.channels.signing import sign

    channel = sales_channels.save(
        channel=None, actor="user:1", code="bazaar", name="集市", kind=ChannelKind.EXTERNAL
    )
    stamp = int(time.time())
    signature = sign(secret=channel.secret, message_id="m", timestamp=stamp, body=body)
    found = client.post(
        "/notify/channels/bazaar/sales/",
        data=body,
        content_type="application/json",
        headers={"X-Weimall-Id": "m", "X-Weimall-Timestamp": str(stamp), "X-Weimall-Signature": signature},
    )
    assert (found.status_code, found.json()["code"]) == (400, "invalid")


def test_set_aside_for_a_channel_nobody_else_sells_it(platform: Sandbox, sku: Sku, place: Place) -> None:
    channel = a_channel(platform, sku, mode=ChannelMode.ALLOTTED)
    assert believed(platform) == {sku.code: 0}

    def aside(quantity: int) -> None:
        sales_channels.set_aside(
            channel=channel, sku_id=sku.pk, place_id=place.pk, quantity=quantity, actor="user:1"
        )

    aside(6)
    stock_pushes.push_due()
    assert believed(platform) == {sku.code: 6} and level(sku) == (10, 6)
    with pytest.raises(SoldOut):
        reserve(sku, 5)
    aside(8)
    aside(2)
    assert level(sku) == (10, 2) and selector.set_aside(channel) == {sku.pk: 2}
    with pytest.raises(SoldOut):
        aside(11)
    assert level(sku) == (10, 2)


def test_an_allotted_channel_sells_what_is_set_aside_and_no_more(
    platform: Sandbox, live_server: Any, sku: Sku, place: Place
) -> None:
    channel = a_channel(platform, sku, mode=ChannelMode.ALLOTTED)
    for quantity in (2, 5):  # two reservations, so that a sale spans both
        sales_channels.set_aside(
            channel=channel, sku_id=sku.pk, place_id=place.pk, quantity=quantity, actor="user:1"
        )
    assert sell(platform, live_server, sku, 4)["status"] == 200
    assert level(sku) == (6, 1)
    assert sell(platform, live_server, sku, 2)["answer"]["extra"]["available"] == 1
    assert level(sku) == (6, 1)


def test_a_till_sells_from_its_own_store(platform: Sandbox, live_server: Any, sku: Sku, place: Place) -> None:
    other = PlaceFactory(kind=PlaceKind.STORE)
    stock.receive(place_id=other.pk, sku_id=sku.pk, quantity=3, actor="user:1", key="other")
    a_channel(platform, sku, kind=ChannelKind.POS, place_id=other.pk)
    assert believed(platform) == {sku.code: 3}
    assert sell(platform, live_server, sku, 3)["status"] == 200
    assert sell(platform, live_server, sku, 1)["status"] == 409
    assert StockLevel.objects.get(place=place).on_hand == 10


def test_only_known_hosts_are_called(sku: Sku, settings: Any) -> None:
    settings.CHANNEL_HOSTS = "stock.example:443"
    for endpoint in ("http://127.0.0.1/x", "https://stock.example@evil.example/", "ftp://stock.example:443/"):
        with pytest.raises(ChannelAddressRefused):
            sales_channels.save(
                channel=None,
                actor="user:1",
                code="a",
                name="a",
                kind=ChannelKind.EXTERNAL,
                endpoint=endpoint,
            )
    assert not SalesChannel.objects.exists()


def test_the_code_under_which_goods_are_set_aside_stays(sku: Sku) -> None:
    channel = sales_channels.save(channel=None, actor="user:1", code="a", name="a", kind=ChannelKind.EXTERNAL)
    with pytest.raises(Invalid):
        sales_channels.save(channel=channel, actor="user:1", code="b")
    assert SalesChannel.objects.get().code == "a"


def test_an_unknown_code_offers_nothing(sku: Sku) -> None:
    channel = sales_channels.save(channel=None, actor="user:1", code="a", name="a", kind=ChannelKind.EXTERNAL)
    with pytest.raises(NotSoldThere):
        sales_channels.offer(channel=channel, codes=[sku.code, "NOPE"], actor="user:1")
    assert not channel.stock.exists()


@pytest.mark.race
def test_shop_and_platform_never_sell_the_last_piece_twice(
    platform: Sandbox, live_server: Any, sku: Sku
) -> None:
    channel = a_channel(platform, sku)
    reserve(sku, 9, "order:before")

    def race(number: int) -> None:
        if number % 2:
            reserve(sku, 1, f"order:{number}")
        else:
            sales_channels.sold(channel=channel, number=f"P{number}", lines=[(sku.code, 1)])

    outcome = run_together(10, race, pass_number=True)
    assert len(outcome.results) == 1 and len(outcome.of(SoldOut)) == 9
    on_hand, reserved = level(sku)
    assert on_hand - reserved == 0


def test_the_same_sale_told_ten_times_at_once_counts_once(platform: Sandbox, sku: Sku) -> None:
    channel = a_channel(platform, sku)
    outcome = run_together(
        10, lambda: sales_channels.sold(channel=channel, number="P1", lines=[(sku.code, 2)])
    )
    assert len(outcome.results) == 10 and level(sku) == (8, 0)


@pytest.mark.race
def test_control_without_the_lock_only_the_unique_number_is_left(
    platform: Sandbox, sku: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog import locks

    channel = a_channel(platform, sku)
    meeting = Meeting(2)
    monkeypatch.setattr(locks, "sales_channel", lambda _pk: None)
    reserve_goods = stock.reserve

    def reserve_together(**given: Any) -> Any:
        meeting.wait()
        return reserve_goods(**given)

    monkeypatch.setattr(stock, "reserve", reserve_together)
    outcome = run_together(
        2, lambda: sales_channels.sold(channel=channel, number="P1", lines=[(sku.code, 2)])
    )
    assert len(outcome.of(IntegrityError)) == 1 and level(sku) == (8, 0)


def test_the_books_fit(platform: Sandbox, live_server: Any, sku: Sku, place: Place) -> None:
    from catalog.invariants.stock import INVARIANTS

    channel = a_channel(platform, sku)
    sales_channels.set_aside(channel=channel, sku_id=sku.pk, place_id=place.pk, quantity=3, actor="user:1")
    sell(platform, live_server, sku, 5)
    assert level(sku) == (5, 0)
    assert not [(one.id, one.broken()) for one in INVARIANTS if one.broken()]
