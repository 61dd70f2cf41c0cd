"""Tokens of an app, of a person in a page, and the ticket of the JSSDK: with true lives and overlaps."""

import secrets

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin.errors import WeixinError

SECONDS = 7200.0
OVERLAP = 300.0
REFRESH_SECONDS = 30 * clock.DAY
FORCED_A_DAY = 20
FORCED_APART = 30.0


def ordinary(box: Box, app: str) -> dict[str, object]:
    """The old kind: every call makes a new one, and the one before dies five minutes later."""
    at = clock.now()
    with box.ledger.transaction():
        box.ledger.write(
            "UPDATE weixin_token SET valid_until = MIN(valid_until, ?) WHERE app = ? AND kind = 'ordinary'",
            at + OVERLAP,
            app,
        )
        token = _make(box, app=app, kind="ordinary")
    return {"access_token": token, "expires_in": int(SECONDS)}


def stable(box: Box, app: str, *, force: bool) -> dict[str, object]:
    """The same token while it lives; a new one from five minutes before its end, or by force.

    Force works 20 times a day and 30 seconds apart, and ends the former token at once.
    """
    at = clock.now()
    with box.ledger.transaction():
        now = box.ledger.row(
            "SELECT * FROM weixin_token WHERE app = ? AND kind = 'stable' ORDER BY valid_until DESC", app
        )
        if force:
            last = box.ledger.rows(
                "SELECT made_at FROM weixin_token WHERE app = ? AND kind = 'stable' AND is_forced"
                " AND made_at > ? ORDER BY made_at DESC",
                app,
                at - clock.DAY,
            )
            if len(last) >= FORCED_A_DAY:
                raise WeixinError(45009)
            if not last or at - last[0]["made_at"] >= FORCED_APART:
                box.ledger.write(
                    "UPDATE weixin_token SET valid_until = ? WHERE app = ? AND kind = 'stable'", at - 1, app
                )
                token = _make(box, app=app, kind="stable", is_forced=True)
                return {"access_token": token, "expires_in": int(SECONDS)}
        if now and now["valid_until"] - at > OVERLAP:
            return {"access_token": now["token"], "expires_in": int(now["valid_until"] - at)}
        return {"access_token": _make(box, app=app, kind="stable"), "expires_in": int(SECONDS)}


def check(box: Box, token: str) -> str:
    """The app this token speaks for; 41001 missing, 40001 unknown, 42001 expired."""
    if not token:
        raise WeixinError(41001)
    found = box.ledger.row(
        "SELECT * FROM weixin_token WHERE token = ? AND kind IN ('ordinary', 'stable')", token
    )
    if not found:
        raise WeixinError(40001)
    if clock.now() > found["valid_until"]:
        raise WeixinError(42001)
    return str(found["app"])


def of_person(box: Box, *, openid: str, person: str, scope: str) -> tuple[str, str]:
    """A token of a page and the one that renews it for 30 days."""
    about = {"openid": openid, "person": person, "scope": scope}
    refresh = _make(box, app="oa", kind="refresh", seconds=REFRESH_SECONDS, about=about)
    return _make(box, app="oa", kind="web", about=about), refresh


def check_person(box: Box, token: str, *, kind: str = "web", openid: str = "") -> Row:
    """The row of a page's token; 40001 or 40030 unknown, 42001 expired, 40003 of somebody else."""
    found = box.ledger.row("SELECT * FROM weixin_token WHERE token = ? AND kind = ?", token, kind)
    if not found:
        raise WeixinError(40030 if kind == "refresh" else 40001)
    if clock.now() > found["valid_until"]:
        raise WeixinError(42001)
    if openid and found["openid"] != openid:
        raise WeixinError(40003)
    return found


def ticket(box: Box) -> dict[str, object]:
    """The JSSDK's ticket: the same for two hours."""
    at = clock.now()
    with box.ledger.transaction():
        now = box.ledger.row(
            "SELECT * FROM weixin_token WHERE kind = 'ticket' AND valid_until > ? ORDER BY valid_until DESC",
            at,
        )
        if now:
            return {"ticket": now["token"], "expires_in": int(now["valid_until"] - at)}
        return {"ticket": _make(box, app="oa", kind="ticket"), "expires_in": int(SECONDS)}


def living_tickets(box: Box) -> list[str]:
    rows = box.ledger.rows(
        "SELECT token FROM weixin_token WHERE kind = 'ticket' AND valid_until > ?", clock.now()
    )
    return [row["token"] for row in rows]


def age(box: Box, seconds: float) -> None:
    """Let tokens, tickets and codes grow older by so many seconds."""
    with box.ledger.transaction():
        box.ledger.write(
            "UPDATE weixin_token SET valid_until = valid_until - ?, made_at = made_at - ?", seconds, seconds
        )
        box.ledger.write("UPDATE weixin_code SET valid_until = valid_until - ?", seconds)
        box.ledger.write("UPDATE person SET seen_mp_at = seen_mp_at - ?", seconds)


def _make(
    box: Box,
    *,
    app: str,
    kind: str,
    seconds: float = SECONDS,
    is_forced: bool = False,
    about: dict[str, str] | None = None,
) -> str:
    token = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
    at = clock.now()
    box.ledger.write("DELETE FROM weixin_token WHERE valid_until < ?", at - 2 * clock.DAY)
    box.ledger.insert(
        "weixin_token",
        {
            "token": token,
            "app": app,
            "kind": kind,
            "made_at": at,
            "valid_until": at + seconds,
            "is_forced": int(is_forced),
        }
        | (about or {}),
    )
    return token
