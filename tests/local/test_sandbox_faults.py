"""Each fault switch does what it says."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.sandbox import faults
from tests.local.sandbox_kit import Listener, Merchant, sandbox, until, witness


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    with sandbox(tmp_path_factory.mktemp("sandbox"), factor=100) as merchant:
        yield merchant


@pytest.fixture
def merchant(running: Merchant) -> Iterator[Merchant]:
    yield running
    running.control("POST", "/time", {"factor": 100})
    running.control("POST", "/reset")


def order(merchant: Merchant, body: dict[str, Any]) -> requests.Response:
    return merchant.call("POST", "/v3/pay/transactions/native", body)


def test_every_switch_of_the_protocol_exists() -> None:
    wanted = (
        "timeout_before timeout_after 500_before 500_after 429 slow bad_signature signtest stale_timestamp"
    )
    wanted += " wrong_amount_callback duplicate_callback callback_before_response callback_never"
    wanted += " callback_after_close refund_async refund_abnormal refund_callback_before_answer bill_mismatch"
    wanted += " balance_not_enough clock_skew"
    assert set(wanted.split()) <= set(faults.BY_NAME)


@pytest.mark.parametrize(("fault", "is_done"), [("timeout_before", False), ("timeout_after", True)])
def test_a_lost_answer_leaves_it_open_what_happened(merchant: Merchant, fault: str, is_done: bool) -> None:
    body = merchant.order()
    merchant.fault(fault, scope=body["out_trade_no"], times=1)
    with pytest.raises(requests.ConnectionError):
        order(merchant, body)
    assert (merchant.query(body["out_trade_no"]).status_code == 200) is is_done
    assert order(merchant, body).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "code", "is_done"),
    [
        ("500_before", 500, "SYSTEM_ERROR", False),
        ("500_after", 500, "SYSTEM_ERROR", True),
        ("429", 429, "FREQUENCY_LIMITED", False),
    ],
)
def test_an_error_may_come_before_or_after_the_deed(
    merchant: Merchant, fault: str, status: int, code: str, is_done: bool
) -> None:
    body = merchant.order()
    merchant.fault(fault, times=1)
    answer = order(merchant, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert merchant.is_signed(answer.headers, answer.content)
    assert (merchant.query(body["out_trade_no"]).status_code == 200) is is_done


def test_a_slow_answer_is_late(merchant: Merchant) -> None:
    merchant.fault("slow", value=0.8, times=1)
    began = time.monotonic()
    merchant.create()
    assert 0.8 <= time.monotonic() - began < 3
    began = time.monotonic()
    merchant.create()
    assert time.monotonic() - began < 0.8


@pytest.mark.parametrize("fault", ["bad_signature", "signtest"])
def test_a_wrongly_signed_answer_does_not_verify(merchant: Merchant, fault: str) -> None:
    number, _ = merchant.create()
    merchant.fault(fault, scope=number, operation="query")
    answer = merchant.query(number)
    assert answer.status_code == 200
    assert not merchant.is_signed(answer.headers, answer.content)
    assert answer.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/") is (fault == "signtest")
    with pytest.raises(Exception, match="failed to verify the signature"):
        witness(merchant.env).query(out_trade_no=number)
    closed = merchant.close(number)
    assert merchant.is_signed(closed.headers, closed.content)


def test_a_signature_probe_is_followed_by_the_right_signature(merchant: Merchant) -> None:
    with Listener(401, 204) as shop:
        merchant.fault("signtest", operation="notice")
        merchant.paid(notify_url=shop.url)
        probe, real = shop.wait(2)
    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not merchant.is_signed(probe.headers, probe.body)
    assert merchant.is_signed(real.headers, real.body)


def test_a_stale_notice_is_rightly_signed_but_old(merchant: Merchant) -> None:
    with Listener() as shop:
        merchant.fault("stale_timestamp", value=900, operation="notice")
        merchant.paid(notify_url=shop.url)
        heard = shop.wait(1)[0]
    assert merchant.is_signed(heard.headers, heard.body)
    assert 895 < time.time() - int(heard.headers["Wechatpay-Timestamp"]) < 910


def test_a_notice_may_name_a_wrong_amount(merchant: Merchant) -> None:
    with Listener(500, 204) as shop:
        merchant.fault("wrong_amount_callback", value=-100, times=1)
        number = merchant.paid(notify_url=shop.url)
        wrong, right = shop.wait(2)
    assert merchant.decrypt(wrong.body)["amount"]["total"] == 1190
    assert merchant.decrypt(right.body)["amount"]["total"] == 1290
    assert merchant.query(number).json()["amount"]["total"] == 1290


def test_one_notice_may_arrive_many_times_at_once(merchant: Merchant) -> None:
    with Listener() as shop:
        merchant.fault("duplicate_callback", value=5)
        number = merchant.paid(notify_url=shop.url)
        heard = shop.wait(5)
    assert len({one.body for one in heard}) == 1
    assert heard[-1].at - heard[0].at < 1
    until(lambda: len(merchant.control("GET", f"/payments/{number}")["notices"][0]["attempts"]) == 5)


def test_a_notice_may_overtake_the_answer_of_the_order(merchant: Merchant) -> None:
    with Listener() as shop:
        body = merchant.order(notify_url=shop.url)
        merchant.fault("callback_before_response", scope=body["out_trade_no"])
        answer = order(merchant, body)
        assert len(shop.heard) == 1  # already, though the answer has only now come
    assert answer.status_code == 200
    assert merchant.state(body["out_trade_no"]) == "SUCCESS"


def test_a_withheld_notice_never_comes_unless_sent_by_hand(merchant: Merchant) -> None:
    with Listener() as shop:
        merchant.fault("callback_never")
        number = merchant.paid(notify_url=shop.url)
        time.sleep(0.5)
        assert shop.heard == []
        assert merchant.control("GET", f"/payments/{number}")["notices"][0]["state"] == "withheld"
        merchant.control("POST", f"/payments/{number}/notify")
        assert merchant.decrypt(shop.wait(1)[0].body)["out_trade_no"] == number


def test_money_in_flight_arrives_after_the_order_was_closed(merchant: Merchant) -> None:
    with Listener() as shop:
        number, _ = merchant.create(notify_url=shop.url)
        merchant.fault("callback_after_close", scope=number, value=1)
        merchant.control("POST", f"/payments/{number}/pay")
        assert merchant.state(number) == "NOTPAY"
        assert merchant.close(number).status_code == 204
        assert merchant.state(number) == "CLOSED"
        assert merchant.decrypt(shop.wait(1)[0].body)["trade_state"] == "SUCCESS"
    assert merchant.state(number) == "SUCCESS"


def test_a_closed_order_may_still_be_paid_late(merchant: Merchant) -> None:
    number, _ = merchant.create()
    merchant.close(number)
    merchant.fault("callback_after_close", scope=number)
    merchant.control("POST", f"/payments/{number}/pay")
    assert merchant.state(number) == "SUCCESS"


def test_a_refund_may_take_its_time(merchant: Merchant) -> None:
    number = merchant.paid()
    merchant.fault("refund_async", value=1)
    merchant.refund(number, 100, out_refund_no="R-slow")
    time.sleep(0.2)
    assert merchant.refund_status("R-slow") == "PROCESSING"
    until(lambda: merchant.refund_status("R-slow") == "SUCCESS")


def test_an_abnormal_refund_is_told_and_can_be_mended(merchant: Merchant) -> None:
    with Listener() as shop:
        number = merchant.paid()
        merchant.fault("refund_abnormal", times=1)
        refund = merchant.refund(number, 100, out_refund_no="R-dead", notify_url=shop.url).json()
        assert merchant.decrypt(shop.wait(1)[0].body)["refund_status"] == "ABNORMAL"
        assert b'"event_type":"REFUND.ABNORMAL"' in shop.heard[0].body
        status, _ = witness(merchant.env).abnormal_refund(refund["refund_id"], "R-dead", "MERCHANT_BANK_CARD")
        assert status == 200
        assert merchant.decrypt(shop.wait(2)[1].body)["refund_status"] == "SUCCESS"
    assert merchant.refund_status("R-dead") == "SUCCESS"


def test_a_closed_refund_frees_its_amount(merchant: Merchant) -> None:
    number = merchant.paid()
    merchant.fault("refund_closed", times=1)
    merchant.refund(number, 1290, out_refund_no="R-shut")
    until(lambda: merchant.refund_status("R-shut") == "CLOSED")
    assert merchant.state(number) == "SUCCESS"
    assert merchant.refund(number, 1290).status_code == 200
    assert merchant.state(number) == "REFUND"


def test_a_refund_notice_may_overtake_the_answer(merchant: Merchant) -> None:
    with Listener() as shop:
        number = merchant.paid()
        merchant.fault("refund_callback_before_answer", scope=number)
        answer = merchant.refund(number, 100, out_refund_no="R-fast", notify_url=shop.url)
        assert len(shop.heard) == 1
    assert answer.json()["status"] == "PROCESSING"
    assert merchant.refund_status("R-fast") == "SUCCESS"


def test_without_balance_no_refund_and_the_same_number_works_later(merchant: Merchant) -> None:
    number = merchant.paid()
    merchant.fault("balance_not_enough", times=1)
    refused = merchant.refund(number, 100, out_refund_no="R-poor")
    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_ENOUGH")
    assert merchant.refund(number, 100, out_refund_no="R-poor").status_code == 200


def test_a_skewed_clock_refuses_honest_requests_and_dates_its_answers_wrongly(merchant: Merchant) -> None:
    merchant.fault("clock_skew", value=200)
    number, _ = merchant.create()
    answer = merchant.query(number)
    assert 190 < int(answer.headers["Wechatpay-Timestamp"]) - time.time() < 210
    merchant.fault("clock_skew", value=-400)
    assert merchant.query(number).json()["code"] == "SIGN_ERROR"


def test_a_switch_is_for_one_number_or_for_all_and_for_as_often_as_said(merchant: Merchant) -> None:
    mine, other = merchant.create()[0], merchant.create()[0]
    merchant.fault("500_before", scope=mine, times=2, operation="query")
    statuses = [merchant.query(number).status_code for number in (other, mine, mine, mine)]
    assert statuses == [200, 500, 500, 200]
    merchant.fault("429")
    assert merchant.query(other).status_code == 429
    active = merchant.control("GET", "/faults")["active"]
    assert [(row["fault"], row["scope"], row["remaining"]) for row in active] == [("429", "global", None)]
    assert merchant.control("DELETE", "/faults") == {"cleared": 2}  # the used-up one too
    assert merchant.query(other).status_code == 200


def test_nonsense_is_no_switch(merchant: Merchant) -> None:
    for body in (
        {"fault": "gremlins"},
        {"fault": "slow", "value": "long"},
        {"fault": "slow", "value": -1},
        {"fault": "bill_mismatch", "value": "burn"},
        {"fault": "429", "times": 0},
        {"fault": "429", "operation": "dance"},
        {},
    ):
        merchant.control("POST", "/faults", body, expect=400)
    assert merchant.control("GET", "/faults")["active"] == []
