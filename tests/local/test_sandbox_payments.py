"""Payments and refunds keep WeChat's rules; the library wechatpayv3 is an independent witness."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from wechatpayv3 import WeChatPayType

from tests.local.sandbox_kit import Listener, Merchant, sandbox, until, witness


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def merchant(state: Path) -> Iterator[Merchant]:
    with sandbox(state, factor=6000) as merchant:  # refunds of one payment may follow after 10 ms
        yield merchant


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_witness_creates_asks_closes_pays_back_and_reads_notices(merchant: Merchant) -> None:
    with Listener() as shop:
        pay = witness(merchant.env)
        status, text = pay.pay("苹果", "W20260001", {"total": 500, "currency": "CNY"}, notify_url=shop.url)
        assert status == 200
        assert json.loads(text)["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")
        assert json.loads(pay.query(out_trade_no="W20260001")[1])["trade_state"] == "NOTPAY"
        merchant.control("POST", "/payments/W20260001/pay", {"openid": "oWitness"})
        heard = shop.wait(1)[0]
        told = pay.callback(heard.headers, heard.body)
        assert told["event_type"] == "TRANSACTION.SUCCESS"
        assert told["resource"]["payer"] == {"openid": "oWitness"}
        asked = json.loads(pay.query(transaction_id=told["resource"]["transaction_id"])[1])
        assert asked == told["resource"]
        assert (asked["trade_state"], asked["trade_type"], asked["amount"]["payer_total"]) == (
            "SUCCESS",
            "NATIVE",
            500,
        )

        amount = {"refund": 200, "total": 500, "currency": "CNY"}
        status, text = pay.refund("RW1", amount, out_trade_no="W20260001", notify_url=shop.url, reason="少了")
        assert (status, json.loads(text)["status"]) == (200, "PROCESSING")
        told = pay.callback(shop.wait(2)[1].headers, shop.heard[1].body)
        assert told["event_type"] == "REFUND.SUCCESS"
        assert told["resource"]["refund_status"] == "SUCCESS"
        assert told["resource"]["amount"] == {
            "total": 500,
            "refund": 200,
            "payer_total": 500,
            "payer_refund": 200,
        }
        assert json.loads(pay.query_refund("RW1")[1])["status"] == "SUCCESS"
        assert json.loads(pay.query(out_trade_no="W20260001")[1])["trade_state"] == "REFUND"

        assert pay.pay("梨", "W20260002", {"total": 500})[0] == 200
        assert pay.close("W20260002")[0] == 204
        assert json.loads(pay.query(out_trade_no="W20260002")[1])["trade_state"] == "CLOSED"


def test_each_product_answers_in_its_own_way(merchant: Merchant) -> None:
    scene = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
    _, h5 = merchant.create("h5", scene_info=scene)
    assert h5["h5_url"].startswith(merchant.url + "/cashier?prepay_id=wx")
    openid = merchant.openid()
    number, jsapi = merchant.create("jsapi", payer={"openid": openid})
    assert jsapi["prepay_id"].startswith("wx")
    merchant.control("POST", f"/payments/{number}/pay")
    paid = merchant.query(number).json()
    assert (paid["trade_type"], paid["payer"]) == ("JSAPI", {"openid": openid})
    assert (
        witness(merchant.env, WeChatPayType.H5).pay("x", "W5555555", {"total": 1}, scene_info=scene)[0] == 200
    )


@pytest.mark.parametrize(
    "change",
    [
        {"description": ""},
        {"description": "长" * 128},
        {"out_trade_no": "short"},
        {"out_trade_no": "T" * 33},
        {"out_trade_no": "汉字汉字汉字汉字"},
        {"attach": "x" * 129},
        {"amount": {"total": 0}},
        {"amount": {"total": 12.9}},
        {"amount": {"total": True}},
        {"amount": {"total": 1, "currency": "USD"}},
        {"notify_url": "http://shop.example/notify"},
        {"notify_url": "https://shop.example/notify?order=1"},
        {"notify_url": ""},
        {"time_expire": "2026-01-01T10:00:00"},
        {"time_expire": "2126-01-01T10:00:00+08:00"},
        {"mchid": "1900000000"},
    ],
    ids=str,
)
def test_a_bad_field_is_refused(merchant: Merchant, change: dict[str, Any]) -> None:
    answer = merchant.call("POST", "/v3/pay/transactions/native", merchant.order(**change))
    assert code(answer) == (400, "PARAM_ERROR")


def test_h5_and_jsapi_need_their_own_fields(merchant: Merchant) -> None:
    for product in ("h5", "jsapi"):
        assert code(merchant.call("POST", f"/v3/pay/transactions/{product}", merchant.order()))[0] == 400
    foreign = merchant.order(appid="wx0000000000000000")
    assert code(merchant.call("POST", "/v3/pay/transactions/native", foreign)) == (
        400,
        "APPID_MCHID_NOT_MATCH",
    )


def test_a_number_belongs_to_one_order_for_ever(merchant: Merchant) -> None:
    def again(number: str, product: str = "native", **changes: Any) -> tuple[int, str]:
        return code(
            merchant.call(
                "POST", f"/v3/pay/transactions/{product}", merchant.order(out_trade_no=number, **changes)
            )
        )

    number, first = merchant.create()
    _, second = merchant.create(out_trade_no=number)
    assert first["code_url"] != second["code_url"]
    _, third = merchant.create(out_trade_no=number, scene_info={"payer_client_ip": "10.0.0.9"})
    assert third["code_url"] not in (first["code_url"], second["code_url"])
    assert again(number, amount={"total": 1291, "currency": "CNY"}) == (400, "INVALID_REQUEST")
    assert again(number, "jsapi", payer={"openid": merchant.openid()}) == (403, "OUT_TRADE_NO_USED")
    merchant.control("POST", f"/payments/{number}/pay")
    assert again(number) == (400, "ORDERPAID")
    assert code(merchant.close(number)) == (400, "ORDERPAID")

    number, _ = merchant.create()
    assert merchant.close(number).status_code == 204
    assert code(merchant.close(number)) == (400, "ORDER_CLOSED")
    assert again(number) == (400, "ORDER_CLOSED")
    merchant.control("POST", f"/payments/{number}/pay", expect=409)
    assert merchant.state(number) == "CLOSED"


def test_nobody_pays_after_time_expire_and_nothing_closes_by_itself(merchant: Merchant, state: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    number, _ = merchant.create(time_expire=soon)
    with sqlite3.connect(state / "ledger.sqlite3") as book:
        (left,) = book.execute(
            "SELECT expire_at - created_at FROM payment WHERE out_trade_no = ?", [number]
        ).fetchone()
        assert left == pytest.approx(60)  # lifted to the minimum
        book.execute("UPDATE payment SET expire_at = ? WHERE out_trade_no = ?", [time.time() - 1, number])
    assert "过期" in merchant.control("POST", f"/payments/{number}/pay", expect=409)["message"]
    assert merchant.state(number) == "NOTPAY"


def test_a_payment_succeeds_once(merchant: Merchant) -> None:
    number = merchant.paid()
    transaction_id = merchant.query(number).json()["transaction_id"]
    merchant.control("POST", f"/payments/{number}/pay", expect=409)
    assert merchant.query(number).json()["transaction_id"] == transaction_id
    assert len(merchant.control("GET", f"/payments/{number}")["notices"]) == 1


def test_a_delayed_payment_of_a_closed_order_never_happens(merchant: Merchant) -> None:
    kept, _ = merchant.create()
    closed, _ = merchant.create()
    for number in (kept, closed):
        merchant.control("POST", f"/payments/{number}/pay", {"delay": 1})
        assert merchant.state(number) == "NOTPAY"
    assert merchant.close(closed).status_code == 204
    until(lambda: merchant.state(kept) == "SUCCESS")
    assert merchant.state(closed) == "CLOSED"


def test_a_refund_number_means_one_refund(merchant: Merchant) -> None:
    number = merchant.paid()
    first = merchant.refund(number, 300, out_refund_no="R|one@*-_1")
    again = merchant.refund(number, 300, out_refund_no="R|one@*-_1")
    assert first.json()["refund_id"] == again.json()["refund_id"]
    assert code(merchant.refund(number, 301, out_refund_no="R|one@*-_1")) == (400, "INVALID_REQUEST")
    until(lambda: merchant.refund_status("R|one@*-_1") == "SUCCESS")
    assert merchant.control("GET", f"/payments/{number}")["refunds"][0]["amount"] == 300


def test_refunds_never_exceed_the_payment(merchant: Merchant) -> None:
    number = merchant.paid()
    transaction_id = merchant.query(number).json()["transaction_id"]
    assert merchant.refund(number, 1000).status_code == 200
    time.sleep(0.02)
    assert code(merchant.refund(number, 291)) == (400, "INVALID_REQUEST")
    body = {"out_refund_no": "R-rest-1", "transaction_id": transaction_id}
    body |= {"amount": {"refund": 290, "total": 1290, "currency": "CNY"}}
    assert merchant.call("POST", "/v3/refund/domestic/refunds", body).status_code == 200
    assert code(merchant.refund(number, 290, total=1291)) == (400, "INVALID_REQUEST")
    unpaid, _ = merchant.create()
    assert code(merchant.refund(unpaid, 1)) == (403, "TRADE_ERROR")
    assert code(merchant.refund("T404404404", 1)) == (404, "RESOURCE_NOT_EXISTS")
    assert code(merchant.call("GET", "/v3/refund/domestic/refunds/none")) == (404, "RESOURCE_NOT_EXISTS")


def test_many_at_once_still_make_one_payment_and_no_refund_too_many(merchant: Merchant) -> None:
    number, _ = merchant.create()
    start = threading.Barrier(8)

    def together(act: Callable[[int], requests.Response]) -> list[int]:
        def one(position: int) -> int:
            start.wait()
            return act(position).status_code

        with ThreadPoolExecutor(8) as threads:
            return sorted(threads.map(one, range(8)))

    paid = together(lambda _: requests.post(f"{merchant.url}/_control/payments/{number}/pay", timeout=20))
    assert paid == [200] + [409] * 7
    same = together(lambda _: Merchant(merchant.env).refund(number, 900, out_refund_no=f"R-{number}"))
    assert same == [200] * 8
    time.sleep(0.02)
    more = together(
        lambda position: Merchant(merchant.env).refund(number, 390, out_refund_no=f"R{position}{number}")
    )
    assert more.count(200) == 1
    assert (
        sum(refund["amount"] for refund in merchant.control("GET", f"/payments/{number}")["refunds"]) == 1290
    )


def test_a_payment_bears_fifty_refunds_and_a_year(merchant: Merchant, state: Path) -> None:
    number = merchant.paid()
    book = sqlite3.connect(state / "ledger.sqlite3")
    with book:
        book.executemany(
            "INSERT INTO refund (out_refund_no, refund_id, out_trade_no, amount, status, outcome, created_at)"
            " VALUES (?, ?, ?, 1, 'SUCCESS', 'SUCCESS', 0)",
            [(f"{number}-{i}", f"{number}-{i}", number) for i in range(50)],
        )
    assert code(merchant.refund(number, 1)) == (403, "RULE_LIMIT")
    old = merchant.paid()
    with book:
        book.execute("UPDATE payment SET paid_at = paid_at - 366 * 86400 WHERE out_trade_no = ?", [old])
    assert code(merchant.refund(old, 1)) == (400, "INVALID_REQUEST")
    book.close()


def test_refunds_of_one_payment_keep_a_minute_apart(tmp_path: Path) -> None:
    with sandbox(tmp_path, factor=60) as merchant:
        number = merchant.paid()
        assert merchant.refund(number, 1).status_code == 200
        early = merchant.refund(number, 1, out_refund_no="R-early")
        assert code(early) == (429, "FREQUENCY_LIMITED")
        time.sleep(1.05)  # a minute of WeChat's
        assert merchant.refund(number, 1, out_refund_no="R-early").status_code == 200


def test_both_ledgers_can_be_sown_and_compared(merchant: Merchant) -> None:
    merchant.control("POST", "/reset")
    item = {
        "out_trade_no": "D20260001",
        "amount_total": 5000,
        "success_time": "2026-09-01T10:00:00+08:00",
        "description": "演示",
        "refunds": [{"out_refund_no": "DR1", "amount": 1500, "success_time": "2026-09-02T10:00:00+08:00"}],
    }
    assert merchant.control("POST", "/seed", [item]) == {"payments": 1, "refunds": 1, "known": 0}
    assert merchant.control("POST", "/seed", [item]) == {"payments": 0, "refunds": 0, "known": 1}
    too_much = item | {"out_trade_no": "D20260002", "amount_total": 1}
    too_much["refunds"] = [{"out_refund_no": "DR2", "amount": 2, "success_time": "2026-09-02T10:00:00+08:00"}]
    merchant.control("POST", "/seed", [too_much], expect=400)
    ledger = merchant.control("GET", "/ledger?rows=1")
    assert (ledger["paid"], ledger["refunded"], ledger["net_fen"]) == (
        {"count": 1, "fen": 5000},
        {"count": 1, "fen": 1500},
        3500,
    )
    assert [row["out_trade_no"] for row in ledger["payments"]] == ["D20260001"]
    assert merchant.state("D20260001") == "REFUND"
    assert merchant.control("GET", "/payments/D20260001")["notices"] == []
