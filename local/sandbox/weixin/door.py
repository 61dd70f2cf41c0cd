"""The door of api.weixin.qq.com: who calls, what goes wrong on purpose, what is answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.sandbox import clock, faults, people
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response
from local.sandbox.weixin import apps, codes, content, messages, quotas, shipping, tokens
from local.sandbox.weixin.errors import WeixinError

Body = dict[str, Any]
Handler = Callable[[Box, Request, Body], Body | bytes]


@dataclass(frozen=True)
class Call:
    """One API call; `app` is whose access_token it needs, "" for none."""

    method: str
    path: str
    operation: str
    handle: Handler
    app: str = ""


def knows(path: str) -> bool:
    return path in PATHS


def answer(box: Box, request: Request) -> Response:
    """HTTP 200 with JSON, errors too; a picture where one was asked for."""
    call = PATHS[request.path]
    scopes: tuple[str, ...] = ()
    try:
        if request.method != call.method:
            raise WeixinError(43002 if call.method == "POST" else 40097)
        body = _read(request, call)
        scopes = _scopes(body, request.query)
        spoiled = _fail_before(box, call.operation, scopes)
        if spoiled:
            return spoiled
        app = call.app
        if call.app:
            app = tokens.check(box, request.query.get("access_token", ""))
            if app != call.app:
                raise WeixinError(48001)
        quotas.count(box, app or _caller(box, request, body), call.operation)
        given = call.handle(box, request, body)
        failed = _fail_after(box, call.operation, scopes)
        if failed:
            return failed
    except WeixinError as refusal:
        return json_response(refusal.body())
    if isinstance(given, bytes):
        return Response(200, given, {"Content-Type": "image/jpeg"})
    return json_response(given)


def _read(request: Request, call: Call) -> Body:
    if call.method != "POST":
        return {}
    try:
        body = request.json()
    except ValueError:
        raise WeixinError(47001) from None
    if not isinstance(body, dict):
        raise WeixinError(47001)
    if not body:
        raise WeixinError(44002)
    return body


def _scopes(body: Body, query: dict[str, str]) -> tuple[str, ...]:
    """What a fault switch may name to meet this call: an openid, an appid, a template."""
    named = [body.get(name) for name in ("touser", "openid", "template_id", "appid")]
    named += [query.get(name) for name in ("openid", "appid")]
    key = body.get("order_key")
    if isinstance(key, dict):
        named += [key.get("out_trade_no"), key.get("transaction_id")]
    return tuple(name for name in named if isinstance(name, str) and name)


def _caller(box: Box, request: Request, body: Body) -> str:
    return apps.of_appid(box, str(request.query.get("appid") or body.get("appid") or "")) or "oa"


def _fail_before(box: Box, operation: str, scopes: tuple[str, ...]) -> Response | None:
    hold = faults.take(box, "timeout_before", operation=operation, scopes=scopes)
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if faults.take(box, "500_before", operation=operation, scopes=scopes) is not None:
        return json_response({}, 500)
    refused = faults.take(box, "errcode", operation=operation, scopes=scopes)
    if refused is not None:
        raise WeixinError(int(float(refused)))
    return None


def _fail_after(box: Box, operation: str, scopes: tuple[str, ...]) -> Response | None:
    wait = faults.take(box, "slow", operation=operation, scopes=scopes)
    if wait is not None:
        time.sleep(float(wait))
    hold = faults.take(box, "timeout_after", operation=operation, scopes=scopes)
    if hold is not None:
        return Response(hang_up_after=float(hold))
    if faults.take(box, "500_after", operation=operation, scopes=scopes) is not None:
        return json_response({}, 500)
    return None


def _token(box: Box, request: Request, body: Body) -> Body:
    if request.query.get("grant_type") != "client_credential":
        raise WeixinError(40002)
    return tokens.ordinary(box, apps.authenticate(box, request.query))


def _stable_token(box: Box, request: Request, body: Body) -> Body:
    if body.get("grant_type") != "client_credential":
        raise WeixinError(40002)
    app = apps.authenticate(box, {name: str(body.get(name) or "") for name in ("appid", "secret")})
    return tokens.stable(box, app, force=body.get("force_refresh") is True)


def _ticket(box: Box, request: Request, body: Body) -> Body:
    if request.query.get("type") != "jsapi":
        raise WeixinError(40097, "type")
    return {"errcode": 0, "errmsg": "ok"} | tokens.ticket(box)


def _page_token(box: Box, request: Request, body: Body) -> Body:
    if request.query.get("grant_type") != "authorization_code":
        raise WeixinError(40002)
    if apps.authenticate(box, request.query) != "oa":
        raise WeixinError(40013)
    code = codes.redeem(box, request.query.get("code", ""), app="oa", scopes=codes.SCOPES["oa"])
    person = people.get(box, code["person"])
    if code["is_snapshotuser"]:
        openid = "o" + code["code"][:27]
        access, refresh = tokens.of_person(box, openid=openid, person="", scope=code["scope"])
        return _page_answer(access, refresh, openid, code["scope"]) | {"is_snapshotuser": 1}
    openid = person["oa_openid"]
    access, refresh = tokens.of_person(box, openid=openid, person=person["name"], scope=code["scope"])
    found = _page_answer(access, refresh, openid, code["scope"])
    if code["scope"] == "snsapi_userinfo" or person["follows"]:
        found["unionid"] = person["unionid"]
    return found


def _page_answer(access: str, refresh: str, openid: str, scope: str) -> Body:
    return {
        "access_token": access,
        "expires_in": int(tokens.SECONDS),
        "refresh_token": refresh,
        "openid": openid,
        "scope": scope,
    }


def _renew_page_token(box: Box, request: Request, body: Body) -> Body:
    if request.query.get("grant_type") != "refresh_token":
        raise WeixinError(40002)
    if apps.of_appid(box, request.query.get("appid", "")) != "oa":
        raise WeixinError(40013)
    row = tokens.check_person(box, request.query.get("refresh_token", ""), kind="refresh")
    access, _ = tokens.of_person(box, openid=row["openid"], person=row["person"], scope=row["scope"])
    return _page_answer(access, row["token"], row["openid"], row["scope"])


def _check_page_token(box: Box, request: Request, body: Body) -> Body:
    tokens.check_person(
        box, request.query.get("access_token", ""), openid=request.query.get("openid", "") or "-"
    )
    return {"errcode": 0, "errmsg": "ok"}


def _userinfo(box: Box, request: Request, body: Body) -> Body:
    row = tokens.check_person(
        box, request.query.get("access_token", ""), openid=request.query.get("openid", "") or "-"
    )
    if row["scope"] != "snsapi_userinfo":
        raise WeixinError(48001)
    empty = {"sex": 0, "language": "", "province": "", "city": "", "country": "", "privilege": []}
    person = people.find(box, row["person"])
    if not person:  # the preview user
        return {"openid": row["openid"], "nickname": "微信用户", "headimgurl": ""} | empty
    return {
        "openid": row["openid"],
        "nickname": person["nickname"],
        "headimgurl": f"{box.url}/faces/{person['unionid']}.png",
        "unionid": person["unionid"],
    } | empty


def _session(box: Box, request: Request, body: Body) -> Body:
    if request.query.get("grant_type") != "authorization_code":
        raise WeixinError(40002)
    if apps.authenticate(box, request.query) != "mp":
        raise WeixinError(40013)
    code = codes.redeem(box, request.query.get("js_code", ""), app="mp", scopes=("login",))
    person = people.get(box, code["person"])
    box.ledger.write("UPDATE person SET seen_mp_at = ? WHERE name = ?", clock.now(), person["name"])
    return {
        "openid": person["mp_openid"],
        "session_key": code["code"][:22] + "==",
        "unionid": person["unionid"],
    }


def _phone_number(box: Box, request: Request, body: Body) -> Body:
    code = codes.redeem(box, str(body.get("code") or ""), app="mp", scopes=("phone",))
    phone = people.get(box, code["person"])["phone"]
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": phone,
            "purePhoneNumber": phone,
            "countryCode": "86",
            "watermark": {"timestamp": int(clock.now()), "appid": apps.appid(box, "mp")},
        },
    }


def _template(box: Box, request: Request, body: Body) -> Body:
    return messages.send_template(box, body)


def _subscribe(box: Box, request: Request, body: Body) -> Body:
    return messages.send_subscribed(box, "mp", body)


def _bizsend(box: Box, request: Request, body: Body) -> Body:
    return messages.send_subscribed(box, "oa", body)


def _code_picture(box: Box, request: Request, body: Body) -> bytes:
    return content.code_picture(box, body)


def _check_text(box: Box, request: Request, body: Body) -> Body:
    return content.check_text(box, body)


def _upload_shipping(box: Box, request: Request, body: Body) -> Body:
    return shipping.upload(box, body)


def _shipping_order(box: Box, request: Request, body: Body) -> Body:
    return shipping.get_order(box, body)


CALLS = (
    Call("GET", "/cgi-bin/token", "token", _token),
    Call("POST", "/cgi-bin/stable_token", "stable_token", _stable_token),
    Call("GET", "/cgi-bin/ticket/getticket", "ticket", _ticket, app="oa"),
    Call("GET", "/sns/oauth2/access_token", "oauth", _page_token),
    Call("GET", "/sns/oauth2/refresh_token", "oauth", _renew_page_token),
    Call("GET", "/sns/auth", "oauth", _check_page_token),
    Call("GET", "/sns/userinfo", "userinfo", _userinfo),
    Call("GET", "/sns/jscode2session", "session", _session),
    Call("POST", "/wxa/business/getuserphonenumber", "phone_number", _phone_number, app="mp"),
    Call("POST", "/cgi-bin/message/template/send", "template", _template, app="oa"),
    Call("POST", "/cgi-bin/message/subscribe/send", "subscribe", _subscribe, app="mp"),
    Call("POST", "/cgi-bin/message/subscribe/bizsend", "bizsend", _bizsend, app="oa"),
    Call("POST", "/wxa/getwxacodeunlimit", "wxacode", _code_picture, app="mp"),
    Call("POST", "/wxa/msg_sec_check", "msg_sec_check", _check_text, app="mp"),
    Call("POST", "/wxa/sec/order/upload_shipping_info", "shipping", _upload_shipping, app="mp"),
    Call("POST", "/wxa/sec/order/get_order", "shipping", _shipping_order, app="mp"),
)
PATHS = {call.path: call for call in CALLS}
