"""People with WeChat: one person, an openid of their own in each app, one unionid."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.ledger import Row

APPS = ("oa", "mp")
# who is there from the start: nickname, phone, whether they follow the official account
FIRST = (
    ("小满", "17000000001", True),
    ("阿树", "17000000002", True),
    ("团团", "17000000003", False),
    ("老周", "17000000009", True),
)


def ensure_first(box: Box) -> None:
    """The first four, with the same openids after every restart and reset."""
    secret = box.credentials.identity.oa_secret
    with box.ledger.transaction():
        for nickname, phone, follows in FIRST:
            if not find(box, nickname):
                _insert(box, name=nickname, nickname=nickname, phone=phone, follows=follows, salt=secret)


def add(box: Box, *, nickname: str, phone: str = "", follows: bool = True) -> Row:
    """A new person; `name` is the nickname, numbered when it is taken."""
    if not nickname or len(nickname) > 64:
        raise ValueError("a nickname has 1 to 64 characters")
    with box.ledger.transaction():
        name, number = nickname, 1
        while find(box, name):
            number += 1
            name = f"{nickname}{number}"
        salt = secrets.token_hex(16)
        _insert(box, name=name, nickname=nickname, phone=phone, follows=follows, salt=salt)
        return get(box, name)


def _insert(box: Box, *, name: str, nickname: str, phone: str, follows: bool, salt: str) -> None:
    box.ledger.insert(
        "person",
        {
            "name": name,
            "nickname": nickname,
            "phone": phone or f"170{int(sha256(f'{salt}{name}'.encode()).hexdigest(), 16) % 10**8:08}",
            "unionid": _identifier(f"{salt}:union:{name}"),
            "oa_openid": _identifier(f"{salt}:oa:{name}"),
            "mp_openid": _identifier(f"{salt}:mp:{name}"),
            "follows": int(follows),
            "created_at": clock.now(),
        },
    )


def _identifier(seed: str) -> str:
    """28 characters beginning with o, as WeChat's are."""
    text = urlsafe_b64encode(sha256(seed.encode()).digest()).decode()
    return "o" + text.replace("-", "A").replace("_", "B")[:27]


def everybody(box: Box) -> list[Row]:
    return box.ledger.rows("SELECT * FROM person ORDER BY created_at, rowid")


def find(box: Box, name: str) -> Row | None:
    return box.ledger.row("SELECT * FROM person WHERE name = ?", name)


def get(box: Box, name: str) -> Row:
    """The person of this name. Raises ValueError."""
    found = find(box, name)
    if not found:
        raise ValueError(f"no WeChat person {name!r}")
    return found


def by_openid(box: Box, app: str, openid: str) -> Row | None:
    column = {"oa": "oa_openid", "mp": "mp_openid"}[app]
    return box.ledger.row(f"SELECT * FROM person WHERE {column} = ?", openid)  # noqa: S608 - a name of ours


def follow(box: Box, name: str, *, follows: bool) -> Row:
    box.ledger.write("UPDATE person SET follows = ? WHERE name = ?", int(follows), get(box, name)["name"])
    return get(box, name)


def show(row: Row) -> dict[str, Any]:
    """A person as the control API tells it."""
    return {
        "name": row["name"],
        "nickname": row["nickname"],
        "phone": row["phone"],
        "unionid": row["unionid"],
        "openid": {"oa": row["oa_openid"], "mp": row["mp_openid"]},
        "follows": bool(row["follows"]),
    }
