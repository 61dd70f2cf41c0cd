"""The control API under /_control/wechat/, for tests and demos. ../README.md lists it."""

import json
import re
from collections.abc import Callable
from typing import Any

from local.sandbox import clock, people
from local.sandbox.box import Box
from local.sandbox.http import Request
from local.sandbox.ledger import Row
from local.sandbox.weixin import codes, messages, pushes, quotas, shipping, templates, tokens

Handler = Callable[[Box, re.Match[str], Request], Any]


def _people(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    return [people.show(row) for row in people.everybody(box)]


def _add_person(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    row = people.add(
        box,
        nickname=str(given["nickname"]),
        phone=str(given.get("phone") or ""),
        follows=bool(given.get("follows", True)),
    )
    return people.show(row)


def _follow(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    return people.show(people.follow(box, str(given["person"]), follows=bool(given.get("follows", True))))


def _code(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    code = codes.issue(
        box,
        person=str(given["person"]),
        app=str(given["app"]),
        scope=str(given.get("scope") or ""),
        is_snapshotuser=bool(given.get("is_snapshotuser")),
    )
    return {"code": code}


def _messages(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    query = request.query
    rows = messages.listed(
        box,
        person=query.get("person", ""),
        openid=query.get("openid", ""),
        kind=query.get("kind", ""),
        refused=bool(query.get("refused")),
        limit=int(query.get("limit", 50)),
    )
    return [row | {"at": clock.rfc3339(row["at"])} for row in rows]


def _accept(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    given = request.json()
    count = given.get("count", 1)
    messages.accept(
        box,
        person=str(given["person"]),
        app=str(given["app"]),
        template_id=str(given.get("template_id") or messages.EVERY),
        count=None if count is None else int(count),
    )
    return messages.consents(box, str(given["person"]))


def _templates(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    return [vars(template) for template in templates.everything(box)]


def _add_template(box: Box, match: re.Match[str], request: Request) -> Row:
    given = request.json()
    template = templates.add(
        box,
        app=str(given["app"]),
        kind=str(given["kind"]),
        title=str(given.get("title") or given["kind"]),
        fields={str(keyword): str(label) for keyword, label in given["fields"].items()},
        given_id=str(given.get("template_id") or ""),
    )
    return vars(template)


def _push(box: Box, match: re.Match[str], request: Request) -> Row:
    """Push now and tell the answer; with `verify` only check the address."""
    given = request.json()
    if not box.shop:
        raise ValueError("the sandbox doesn't know the shop's address: start it with --shop")
    if given.get("verify"):
        return {"verified": pushes.verify_address(box)}
    number = pushes.write(
        box,
        app=str(given.get("app") or "oa"),
        person=str(given["person"]),
        event=str(given.get("event") or ""),
        fields={str(name): str(value) for name, value in (given.get("fields") or {}).items()},
        text=str(given.get("text") or ""),
    )
    return {"id": number} | pushes.deliver(
        box,
        number,
        by_hand=True,
        spoil=str(given.get("spoil") or ""),
        age=float(given.get("age") or 0),
        copies=int(given.get("copies") or 1),
    )


def _pushes(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    rows = box.ledger.rows("SELECT * FROM weixin_push ORDER BY id DESC LIMIT 100")
    return [row | {"at": clock.rfc3339(row["at"])} for row in rows]


def _age(box: Box, match: re.Match[str], request: Request) -> Row:
    tokens.age(box, float(request.json()["seconds"]))
    return {"status": "older"}


def _quotas(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    return quotas.used_today(box)


def _limit(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    given = request.json()
    quotas.limit(box, str(given["call"]), int(given["daily"]))
    return quotas.used_today(box)


def _shipping(box: Box, match: re.Match[str], request: Request) -> list[Row]:
    rows = shipping.listed(box)
    return [
        row
        | {
            "content": json.loads(row["content"]),
            "at": clock.rfc3339(row["at"]),
            "upload_time": clock.rfc3339(row["upload_time"]),
        }
        for row in rows
    ]


def _receive(box: Box, match: re.Match[str], request: Request) -> Row:
    shipping.receive(box, match[1])
    return {"status": "received"}


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/wechat/people", _people),
    ("POST", "/wechat/people", _add_person),
    ("POST", "/wechat/follow", _follow),
    ("POST", "/wechat/codes", _code),
    ("GET", "/wechat/messages", _messages),
    ("POST", "/wechat/accept", _accept),
    ("GET", "/wechat/templates", _templates),
    ("POST", "/wechat/templates", _add_template),
    ("GET", "/wechat/push", _pushes),
    ("POST", "/wechat/push", _push),
    ("POST", "/wechat/age", _age),
    ("GET", "/wechat/quotas", _quotas),
    ("POST", "/wechat/quotas", _limit),
    ("GET", "/wechat/shipping", _shipping),
    ("POST", "/wechat/shipping/([^/]+)/receive", _receive),
)
