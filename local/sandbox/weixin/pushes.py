"""Events and messages pushed to the shop: sealed, signed, three tries of five seconds."""

import secrets
import xml.etree.ElementTree as ElementTree
from typing import Any
from urllib.parse import urlencode

import requests

from local.sandbox import clock, people
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin import apps, crypto

PATH = "/notify/wechat/messages/"
TRIES = 3
PAUSE = 5.0
ANSWER_SECONDS = 5.0
ORIGINAL_ID = {"oa": "gh_sandbox00001", "mp": "gh_sandbox00002"}


def enqueue(box: Box, *, app: str, person: str, event: str, fields: dict[str, str] | None = None) -> None:
    """Push an event as soon as may be; nothing happens while the sandbox doesn't know the shop's address."""
    if box.shop:
        number = write(box, app=app, person=person, event=event, fields=fields or {})
        box.ledger.write("UPDATE weixin_push SET next_at = ? WHERE id = ?", clock.now(), number)
        box.wake()


def write(box: Box, *, app: str, person: str, event: str = "", fields: dict[str, str], text: str = "") -> int:
    """Write down an event, or with `text` a message the person typed; its number. `deliver` sends it."""
    if app not in people.APPS or not (event or text):
        raise ValueError("app must be oa or mp, and event or text be given")
    row = {
        "app": app,
        "person": people.get(box, person)["name"],
        "event": event or "text",
        "content": _xml(box, app=app, person=person, event=event, fields=fields, text=text),
        "state": "waiting",
        "at": clock.now(),
    }
    return box.ledger.insert("weixin_push", row)


def _xml(box: Box, *, app: str, person: str, event: str, fields: dict[str, str], text: str) -> str:
    root = ElementTree.Element("xml")
    values = {
        "ToUserName": ORIGINAL_ID[app],
        "FromUserName": people.get(box, person)[f"{app}_openid"],
        "CreateTime": str(int(clock.now())),
    }
    if text:
        values |= {"MsgType": "text", "Content": text, "MsgId": str(secrets.randbelow(10**18) + 10**18)}
    else:
        values |= {"MsgType": "event", "Event": event}
    for name, value in (values | fields).items():
        ElementTree.SubElement(root, name).text = value
    return ElementTree.tostring(root, encoding="unicode")


def resume(box: Box) -> None:
    """Put back what was being pushed when the process ended."""
    box.ledger.write(
        "UPDATE weixin_push SET next_at = ? WHERE state = 'waiting' AND next_at IS NULL", clock.now()
    )


def claim_due(box: Box, at: float) -> list[int]:
    """Take the pushes that are due; each must then be delivered."""
    with box.ledger.transaction():
        due = box.ledger.rows("SELECT id FROM weixin_push WHERE next_at <= ?", at)
        for row in due:
            box.ledger.write("UPDATE weixin_push SET next_at = NULL WHERE id = ?", row["id"])
    return [row["id"] for row in due]


def deliver(
    box: Box, number: int, *, by_hand: bool = False, spoil: str = "", age: float = 0, copies: int = 1
) -> dict[str, Any]:
    """Make one try; what the shop answered. Sent by hand it stays the only one.

    `spoil`: signature, msg_signature, appid or key.
    """
    row = box.ledger.only("SELECT * FROM weixin_push WHERE id = ?", number)
    url, body = _envelope(box, row, spoil=spoil, age=age)
    answers = [_post(url, body) for _ in range(copies)]
    status, answer = answers[0]
    is_accepted = status == 200 and _is_fine(box, answer)
    tries = row["tries"] + 1
    is_last = by_hand or tries >= TRIES
    box.ledger.write(
        "UPDATE weixin_push SET state = ?, tries = ?, status = ?, answer = ?, next_at = ? WHERE id = ?",
        "accepted" if is_accepted else "given_up" if is_last else "waiting",
        tries,
        status,
        answer[:500],
        None if is_accepted or is_last else clock.now() + box.real_seconds(PAUSE),
        number,
    )
    return {"accepted": is_accepted, "answers": [{"status": one[0], "body": one[1]} for one in answers]}


def verify_address(box: Box) -> bool:
    """The check WeChat makes when the address is entered in its console: a GET that must echo."""
    echo = str(secrets.randbelow(10**18))
    identity = box.credentials.identity
    timestamp, nonce = str(int(clock.now())), secrets.token_hex(5)
    query = {
        "signature": crypto.signature(identity.oa_token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": echo,
    }
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{box.shop}{PATH}?{urlencode(query)}", timeout=ANSWER_SECONDS)
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.text == echo


def _envelope(box: Box, row: Row, *, spoil: str, age: float) -> tuple[str, bytes]:
    identity = box.credentials.identity
    key = identity.oa_aes_key if spoil != "key" else secrets.token_hex(22)[:43]
    appid = apps.appid(box, row["app"]) if spoil != "appid" else "wx0000000000000000"
    sealed = crypto.seal(key, appid, row["content"])
    timestamp, nonce = str(int(clock.now() - age)), secrets.token_hex(5)
    token = identity.oa_token
    query = {
        "signature": crypto.signature(token if spoil != "signature" else "x", timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": people.get(box, row["person"])[f"{row['app']}_openid"],
        "encrypt_type": "aes",
        "msg_signature": crypto.signature(
            token if spoil != "msg_signature" else "x", timestamp, nonce, sealed
        ),
    }
    root = ElementTree.Element("xml")
    ElementTree.SubElement(root, "ToUserName").text = ORIGINAL_ID[row["app"]]
    ElementTree.SubElement(root, "Encrypt").text = sealed
    return f"{box.shop}{PATH}?{urlencode(query)}", ElementTree.tostring(root)


def _is_fine(box: Box, answer: str) -> bool:
    """`success`, nothing, or a sealed reply is an acceptance."""
    return answer in ("", "success") or answer.lstrip().startswith("<xml>")


def _post(url: str, body: bytes) -> tuple[int | None, str]:
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                url,
                data=body,
                headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as problem:
        return None, type(problem).__name__
    return answer.status_code, answer.text
