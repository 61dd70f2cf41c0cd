"""How often a call was made today, and how often it may be."""

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.weixin.errors import WeixinError

DAILY = {
    "token": 2_000,
    "stable_token": 500_000,
    "ticket": 1_000_000,
    "template": 100_000,
    "subscribe": 30_000_000,
    "bizsend": 100_000,
    "custom": 500_000,
    "phone_number": 1_000_000,
    "msg_sec_check": 2_000_000,
    "shipping": 10_000_000,
}


def count(box: Box, app: str, call: str) -> None:
    """Count one call; 45009 when it was one too many for today (a Shanghai day)."""
    day = clock.compact_day(clock.now())
    with box.ledger.transaction():
        box.ledger.write(
            "INSERT INTO weixin_quota VALUES (?, ?, ?, 1)"
            " ON CONFLICT (app, call, day) DO UPDATE SET count = count + 1",
            app,
            call,
            day,
        )
        used = box.ledger.value(
            "SELECT count FROM weixin_quota WHERE app = ? AND call = ? AND day = ?", app, call, day
        )
    limit = limit_of(box, call)
    if limit is not None and used > limit:
        raise WeixinError(45009)


def limit_of(box: Box, call: str) -> int | None:
    chosen = box.ledger.value("SELECT daily FROM weixin_limit WHERE call = ?", call)
    return DAILY.get(call) if chosen is None else int(chosen)


def limit(box: Box, call: str, daily: int) -> None:
    box.ledger.write("INSERT OR REPLACE INTO weixin_limit VALUES (?, ?)", call, daily)


def used_today(box: Box) -> list[Row]:
    rows = box.ledger.rows(
        "SELECT app, call, count FROM weixin_quota WHERE day = ? ORDER BY app, call",
        clock.compact_day(clock.now()),
    )
    return [row | {"daily": limit_of(box, row["call"])} for row in rows]
