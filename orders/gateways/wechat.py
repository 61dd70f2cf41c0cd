"""WeChat Pay API v3 behind the gateway port: Native, H5 and JSAPI; amounts are fen here and nowhere else."""

import gzip
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from orders.gateways.base import (
    Exchange,
    NoticeContent,
    NoticeRefused,
    Ok,
    PaymentState,
    PaymentWord,
    Prepay,
    RefundRequest,
    RefundState,
    RefundWord,
    Rejected,
    Result,
    StartRequest,
    Unknown,
)
from orders.gateways.wechat_client import Answer, WechatPayClient, path_of
from orders.gateways.wechat_signing import Keys, Untrusted, client_parameters, decrypt, verify
from shop.core.money import from_fen, to_fen

BEIJING = ZoneInfo("Asia/Shanghai")
PAY_SECONDS = 15
ABSENT = {"ORDERNOTEXIST", "RESOURCENOTEXISTS"}
PAYMENT_WORDS: dict[str, PaymentWord] = {
    "SUCCESS": "paid",
    "REFUND": "paid",
    "NOTPAY": "unpaid",
    "USERPAYING": "unpaid",
    "ACCEPT": "unpaid",
    "CLOSED": "closed",
    "REVOKED": "closed",
    "PAYERROR": "failed",
}
REFUND_WORDS: dict[str, RefundWord] = {
    "PROCESSING": "processing",
    "SUCCESS": "succeeded",
    "CLOSED": "closed",
    "ABNORMAL": "abnormal",
}


class WechatPay:
    name = "wechat"

    @cached_property
    def keys(self) -> Keys:
        return Keys(
            mchid=settings.WECHAT_PAY_MCHID,
            serial=settings.WECHAT_PAY_SERIAL,
            private_key_file=settings.WECHAT_PAY_PRIVATE_KEY_FILE,
            public_key_id=settings.WECHAT_PAY_PUBLIC_KEY_ID,
            public_key_file=settings.WECHAT_PAY_PUBLIC_KEY_FILE,
            apiv3_key=settings.WECHAT_PAY_APIV3_KEY,
        )

    @cached_property
    def client(self) -> WechatPayClient:
        return WechatPayClient(settings.WECHAT_PAY_BASE_URL, self.keys)

    def start(self, request: StartRequest) -> Result[Prepay]:
        """Open a payment. Sending the same request again for an unpaid number is allowed and idempotent."""
        payload: dict[str, object] = {
            "appid": settings.WECHAT_PAY_APPID,
            "mchid": self.keys.mchid,
            "description": request.description[:127],
            "out_trade_no": request.number,
            "time_expire": request.expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            "notify_url": request.notify_url,
            "amount": {"total": to_fen(request.amount), "currency": "CNY"},
        }
        scene: dict[str, object] = {"payer_client_ip": request.client_ip}
        if request.method == "h5":
            scene["h5_info"] = {"type": "Wap"}
        if request.method == "jsapi":
            payload["payer"] = {"openid": request.payer_openid}
        payload["scene_info"] = scene
        answer = self.client.call(
            "POST", f"/v3/pay/transactions/{request.method}", payload, read_seconds=PAY_SECONDS
        )
        if not isinstance(answer, Answer):
            return answer
        prepay_id = str(answer.data.get("prepay_id", ""))
        prepay = Prepay(
            prepay_id=prepay_id,
            code_url=str(answer.data.get("code_url", "")),
            h5_url=str(answer.data.get("h5_url", "")),
            client=client_parameters(self.keys, app_id=settings.WECHAT_PAY_APPID, prepay_id=prepay_id)
            if prepay_id
            else {},
        )
        if not (prepay.prepay_id or prepay.code_url or prepay.h5_url):
            return Unknown("answer names no way to pay", answer.exchange)
        return Ok(prepay, answer.exchange)

    def query(self, number: str) -> Result[PaymentState]:
        answer = self.client.call(
            "GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.keys.mchid}"
        )
        if isinstance(answer, Rejected) and answer.code in ABSENT:
            return Ok(PaymentState(number, "absent"), answer.exchange)
        if not isinstance(answer, Answer):
            return answer
        try:
            state = self._payment_state(answer.data)
        except (NoticeRefused, KeyError, ValueError, TypeError) as error:
            return Unknown(f"answer can't be read: {error}", answer.exchange)
        if state.number != number:
            return Unknown("answer is about another payment", answer.exchange)
        return Ok(state, answer.exchange)

    def close(self, number: str) -> Result[Literal["closed", "paid"]]:
        """Close a payment. A number the gateway never saw counts as closed: nobody can pay it any more."""
        answer = self.client.call(
            "POST", f"/v3/pay/transactions/out-trade-no/{number}/close", {"mchid": self.keys.mchid}
        )
        if isinstance(answer, Answer):
            return Ok("closed", answer.exchange)
        if isinstance(answer, Rejected) and answer.code in ABSENT | {"ORDERCLOSED"}:
            return Ok("closed", answer.exchange)
        if isinstance(answer, Rejected) and answer.code == "ORDERPAID":
            return Ok("paid", answer.exchange)
        return answer

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> NoticeContent:
        """Verify and decrypt. Raises NoticeRefused for anything that is not WeChat Pay's word to this
        merchant."""
        try:
            verify(self.keys, headers=headers, body=body, now=now.timestamp())
            envelope = json.loads(body)
            sealed = envelope["resource"]
            if sealed.get("algorithm") != "AEAD_AES_256_GCM":
                raise NoticeRefused("unknown encryption")
            plain = decrypt(
                self.keys,
                ciphertext=sealed["ciphertext"],
                nonce=sealed["nonce"],
                associated_data=sealed.get("associated_data") or "",
            )
            resource = json.loads(plain)
            event = str(envelope["event_type"])
            notice_id = str(envelope["id"])
            if not 0 < len(notice_id) <= 64:
                raise NoticeRefused("notice without a usable id")
            if event.startswith("TRANSACTION."):
                return NoticeContent(notice_id, self._payment_state(resource), resource)
            if event.startswith("REFUND."):
                return NoticeContent(notice_id, self._refund_state(resource, "refund_status"), resource)
        except (Untrusted, KeyError, ValueError, TypeError, AttributeError) as error:
            raise NoticeRefused(str(error)) from error
        raise NoticeRefused("unknown kind of notice")

    def refund(self, request: RefundRequest) -> Result[RefundState]:
        """Ask for money to go back. The same number any number of times is one refund."""
        payload: dict[str, object] = {
            "out_trade_no": request.payment_number,
            "out_refund_no": request.number,
            "notify_url": request.notify_url,
            "amount": {
                "refund": to_fen(request.amount),
                "total": to_fen(request.total),
                "currency": "CNY",
            },
        }
        if request.reason:
            payload["reason"] = request.reason[:80]
        answer = self.client.call("POST", "/v3/refund/domestic/refunds", payload, read_seconds=PAY_SECONDS)
        return self._refund_result(request.number, answer)

    def query_refund(self, number: str) -> Result[RefundState]:
        answer = self.client.call("GET", f"/v3/refund/domestic/refunds/{number}")
        if isinstance(answer, Rejected) and answer.code in ABSENT:
            return Ok(RefundState(number, "absent"), answer.exchange)
        return self._refund_result(number, answer)

    def fetch_bill(self, day: date) -> Result[bytes]:
        ticket = self.client.call(
            "GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL&tar_type=GZIP"
        )
        if isinstance(ticket, Rejected) and ticket.code == "NOSTATEMENTEXIST":
            return Ok(b"", ticket.exchange)
        if not isinstance(ticket, Answer):
            return ticket
        file = self.client.call(
            "GET", path_of(str(ticket.data.get("download_url", ""))), is_signed_answer=False
        )
        if not isinstance(file, Answer):
            return file
        try:
            content = gzip.decompress(file.content)
        except (OSError, EOFError):
            content = file.content
        seen = hashlib.sha1(content, usedforsecurity=False).hexdigest()  # the protocol's hash of a bill
        if not secrets.compare_digest(seen, str(ticket.data.get("hash_value", "")).lower()):
            return Unknown("bill does not fit its hash", Exchange(file.exchange.request, 200, "(bill)"))
        return Ok(content, Exchange(file.exchange.request, 200, f"(bill of {len(content)} bytes)"))

    def _refund_result(self, number: str, answer: Answer | Rejected | Unknown) -> Result[RefundState]:
        if not isinstance(answer, Answer):
            return answer
        try:
            state = self._refund_state(answer.data, "status")
        except (KeyError, ValueError, TypeError) as error:
            return Unknown(f"answer can't be read: {error}", answer.exchange)
        if state.number != number:
            return Unknown("answer is about another refund", answer.exchange)
        return Ok(state, answer.exchange)

    def _payment_state(self, data: Mapping[str, object]) -> PaymentState:
        if data.get("mchid") != self.keys.mchid or data.get("appid") != settings.WECHAT_PAY_APPID:
            raise NoticeRefused("about another merchant or app")
        word = PAYMENT_WORDS[str(data["trade_state"])]
        amount, currency = _amount(data.get("amount"), "total")
        if word == "paid" and (amount is None or currency != "CNY" or not data.get("transaction_id")):
            raise NoticeRefused("paid without amount, currency or transaction")
        payer = data.get("payer")
        return PaymentState(
            number=str(data["out_trade_no"]),
            word=word,
            amount=amount,
            transaction_id=str(data.get("transaction_id") or ""),
            paid_at=_instant(data.get("success_time")),
            payer=str(payer.get("openid", "")) if isinstance(payer, dict) else "",
        )

    def _refund_state(self, data: Mapping[str, object], field: str) -> RefundState:
        if "mchid" in data and data["mchid"] != self.keys.mchid:
            raise ValueError("about another merchant")
        amount, _currency = _amount(data.get("amount"), "refund")
        return RefundState(
            number=str(data["out_refund_no"]),
            word=REFUND_WORDS[str(data[field])],
            payment_number=str(data.get("out_trade_no") or ""),
            amount=amount,
            gateway_refund_id=str(data.get("refund_id") or ""),
            done_at=_instant(data.get("success_time")),
        )


def _amount(value: object, field: str) -> tuple[Decimal | None, str]:
    if not isinstance(value, dict) or field not in value:
        return None, ""
    fen = value[field]
    if not isinstance(fen, int) or isinstance(fen, bool):
        raise ValueError("amounts are whole fen")
    return from_fen(fen), str(cast("dict[str, object]", value).get("currency", ""))


def _instant(value: object) -> datetime | None:
    if not value:
        return None
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError("instants carry their zone")
    return instant
