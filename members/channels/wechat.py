"""Messages by WeChat: template messages of the official account, subscribe messages of the mini-program."""

import re
from collections.abc import Mapping

from members.channels.base import Ok, Outcome, Rejected, Unknown
from shop.core.wechat import client
from shop.core.wechat.apps import App
from shop.core.wechat.errors import WechatRefused, WechatSilent

UNWANTED = {"43004", "43101"}

ASCII = re.compile(r"[^\x20-\x7e]")
LONGEST = {
    "thing": 20,
    "character_string": 32,
    "name": 10,
    "phrase": 5,
    "letter": 32,
    "number": 32,
    "const": 20,
}


def send_template(
    *, openid: str, template_id: str, data: Mapping[str, str], url: str, out_id: str
) -> Outcome:
    """To a follower of the official account; the same `out_id` within ten minutes is one message."""
    body = {"touser": openid, "template_id": template_id, "client_msg_id": out_id, "data": _values(data)}
    return _send("oa", "/cgi-bin/message/template/send", body | ({"url": url} if url else {}))


def send_subscribed(*, openid: str, template_id: str, data: Mapping[str, str]) -> Outcome:
    """To somebody who said yes in the mini-program; one yes, one message."""
    body = {"touser": openid, "template_id": template_id, "lang": "zh_CN", "data": _values(data)}
    return _send("mp", "/cgi-bin/message/subscribe/send", body)


def fit(keyword: str, text: str) -> str:
    """The value as this kind of keyword takes it, cut where it is too long; never empty."""
    kind = keyword.rstrip("0123456789")
    clean = " ".join(text.split())
    if kind in ("character_string", "letter", "number"):
        clean = ASCII.sub("", clean)
    longest = LONGEST.get(kind, 200)
    if len(clean) > longest:
        clean = clean[: longest - 1] + "…" if kind in ("thing", "const") else clean[:longest]
    return clean or "-"


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {keyword: {"value": fit(keyword, text)} for keyword, text in data.items()}


def _send(app: App, path: str, body: Mapping[str, object]) -> Outcome:
    try:
        answer = client.ask(app, "POST", path, json=body)
    except WechatSilent as silent:
        return Unknown(silent.reason)
    except WechatRefused as refusal:
        return Rejected(str(refusal.errcode), refusal.errmsg)
    return Ok(str(answer.get("msgid") or ""))
