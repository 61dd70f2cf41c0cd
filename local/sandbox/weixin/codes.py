"""Codes that prove a person was there: five minutes, one use, one app."""

import secrets

from local.sandbox import clock, people
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin.errors import WeixinError

SECONDS = 300.0
SCOPES = {"oa": ("snsapi_base", "snsapi_userinfo"), "mp": ("login", "phone")}


def issue(box: Box, *, person: str, app: str, scope: str = "", is_snapshotuser: bool = False) -> str:
    """A fresh code. Scopes: snsapi_base or snsapi_userinfo of `oa`; login or phone of `mp`. ValueError."""
    if app not in SCOPES:
        raise ValueError("app must be oa or mp")
    scope = scope or SCOPES[app][0]
    if scope not in SCOPES[app]:
        raise ValueError(f"scope of {app} must be one of {', '.join(SCOPES[app])}")
    code = secrets.token_hex(16)
    box.ledger.insert(
        "weixin_code",
        {
            "code": code,
            "person": people.get(box, person)["name"],
            "app": app,
            "scope": scope,
            "is_snapshotuser": int(is_snapshotuser),
            "valid_until": clock.now() + SECONDS,
        },
    )
    return code


def redeem(box: Box, code: str, *, app: str, scopes: tuple[str, ...]) -> Row:
    """The code, used up; 41008 missing, 40029 unknown, of another app or too old, 40163 used before."""
    if not code:
        raise WeixinError(41008)
    with box.ledger.transaction():
        found = box.ledger.row("SELECT * FROM weixin_code WHERE code = ?", code)
        if not found or found["app"] != app or found["scope"] not in scopes:
            raise WeixinError(40029)
        if found["used_at"]:
            raise WeixinError(40163)
        if clock.now() > found["valid_until"]:
            raise WeixinError(40029)
        box.ledger.write("UPDATE weixin_code SET used_at = ? WHERE code = ?", clock.now(), code)
    return found
