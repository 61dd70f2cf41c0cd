"""Notices arrive as WeChat sends them, again and again until the shop accepts."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from local.sandbox import notices
from tests.local.sandbox_kit import Listener, Merchant, sandbox, until


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox"), factor=100) as merchant:
        yield merchant


def notice_of(merchant: Merchant, number: str) -> dict[str, Any]:
    return dict(merchant.control("GET", f"/payments/{number}")["notices"][0])


def settled(merchant: Merchant, number: str) -> dict[str, Any]:
    """The notice once the shop's answer has been written down."""

    def done() -> dict[str, Any] | None:
        notice = notice_of(merchant, number)
        return notice if notice["state"] not in ("sending", "waiting") else None

    return dict(until(done))


def test_the_schedule_is_wechats() -> None:
    assert notices.SCHEDULE[:8] == (15, 15, 30, 180, 600, 1200, 1800, 1800)
    assert sum(notices.SCHEDULE) == 24 * 3600 + 4 * 60
    assert len(notices.SCHEDULE) == 15


def test_a_notice_is_signed_encrypted_and_sent_once_when_accepted(merchant: Merchant) -> None:
    with Listener(200) as shop:
        number = merchant.paid(notify_url=shop.url)
        heard = shop.wait(1)[0]
        notice = settled(merchant, number)
    assert merchant.is_signed(heard.headers, heard.body)
    assert not merchant.is_signed(heard.headers, heard.body + b" ")
    assert b'"resource_type":"encrypt-resource"' in heard.body
    told = merchant.decrypt(heard.body)
    assert (told["out_trade_no"], told["trade_state"], told["amount"]["total"]) == (number, "SUCCESS", 1290)
    assert (notice["state"], len(notice["attempts"]), len(shop.heard)) == ("accepted", 1, 1)


def test_a_refused_notice_comes_again_on_the_schedule(merchant: Merchant) -> None:
    with Listener(500, 503, 301, 204) as shop:
        number = merchant.paid(notify_url=shop.url)
        heard = shop.wait(4)
        notice = settled(merchant, number)
    waits = [later.at - earlier.at for earlier, later in pairwise(heard)]
    for wait, vendor_seconds in zip(waits, (15, 15, 30), strict=True):
        assert vendor_seconds / 100 <= wait < vendor_seconds / 100 + 1
    assert [attempt["status"] for attempt in notice["attempts"]] == [500, 503, 301, 204]
    assert [attempt["number"] for attempt in notice["attempts"]] == [1, 2, 3, 4]
    assert len({merchant.decrypt(one.body)["transaction_id"] for one in heard}) == 1
    assert len({one.body[:60] for one in heard}) == 1  # the same notice id


def test_a_shop_nobody_reaches_is_given_up_after_sixteen_attempts(tmp_path: Path) -> None:
    with sandbox(tmp_path, factor=100_000) as merchant:
        number = merchant.paid()  # nobody listens on its notify_url
        notice = settled(merchant, number)
        assert (notice["state"], len(notice["attempts"])) == ("given_up", 16)
        assert {attempt["status"] for attempt in notice["attempts"]} == {None}
        assert merchant.state(number) == "SUCCESS"


def test_a_notice_can_be_sent_again_by_hand(merchant: Merchant) -> None:
    with Listener() as shop:
        number = merchant.paid(notify_url=shop.url)
        shop.wait(1)
        settled(merchant, number)
        merchant.control("POST", f"/payments/{number}/notify")
        assert len(shop.wait(2)) == 2
        assert notice_of(merchant, number)["attempts"][-1]["number"] == 0
        assert shop.heard[0].body[:60] == shop.heard[1].body[:60]
    unpaid, _ = merchant.create()
    merchant.control("POST", f"/payments/{unpaid}/notify", expect=409)


def test_a_waiting_notice_keeps_its_place_when_the_pace_changes(tmp_path: Path) -> None:
    with sandbox(tmp_path, factor=1) as merchant, Listener(500, 204) as shop:
        number = merchant.paid(notify_url=shop.url)
        shop.wait(1)
        until(lambda: notice_of(merchant, number)["state"] == "waiting")
        assert merchant.control("POST", "/time", {"factor": 200}) == {"factor": 200}
        shop.wait(2, within=2)  # 15 s would be too late
        merchant.control("POST", "/time", {"factor": 0}, expect=400)


def test_notices_survive_a_restart_and_the_keys_with_them(tmp_path: Path) -> None:
    with Listener(500, 204) as shop:
        with sandbox(tmp_path, factor=1) as merchant:
            number = merchant.paid(notify_url=shop.url)
            until(lambda: notice_of(merchant, number)["state"] == "waiting")
        with sandbox(tmp_path, factor=1000) as again:
            heard = shop.wait(2)
            assert again.env["WECHAT_PAY_APIV3_KEY"] == merchant.env["WECHAT_PAY_APIV3_KEY"]
            assert again.is_signed(heard[1].headers, heard[1].body)
