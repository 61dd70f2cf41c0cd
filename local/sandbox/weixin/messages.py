"""Service messages: who may still get one, what may be in it, and the list of what was sent."""

import json
from typing import Any

from local.sandbox import clock, people
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin import apps, pushes, templates, values
from local.sandbox.weixin.errors import WeixinError

DEDUPE_SECONDS = 600.0
EVERY = "*"
PAGE_LONGEST = 1024
STATES = ("developer", "trial", "formal")
LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")


def send_template(box: Box, body: dict[str, Any]) -> dict[str, Any]:
    """A template message of the official account: to followers only, deduplicated by client_msg_id."""
    person = apps.touser(box, "oa", body.get("touser"))
    known = str(body.get("client_msg_id") or "")
    if known:
        former = box.ledger.value(
            "SELECT id FROM weixin_message WHERE openid = ? AND client_msg_id = ? AND at > ? AND errcode = 0",
            person["oa_openid"],
            known,
            clock.now() - DEDUPE_SECONDS,
        )
        if former:
            return {"errcode": 0, "errmsg": "ok", "msgid": _msgid(former)}
    with _Kept(box, "template", "oa", person, body) as sent:
        sent.template = templates.find(box, "oa", body.get("template_id"))
        sent.data = values.check(sent.template.fields, body.get("data"))
        sent.target = _target(box, body, str(body.get("url") or ""))
        if not person["follows"]:
            raise WeixinError(43004)
    number = sent.keep()
    pushes.enqueue(
        box,
        app="oa",
        person=person["name"],
        event="TEMPLATESENDJOBFINISH",
        fields={"MsgID": str(_msgid(number)), "Status": "success"},
    )
    return {"errcode": 0, "errmsg": "ok", "msgid": _msgid(number)}


def send_subscribed(box: Box, app: str, body: dict[str, Any]) -> dict[str, Any]:
    """A subscribe message, of the mini-program (send) or the official account (bizsend).

    One accept of the person is one message.
    """
    person = apps.touser(box, app, body.get("touser"))
    with _Kept(box, "subscribe" if app == "mp" else "bizsend", app, person, body) as sent:
        sent.template = templates.find(box, app, body.get("template_id"))
        sent.data = values.check(sent.template.fields, body.get("data"))
        page = str(body.get("page") or "")
        if app == "mp" and (page.startswith("/") or len(page) > PAGE_LONGEST or (page and "/" not in page)):
            raise WeixinError(41030)
        if (
            body.get("miniprogram_state", "formal") not in STATES
            or body.get("lang", "zh_CN") not in LANGUAGES
        ):
            raise WeixinError(40097)
        sent.target = _target(box, body, page)
        if not _use_consent(box, person["name"], app, sent.template.template_id):
            raise WeixinError(43101)
    sent.keep()
    return {"errcode": 0, "errmsg": "ok"}


class _Kept:
    """Writes the message down, with the errcode when WeChat refuses it."""

    def __init__(self, box: Box, kind: str, app: str, person: Row, body: dict[str, Any]) -> None:
        self.box, self.kind, self.app, self.person, self.body = box, kind, app, person, body
        self.template: templates.Template | None = None
        self.data: dict[str, str] = {}
        self.target = ""

    def __enter__(self) -> "_Kept":
        return self

    def __exit__(self, _type: object, error: object, _trace: object) -> None:
        if isinstance(error, WeixinError):
            self.keep(error.errcode)

    def keep(self, errcode: int = 0) -> int:
        row = {
            "kind": self.kind,
            "app": self.app,
            "person": self.person["name"],
            "openid": self.person[f"{self.app}_openid"],
            "template_id": str(self.body.get("template_id") or ""),
            "title": self.template.title if self.template else "",
            "target": self.target,
            "data": json.dumps(self.data, ensure_ascii=False),
            "client_msg_id": str(self.body.get("client_msg_id") or ""),
            "errcode": errcode,
            "at": clock.now(),
        }
        return self.box.ledger.insert("weixin_message", row)


def _target(box: Box, body: dict[str, Any], otherwise: str) -> str:
    """What a tap opens: the mini-program's page wins over the address."""
    program = body.get("miniprogram")
    if not isinstance(program, dict) or not program:
        return otherwise
    if apps.of_appid(box, str(program.get("appid") or "")) != "mp":
        raise WeixinError(40013)
    return f"miniprogram:{program.get('pagepath') or ''}"


def _msgid(number: int) -> int:
    return 4_000_000_000_000_000_000 + number


def accept(box: Box, *, person: str, app: str, template_id: str, count: int | None) -> None:
    """The person ticks that they want so many more of these messages; None: always. 0 withdraws."""
    name = people.get(box, person)["name"]
    if app not in people.APPS or (count is not None and count < 0):
        raise ValueError("app must be oa or mp, count 0 or more")
    with box.ledger.transaction():
        now = box.ledger.row(
            "SELECT * FROM weixin_consent WHERE person = ? AND app = ? AND template_id = ?",
            name,
            app,
            template_id,
        )
        box.ledger.write(
            "DELETE FROM weixin_consent WHERE person = ? AND app = ? AND template_id = ?",
            name,
            app,
            template_id,
        )
        if count == 0:
            return
        before = int(now["remaining"] or 0) if now else 0
        remaining = None if count is None else before + count
        box.ledger.write("INSERT INTO weixin_consent VALUES (?, ?, ?, ?)", name, app, template_id, remaining)


def _use_consent(box: Box, person: str, app: str, template_id: str) -> bool:
    with box.ledger.transaction():
        for wanted in (template_id, EVERY):
            row = box.ledger.row(
                "SELECT * FROM weixin_consent WHERE person = ? AND app = ? AND template_id = ?"
                " AND remaining IS NOT 0",
                person,
                app,
                wanted,
            )
            if row:
                box.ledger.write(
                    "UPDATE weixin_consent SET remaining = remaining - 1"
                    " WHERE person = ? AND app = ? AND template_id = ?",
                    person,
                    app,
                    wanted,
                )
                return True
    return False


def consents(box: Box, person: str) -> list[Row]:
    return box.ledger.rows(
        "SELECT app, template_id, remaining FROM weixin_consent WHERE person = ? AND remaining IS NOT 0",
        person,
    )


def listed(
    box: Box, *, person: str = "", openid: str = "", kind: str = "", refused: bool = False, limit: int = 50
) -> list[Row]:
    """Messages, newest first, with their data and labels; the refused ones too when asked for."""
    rows = box.ledger.rows(
        "SELECT * FROM weixin_message WHERE (? = '' OR person = ?) AND (? = '' OR openid = ?)"
        " AND (? = '' OR kind = ?) AND (? OR errcode = 0) ORDER BY id DESC LIMIT ?",
        person,
        person,
        openid,
        openid,
        kind,
        kind,
        int(refused),
        limit,
    )
    labels = {(one.app, one.template_id): one.fields for one in templates.everything(box)}
    for row in rows:
        row["data"] = json.loads(row["data"])
        row["labels"] = labels.get((row["app"], row["template_id"]), {})
    return rows
