"""F7: notices that are forged, stale, foreign, replayed, too large or about something unknown change
nothing."""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from orders import gateways
from orders.models import Notice, Order, Payment
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus
from shop.core import clock
from shop.core.failpoints import FailpointReached
from tests.orders.payments.scenes import an_order

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "k" * 32


class Vendor:
    """Signs and encrypts notices as WeChat Pay does, with a key of its own."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def notice(
        self, resource: dict[str, Any], *, at: float | None = None, event: str = "TRANSACTION.SUCCESS"
    ) -> tuple[bytes, dict[str, str]]:
        nonce = secrets.token_hex(6)
        sealed = AESGCM(KEY.encode()).encrypt(nonce.encode(), json.dumps(resource).encode(), b"transaction")
        envelope = {
            "id": f"EV-{secrets.token_hex(8)}",
            "event_type": event,
            "resource": {
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(sealed).decode(),
                "nonce": nonce,
                "associated_data": "transaction",
            },
        }
        body = json.dumps(envelope).encode()
        return body, self.headers(body, at=at)

    def headers(self, body: bytes, *, at: float | None = None) -> dict[str, str]:
        stamp, nonce = str(int(at if at is not None else time.time())), secrets.token_hex(8)
        message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = base64.b64encode(self.key.sign(message, padding.PKCS1v15(), SHA256())).decode()
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": "PUB_KEY_ID_TEST",
            "Wechatpay-Signature": signature,
        }


@pytest.fixture
def vendor(settings: Any, tmp_path: Path) -> Iterator[Vendor]:
    vendor = Vendor()
    public = tmp_path / "public.pem"
    public.write_bytes(vendor.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    settings.WECHAT_PAY_MCHID, settings.WECHAT_PAY_APPID = "1900000001", "wxshop"
    settings.WECHAT_PAY_PUBLIC_KEY_ID = "PUB_KEY_ID_TEST"
    settings.WECHAT_PAY_PUBLIC_KEY_FILE = str(public)
    settings.WECHAT_PAY_APIV3_KEY = KEY
    gateways.get.cache_clear()
    yield vendor
    gateways.get.cache_clear()


def a_payment(order: Order) -> Payment:
    from orders.services import payments

    return payments.open_attempt(
        order_id=order.pk, method=PaymentMethod.NATIVE, payer_openid="", gateway="wechat"
    )[0]


def resource(payment: Payment, **changes: Any) -> dict[str, Any]:
    return {
        "mchid": "1900000001",
        "appid": "wxshop",
        "out_trade_no": payment.number,
        "transaction_id": f"4200{payment.number}",
        "trade_state": "SUCCESS",
        "success_time": clock.now().isoformat(timespec="seconds"),
        "amount": {"total": 990, "currency": "CNY"},
        **changes,
    }


def post(body: bytes, headers: dict[str, str], kind: str = "payment") -> int:
    return (
        Client()
        .post(f"/notify/wechat/{kind}/", body, content_type="application/json", headers=headers)
        .status_code
    )


def test_good_notice_pays_and_its_replay_changes_nothing(vendor: Vendor) -> None:
    order = an_order("9.90")
    body, headers = vendor.notice(resource(a_payment(order)))
    assert [post(body, headers) for _ in range(50)] == [204] * 50
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID and order.paid_amount == Decimal("9.90")
    assert Notice.objects.count() == 1
    assert order.transitions.filter(to_status="paid").count() == 1


@pytest.mark.parametrize("seconds", [-360, 360, -86400])
def test_stale_notice_is_refused(vendor: Vendor, seconds: int) -> None:
    order = an_order("9.90")
    payment = a_payment(order)
    assert post(*vendor.notice(resource(payment), at=time.time() + seconds)) == 401
    assert_untouched(order, payment)


def test_forged_notice_is_refused_without_a_trace_of_trust(vendor: Vendor) -> None:
    order = an_order("9.90")
    payment = a_payment(order)
    body, _good = vendor.notice(resource(payment))
    assert post(body, Vendor().headers(body)) == 401
    assert post(body, {}) == 401
    assert post(body + b" ", vendor.headers(body)) == 401
    assert_untouched(order, payment)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"mchid": "1900000002"}, 401),
        ({"appid": "wxother"}, 401),
        ({"amount": {"total": 989, "currency": "CNY"}}, 500),
        ({"amount": {"total": 990, "currency": "USD"}}, 401),
        ({"amount": {"total": "990", "currency": "CNY"}}, 401),
        ({"amount": {}}, 401),
        ({"out_trade_no": "261121000000000000"}, 500),
        ({"trade_state": "NEWSTATE"}, 401),
        ({"transaction_id": ""}, 401),
    ],
)
def test_notice_that_does_not_fit_never_pays(vendor: Vendor, changes: dict[str, Any], status: int) -> None:
    order = an_order("9.90")
    payment = a_payment(order)
    assert post(*vendor.notice(resource(payment, **changes))) == status
    assert_untouched(order, payment)


def test_transaction_of_another_payment_never_pays(vendor: Vendor) -> None:
    first, second = an_order("9.90"), an_order("9.90")
    one, two = a_payment(first), a_payment(second)
    assert post(*vendor.notice(resource(one, transaction_id="T1"))) == 204
    assert post(*vendor.notice(resource(two, transaction_id="T1"))) == 500
    assert_untouched(second, two)


def test_odd_requests_get_clear_answers(vendor: Vendor) -> None:
    order = an_order("9.90")
    payment = a_payment(order)
    body, headers = vendor.notice(resource(payment))
    assert post(b"x" * 70_000, headers) == 413
    assert Client().get("/notify/wechat/payment/").status_code == 405
    assert Client().post("/notify/nobody/payment/", body, content_type="application/json").status_code == 404
    assert Client().post("/notify/wechat/other/", body, content_type="application/json").status_code == 404
    assert post(body, headers, kind="refund") == 401
    assert post(*vendor.notice({"a": 1})) == 401
    assert_untouched(order, payment)


def test_notice_stored_but_not_processed_is_processed_by_its_repeat(vendor: Vendor, settings: Any) -> None:
    order = an_order("9.90")
    payment = a_payment(order)
    body, headers = vendor.notice(resource(payment))
    settings.SHOP_FAILPOINTS = "after_notice_stored=raise"
    with pytest.raises(FailpointReached):
        post(body, headers)
    assert Notice.objects.get().processed_at is None
    settings.SHOP_FAILPOINTS = ""
    assert post(body, headers) == 204
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def assert_untouched(order: Order, payment: Payment) -> None:
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status) == (OrderStatus.UNPAID, PaymentStatus.CREATED)
