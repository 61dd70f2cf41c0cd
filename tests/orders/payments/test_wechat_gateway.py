"""The port alone against the sandbox over HTTP; no database."""

import json
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from orders.gateways import wechat_signing
from orders.gateways.base import NoticeRefused, Ok, RefundRequest, Rejected, StartRequest, Unknown
from orders.gateways.wechat import WechatPay
from shop.core import clock
from tests.sandboxes import Sandbox

pytestmark = pytest.mark.usefixtures("sandbox")


EXPIRES_AT = datetime.now(UTC) + timedelta(minutes=15)  # the same at every repetition of a number


def a_request(number: str, amount: str = "12.34", method: str = "native", **more: str) -> StartRequest:
    return StartRequest(
        number=number,
        method=method,
        amount=Decimal(amount),
        description="街角鲜 订单",
        expires_at=EXPIRES_AT,
        notify_url="http://127.0.0.1:9/notify/wechat/payment/",
        client_ip="127.0.0.1",
        **more,
    )


def test_known_answer_of_the_encryption() -> None:
    keys = wechat_signing.Keys("m", "s", "", "p", "", "0123456789abcdef0123456789abcdef")
    sealed = (
        "iOXeloqNEdTaQMJvmOx0rNur4OLGlAxGjybadjQHgQziv0G6HFbFydZsvoyHmoOpCgaMAJlCvyBmr0AEZez9AWgDgL44/ESsxxM="
    )
    plain = wechat_signing.decrypt(
        keys, ciphertext=sealed, nonce="fdasfaSDFA12", associated_data="transaction"
    )
    assert json.loads(plain) == {"out_trade_no": "T20260101000001", "trade_state": "SUCCESS"}
    with pytest.raises(wechat_signing.Untrusted):
        wechat_signing.decrypt(keys, ciphertext=sealed, nonce="fdasfaSDFA12", associated_data="other")


def test_independent_library_accepts_our_signature_and_we_accept_its(sandbox: Sandbox) -> None:
    s = sandbox.settings
    with open(s["WECHAT_PAY_PRIVATE_KEY_FILE"]) as key, open(s["WECHAT_PAY_PUBLIC_KEY_FILE"]) as public:
        witness = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=s["WECHAT_PAY_MCHID"],
            private_key=key.read(),
            cert_serial_no=s["WECHAT_PAY_SERIAL"],
            apiv3_key=s["WECHAT_PAY_APIV3_KEY"],
            appid=s["WECHAT_PAY_APPID"],
            public_key=public.read(),
            public_key_id=s["WECHAT_PAY_PUBLIC_KEY_ID"],
        )
    witness._core._gate_way = s["WECHAT_PAY_BASE_URL"]
    started = WechatPay().start(a_request("WITNESS0000001"))
    assert isinstance(started, Ok)
    sandbox.pay("WITNESS0000001")
    status, body = witness.query(out_trade_no="WITNESS0000001")
    assert status == 200 and json.loads(body)["trade_state"] == "SUCCESS"
    ours = WechatPay().query("WITNESS0000001")
    assert isinstance(ours, Ok) and ours.value.transaction_id == json.loads(body)["transaction_id"]


@pytest.mark.parametrize(
    ("method", "field"), [("native", "code_url"), ("h5", "h5_url"), ("jsapi", "prepay_id")]
)
def test_each_way_to_pay_starts(sandbox: Sandbox, method: str, field: str) -> None:
    openid = sandbox.call("GET", "/wechat/people")[0]["openid"]["oa"]
    result = WechatPay().start(a_request(f"START-{method}", method=method, payer_openid=openid))
    assert isinstance(result, Ok) and getattr(result.value, field)
    if method == "jsapi":
        assert result.value.client["package"] == f"prepay_id={result.value.prepay_id}"


def test_paid_refunded_and_billed_to_the_fen(sandbox: Sandbox) -> None:
    gateway = WechatPay()
    gateway.start(a_request("MONEY0000001", amount="36.80"))
    sandbox.pay("MONEY0000001")
    state = gateway.query("MONEY0000001")
    assert isinstance(state, Ok)
    assert (state.value.word, state.value.amount) == ("paid", Decimal("36.80"))
    request = RefundRequest(
        number="RMONEY0000001",
        payment_number="MONEY0000001",
        amount=Decimal("6.80"),
        total=Decimal("36.80"),
        reason="缺货",
        notify_url="http://127.0.0.1:9/notify/wechat/refund/",
    )
    first, again = gateway.refund(request), gateway.refund(request)
    assert isinstance(first, Ok) and isinstance(again, Ok)
    assert first.value.gateway_refund_id == again.value.gateway_refund_id
    bill = gateway.fetch_bill(clock.page_now().date())
    if isinstance(bill, Rejected):
        assert bill.code  # today's bill may not exist before the next morning
    else:
        assert isinstance(bill, Ok)


def test_close_says_closed_paid_and_forgives_an_unseen_number(sandbox: Sandbox) -> None:
    gateway = WechatPay()
    gateway.start(a_request("CLOSE0000001"))
    closed = gateway.close("CLOSE0000001")
    assert isinstance(closed, Ok) and closed.value == "closed"
    gateway.start(a_request("CLOSE0000002"))
    sandbox.pay("CLOSE0000002")
    paid = gateway.close("CLOSE0000002")
    assert isinstance(paid, Ok) and paid.value == "paid"
    unseen = gateway.close("CLOSE0000009")
    assert isinstance(unseen, Ok) and unseen.value == "closed"


@pytest.mark.parametrize("fault", ["timeout_before", "timeout_after", "500_before", "500_after", "429", "bad_signature", "signtest", "stale_timestamp"])  # fmt: skip  # noqa: E501
def test_whatever_goes_wrong_on_the_way_is_unknown_never_a_failure(sandbox: Sandbox, fault: str) -> None:
    sandbox.fault(fault)
    assert isinstance(WechatPay().start(a_request(f"FAULT-{fault[:20]}")), Unknown)
    sandbox.clear()
    assert isinstance(WechatPay().start(a_request(f"FAULT-{fault[:20]}")), Ok), (
        "the same number works afterwards"
    )


def test_notices_of_others_are_refused() -> None:
    gateway = WechatPay()
    body = b'{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":{}}'
    now = datetime.now(UTC)
    headers = {
        "Wechatpay-Timestamp": str(int(time.time())),
        "Wechatpay-Nonce": "n",
        "Wechatpay-Serial": gateway.keys.public_key_id,
        "Wechatpay-Signature": "AAAA",
    }
    for changed in (
        {},
        {"Wechatpay-Serial": "PUB_KEY_ID_other"},
        {"Wechatpay-Timestamp": "1700000000"},
        {"Wechatpay-Timestamp": "１２３"},
        {"Wechatpay-Timestamp": "9" * 400},
        {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/x"},
        {"Wechatpay-Nonce": "é"},
    ):
        with pytest.raises(NoticeRefused):
            gateway.read_notice({**headers, **changed}, body, now)
    with pytest.raises(NoticeRefused):
        gateway.read_notice({}, b"\xff\x00", now)
