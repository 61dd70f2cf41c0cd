"""The phone's list of chats: the official account with its service messages, friends with shared cards."""

from typing import Any

from local.sandbox import clock, people
from local.sandbox.box import MERCHANT_NAME, Box
from local.sandbox.ledger import Row
from local.sandbox.weixin import messages

ACCOUNT = "account"
SHOP_NAME = "微商城"
MOST = 50


def listed(box: Box, person: Row) -> list[Row]:
    """Every chat with its last words, the account first, then friends by the newest card."""
    return [_account(box, person), *_friends(box, person)]


def _account(box: Box, person: Row) -> Row:
    newest = messages.listed(box, person=person["name"], limit=1)
    unread = box.ledger.value(
        "SELECT COUNT(*) FROM weixin_message WHERE person = ? AND errcode = 0 AND NOT is_read", person["name"]
    )
    return {
        "with": ACCOUNT,
        "title": SHOP_NAME,
        "words": newest[0]["title"] if newest else "欢迎光临，点这里进店逛逛",
        "at": clock.short(newest[0]["at"])[:-3] if newest else "",
        "newest": newest[0]["id"] if newest else 0,
        "unread": unread,
    }


def _friends(box: Box, person: Row) -> list[Row]:
    found = []
    for friend in people.everybody(box):
        if friend["name"] == person["name"]:
            continue
        last = _cards(box, person, friend["name"], limit=1)
        unread = box.ledger.value(
            "SELECT COUNT(*) FROM weixin_share WHERE sender = ? AND receiver = ? AND NOT is_read",
            friend["name"],
            person["name"],
        )
        found.append(
            {
                "with": friend["name"],
                "title": friend["nickname"],
                "unionid": friend["unionid"],
                "words": f"[链接] {last[0]['title']}" if last else "",
                "at": clock.short(last[0]["at"])[:-3] if last else "",
                "newest": last[0]["id"] if last else 0,
                "unread": unread,
            }
        )
    return sorted(found, key=lambda chat: -chat["newest"])


def opened(box: Box, person: Row, other: str) -> list[Row]:
    """What a chat holds, oldest first; opening it is reading it. Raises ValueError for nobody."""
    if other == ACCOUNT:
        box.ledger.write("UPDATE weixin_message SET is_read = 1 WHERE person = ?", person["name"])
        rows = messages.listed(box, person=person["name"], limit=MOST)
        return [_notice(row) for row in reversed(rows)]
    friend = people.get(box, other)
    box.ledger.write(
        "UPDATE weixin_share SET is_read = 1 WHERE sender = ? AND receiver = ?", other, person["name"]
    )
    cards = _cards(box, person, friend["name"], limit=MOST)
    return [
        {
            "kind": "card",
            "is_mine": card["sender"] == person["name"],
            "unionid": (person if card["sender"] == person["name"] else friend)["unionid"],
            **{name: card[name] for name in ("title", "text", "picture", "link")},
            "at": clock.short(card["at"])[:-3],
        }
        for card in reversed(cards)
    ]


def _notice(row: Row) -> dict[str, Any]:
    lines = [
        {"label": row["labels"].get(keyword, keyword), "value": value}
        for keyword, value in row["data"].items()
    ]
    return {
        "kind": "notice",
        "sender": MERCHANT_NAME if row["kind"] == "template" else SHOP_NAME,
        "title": row["title"],
        "lines": lines,
        "target": row["target"],
        "at": clock.short(row["at"])[:-3],
    }


def _cards(box: Box, person: Row, friend: str, *, limit: int) -> list[Row]:
    return box.ledger.rows(
        "SELECT * FROM weixin_share WHERE (sender = ? AND receiver = ?) OR (sender = ? AND receiver = ?)"
        " ORDER BY id DESC LIMIT ?",
        person["name"],
        friend,
        friend,
        person["name"],
        limit,
    )


def share(box: Box, person: Row, *, to: str, card: dict[str, str]) -> None:
    """Keep a card for a friend; "" is the sender's moments, which nobody answers."""
    if to:
        people.get(box, to)
    box.ledger.insert("weixin_share", card | {"sender": person["name"], "receiver": to, "at": clock.now()})
