"""The WeChat Pay v3 door: who is asking, what goes wrong on purpose, what is answered, signed."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.sandbox import bills, clock, faults, notifier, payments, refunds, signing
from local.sandbox.box import Box
from local.sandbox.errors import ApiError, CannotPay
from local.sandbox.http import JSON, Request, Response
from local.sandbox.stamp import skew, stamp

WINDOW = 300.0
NONCE_SECONDS = 600.0
LONGEST_BODY = 1_000_000
Body = dict[str, Any]
Handler = Callable[[Box, re.Match[str], Request, Body], Body | bytes | None]


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    operation: str
    handle: Handler


def answer(box: Box, request: Request) -> Response:
    """The signed answer to one API call."""
    route, match = _route(request)
    operation = route.operation if route else "query"
    scopes: tuple[str, ...] = ()
    try:
        _authenticate(box, request, operation)
        if not route or not match:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")
        body = _read_body(request)
        scopes = _scopes(box, match, body)
        spoiled = _fail_before(box, operation, scopes)
        if spoiled:
            return spoiled
        response = _respond(box, route.handle(box, match, request, body), operation, scopes)
        return _fail_after(box, operation, scopes) or response
    except ApiError as error:
        return _refuse(box, error, operation, scopes)


def _route(request: Request) -> tuple[Route | None, re.Match[str] | None]:
    for route in ROUTES:
        match = route.path.fullmatch(request.path)
        if match and route.method == request.method:
            return route, match
    return None, None


def _authenticate(box: Box, request: Request, operation: str) -> None:
    if not request.headers.get("user-agent") or not request.headers.get("accept"):
        raise ApiError(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    identity = box.credentials.identity
    given = signing.read_authorization(request.headers.get("authorization", ""))
    if not given or given.mchid != identity.mchid or given.serial != identity.merchant_serial:
        raise ApiError(401, "SIGN_ERROR", "Http头Authorization值格式错误或商户证书序列号有误")
    at = clock.now() + skew(box, operation)
    if not given.timestamp.isdecimal() or abs(at - int(given.timestamp)) > WINDOW:
        raise ApiError(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    message = signing.lines(request.method, request.target, given.timestamp, given.nonce, request.body)
    if len(given.nonce) > 32 or not signing.verify(
        box.credentials.merchant_public_key, message, given.signature
    ):
        raise ApiError(401, "SIGN_ERROR", "错误的签名，验签失败")
    if not _remember(box, given.nonce):
        raise ApiError(401, "SIGN_ERROR", "nonce_str 已被使用")
    serial = request.headers.get("wechatpay-serial")
    if serial and serial != identity.public_key_id:
        raise ApiError(400, "PARAM_ERROR", "Http头Wechatpay-Serial不是本商户的微信支付公钥ID")


def _remember(box: Box, nonce: str) -> bool:
    """False when this nonce was seen within ten minutes."""
    at = clock.now()
    with box.ledger.transaction():
        box.ledger.write("DELETE FROM nonce WHERE at < ?", at - NONCE_SECONDS)
        return box.ledger.write("INSERT OR IGNORE INTO nonce VALUES (?, ?)", nonce, at) == 1


def _read_body(request: Request) -> Body:
    if len(request.body) > LONGEST_BODY:
        raise ApiError(400, "PARAM_ERROR", "请求体过大")
    if request.method == "POST" and not request.headers.get("content-type", "").startswith(
        "application/json"
    ):
        raise ApiError(400, "PARAM_ERROR", "Http头Content-Type必须是application/json")
    try:
        body = request.json()
    except ValueError:
        raise ApiError(400, "PARAM_ERROR", "请求体不是JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "PARAM_ERROR", "请求体必须是JSON对象")
    return body


def _scopes(box: Box, match: re.Match[str], body: Body) -> tuple[str, ...]:
    """The numbers a fault switch may name to meet this call."""
    named = match.groupdict() | {
        name: body[name] for name in ("out_trade_no", "out_refund_no") if name in body
    }
    transaction_id = named.get("transaction_id") or body.get("transaction_id")
    payment = payments.by_transaction(box, str(transaction_id)) if transaction_id else None
    refund = refunds.find(box, str(named.get("out_refund_no", "")))
    found = [named.get("out_refund_no"), named.get("out_trade_no")]
    found += [row["out_trade_no"] for row in (payment, refund) if row]
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and name))


def _fail_before(box: Box, operation: str, scopes: tuple[str, ...]) -> Response | None:
    hold = faults.take(box, "timeout_before", operation=operation, scopes=scopes)
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if faults.take(box, "500_before", operation=operation, scopes=scopes) is not None:
        raise ApiError(500, "SYSTEM_ERROR", "系统异常，请用原单号重试")
    if faults.take(box, "429", operation=operation, scopes=scopes) is not None:
        raise ApiError(429, "FREQUENCY_LIMITED", "频率过高，请降低请求频率后重试")
    return None


def _fail_after(box: Box, operation: str, scopes: tuple[str, ...]) -> Response | None:
    wait = faults.take(box, "slow", operation=operation, scopes=scopes)
    if wait is not None:
        time.sleep(float(wait))
    hold = faults.take(box, "timeout_after", operation=operation, scopes=scopes)
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if faults.take(box, "500_after", operation=operation, scopes=scopes) is not None:
        raise ApiError(500, "SYSTEM_ERROR", "系统异常，请用原单号重试")
    return None


def _respond(box: Box, content: Body | bytes | None, operation: str, scopes: tuple[str, ...]) -> Response:
    if isinstance(content, bytes):  # a bill; WeChat doesn't sign it
        return Response(200, content, {"Content-Type": "application/x-gzip"})
    if content is None:
        headers, _ = stamp(box, b"", operation=operation, scopes=scopes)
        return Response(204, b"", headers)
    return _signed(box, 200, content, operation, scopes)


def _refuse(box: Box, error: ApiError, operation: str, scopes: tuple[str, ...]) -> Response:
    return _signed(box, error.status, error.body(), operation, scopes)


def _signed(box: Box, status: int, content: Body, operation: str, scopes: tuple[str, ...]) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers, _ = stamp(box, body, operation=operation, scopes=scopes)
    return Response(status, body, {"Content-Type": JSON} | headers)


def _create(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    answered = payments.create(box, match["product"], body)
    number = body["out_trade_no"]
    if faults.take(box, "callback_before_response", operation="create", scopes=(number,)) is not None:
        try:
            notice_id = payments.pay(box, number, is_held=True)
        except CannotPay:
            return answered
        notifier.deliver(box, notice_id)
    return answered


def _query_by_number(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    payments.check_merchant(box, request.query.get("mchid", ""))
    return payments.describe(box, payments.find(box, match["out_trade_no"]))


def _query_by_id(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    payments.check_merchant(box, request.query.get("mchid", ""))
    return payments.describe(box, payments.by_transaction(box, match["transaction_id"]))


def _close(box: Box, match: re.Match[str], request: Request, body: Body) -> None:
    payments.check_merchant(box, str(body.get("mchid", "")))
    payments.close(box, match["out_trade_no"])


def _refund(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    answered = refunds.request(box, body)
    number, scopes = answered["out_refund_no"], (answered["out_refund_no"], answered["out_trade_no"])
    if faults.take(box, "refund_callback_before_answer", operation="refund", scopes=scopes) is not None:
        notifier.deliver(box, refunds.settle(box, number, is_held=True))
    return answered


def _query_refund(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    return refunds.describe(box, refunds.find(box, match["out_refund_no"]))


def _mend_abnormal(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    return refunds.mend_abnormal(box, match["refund_id"], body)


def _trade_bill(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    return bills.trade_bill(box, request.query)


def _flow_bill(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    return bills.flow_bill(box, request.query)


def _bill_file(box: Box, match: re.Match[str], request: Request, body: Body) -> bytes:
    return bills.file(box, request.query.get("token", ""))


def _certificates(box: Box, match: re.Match[str], request: Request, body: Body) -> Body:
    raise ApiError(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请使用微信支付公钥")


def _routes(*rows: tuple[str, str, str, Handler]) -> tuple[Route, ...]:
    return tuple(
        Route(method, re.compile(path), operation, handle) for method, path, operation, handle in rows
    )


PAY = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"
ROUTES = _routes(
    ("POST", f"{PAY}/(?P<product>native|h5|jsapi|app)", "create", _create),
    ("GET", f"{PAY}/out-trade-no/(?P<out_trade_no>[^/]+)", "query", _query_by_number),
    ("GET", f"{PAY}/id/(?P<transaction_id>[^/]+)", "query", _query_by_id),
    ("POST", f"{PAY}/out-trade-no/(?P<out_trade_no>[^/]+)/close", "close", _close),
    ("POST", REFUNDS, "refund", _refund),
    ("GET", f"{REFUNDS}/(?P<out_refund_no>[^/]+)", "refund_query", _query_refund),
    ("POST", f"{REFUNDS}/(?P<refund_id>[^/]+)/apply-abnormal-refund", "abnormal_refund", _mend_abnormal),
    ("GET", "/v3/bill/tradebill", "bill", _trade_bill),
    ("GET", "/v3/bill/fundflowbill", "bill", _flow_bill),
    ("GET", "/v3/billdownload/file", "bill_file", _bill_file),
    ("GET", "/v3/certificates", "query", _certificates),
)
