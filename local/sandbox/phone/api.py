"""What the frame page asks and tells: who holds the phone, chats, the payment sheet, the share card."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from local.sandbox import clock, payments, people, prepay, sms
from local.sandbox.box import MERCHANT_NAME, Box
from local.sandbox.errors import CannotPay
from local.sandbox.http import Request, Response, json_response
from local.sandbox.ledger import Row
from local.sandbox.pages.markup import yuan
from local.sandbox.phone import chats, holder
from local.sandbox.weixin import messages, pushes, signatures

PREFIX = "/phone/api/"
Handler = Callable[[Box, Row, dict[str, Any]], Any]


def answer(box: Box, request: Request) -> Response:
    """JSON in, JSON out; 409 with `words` when the phone says no."""
    handle = ROUTES.get((request.method, request.path.removeprefix(PREFIX)))
    if not handle:
        return json_response({"words": "没有这个操作"}, 404)
    if request.method == "POST" and not request.headers.get("content-type", "").startswith(
        "application/json"
    ):
        return json_response({"words": "需要 JSON"}, 415)
    person = holder.of(box, request)
    try:
        given = request.json() if request.method == "POST" else dict(request.query)
        if request.path == PREFIX + "person":
            chosen = people.get(box, str(given.get("name", "")))
            return Response(
                200, b"{}", {"Content-Type": "application/json"}, cookies=(holder.choose(chosen),)
            )
        return json_response(handle(box, person, given))
    except CannotPay as refusal:
        return json_response({"words": str(refusal)}, 409)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return json_response({"words": str(error)}, 400)


def _state(box: Box, person: Row, given: dict[str, Any]) -> Row:
    return {
        "person": _face(person)
        | {"follows": bool(person["follows"]), "wants": bool(messages.consents(box, person["name"]))},
        "people": [_face(one) for one in people.everybody(box)],
        "chats": chats.listed(box, person),
        "text": _newest_text(box, person),
        "shop": box.shop,
        "phone": box.phone_url,
    }


def _newest_text(box: Box, person: Row) -> Row:
    """The newest text message to the person's number; id 0 when there is none."""
    found = sms.inbox(box, phone=person["phone"], limit=1)
    return {"id": found[0]["id"], "words": found[0]["text"]} if found else {"id": 0, "words": ""}


def _face(person: Row) -> Row:
    names = ("name", "nickname", "phone", "unionid")
    return {name: person[name] for name in names}


def _chat(box: Box, person: Row, given: dict[str, Any]) -> list[Row]:
    return chats.opened(box, person, str(given.get("with", "")))


def _follow(box: Box, person: Row, given: dict[str, Any]) -> Row:
    follows = bool(given.get("follows"))
    if follows != bool(person["follows"]):
        people.follow(box, person["name"], follows=follows)
        pushes.enqueue(box, app="oa", person=person["name"], event="subscribe" if follows else "unsubscribe")
    return {}


def _want(box: Box, person: Row, given: dict[str, Any]) -> Row:
    """Take every subscribe message from now on, or none that was accepted in advance."""
    for app in people.APPS:
        count = None if given.get("wants") else 0
        messages.accept(box, person=person["name"], app=app, template_id=messages.EVERY, count=count)
    return {}


def _sheet(box: Box, person: Row, given: dict[str, Any]) -> Row:
    number = prepay.of_page(box, _words(given), openid=person["oa_openid"])
    payment = payments.check_payable(box, number)
    return {
        "merchant": MERCHANT_NAME,
        "description": payment["description"],
        "sum": yuan(payment["total"]),
        "number": number,
    }


def _pay(box: Box, person: Row, given: dict[str, Any]) -> Row:
    """The person confirms. The signature and the person are judged again."""
    number = prepay.of_page(box, _words(given), openid=person["oa_openid"])
    payments.pay(box, number, openid=person["oa_openid"])
    return {"number": number}


def _judge(box: Box, person: Row, given: dict[str, Any]) -> Row:
    """`path` is where the page stands; the address that counts is the shop's."""
    wrong = signatures.judge(box, _words(given), url=f"{box.shop}{given.get('path', '/')}")
    return {"wrong": wrong, "at": clock.short(clock.now())}


def _share(box: Box, person: Row, given: dict[str, Any]) -> Row:
    """Send the card to a friend, or to everybody's moments."""
    link = str(given.get("link") or "")
    if urlsplit(link).scheme not in ("http", "https"):
        raise ValueError("分享的链接不是网址")
    card = {name: str(given.get(name) or "")[:500] for name in ("title", "text", "picture")}
    chats.share(box, person, to=str(given.get("to") or ""), card=card | {"link": link})
    return {}


def _words(given: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "state"): _state,
    ("GET", "chat"): _chat,
    ("POST", "person"): _state,
    ("POST", "follow"): _follow,
    ("POST", "want"): _want,
    ("POST", "sheet"): _sheet,
    ("POST", "pay"): _pay,
    ("POST", "judge"): _judge,
    ("POST", "share"): _share,
}
