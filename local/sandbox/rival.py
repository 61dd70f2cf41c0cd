"""A competitor's shop: pages of goods with prices, and a robots.txt; the control API writes them."""

import json
import re
import time
from html import escape
from typing import Any

from local.sandbox.box import Box
from local.sandbox.http import Request, Response
from local.sandbox.ledger import Row

PREFIX = "/rival/"
NAME = "邻家鲜选"
CODE = re.compile(r"[\w-]{1,40}")
LAYOUTS = ("json", "plain", "broken", "moved", "huge", "slow")
ROBOTS = """User-agent: *
Disallow: /rival/private/
Disallow: /_control/
Crawl-delay: 1
"""
PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>{title} · {shop}</title>
<link rel="stylesheet" href="/static/sandbox.css">{head}</head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


def knows(path: str) -> bool:
    return path == "/robots.txt" or path.startswith(PREFIX)


def answer(box: Box, request: Request) -> Response:
    if request.path == "/robots.txt":
        return Response(200, ROBOTS.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    if request.path == PREFIX:
        return _html(_list(box))
    code = request.path.removeprefix(PREFIX).removeprefix("private/").removeprefix("goods/")
    row = box.ledger.row("SELECT * FROM rival_goods WHERE code = ?", code)
    if row is None:
        return _html(PAGE.format(title="404", shop=NAME, head="", body=""), 404)
    if row["layout"] == "moved":
        return Response(302, b"", {"Location": "/_control/ledger"})
    if row["layout"] == "slow":
        time.sleep(7)
    return _html(_goods(row))


def _list(box: Box) -> str:
    rows = box.ledger.rows("SELECT * FROM rival_goods ORDER BY code")
    items = "".join(
        f'<li><a href="{PREFIX}goods/{escape(row["code"])}">{escape(row["name"])}</a> ¥{_yuan(row)}</li>'
        for row in rows
    )
    return PAGE.format(title=NAME, shop=NAME, head="", body=f"<ul>{items}</ul>")


def _goods(row: Row) -> str:
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": row["name"],
        "offers": {"@type": "Offer", "priceCurrency": "CNY", "price": _yuan(row)},
        "aggregateRating": {"ratingValue": row["rating"], "reviewCount": row["review_count"]},
    }
    script = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    head = {
        "json": f'<script type="application/ld+json">{script}</script>',
        "broken": '<script type="application/ld+json">{"@type": "Product", "offers": </script>',
        "huge": "<!-- " + "x" * 1_200_000 + " -->",
    }.get(row["layout"], "")
    price = "" if row["layout"] == "broken" else f'<p>¥<span class="price now">{_yuan(row)}</span></p>'
    body = f'{price}<p id="promotion">{escape(row["promotion"])}</p><p>{row["review_count"]} 条评价</p>'
    return PAGE.format(title=escape(row["name"]), shop=NAME, head=head, body=body)


def _yuan(row: Row) -> str:
    return f"{row['price'] // 100}.{row['price'] % 100:02d}"


def _html(text: str, status: int = 200) -> Response:
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _put(box: Box, match: re.Match[str], request: Request) -> Any:
    given = request.json()
    price, layout = int(given["price"]), given.get("layout", "json")
    if price <= 0 or layout not in LAYOUTS or not CODE.fullmatch(match[1]):
        raise ValueError(f"price in fen above 0, layout one of {', '.join(LAYOUTS)}")
    box.ledger.write(
        "INSERT OR REPLACE INTO rival_goods VALUES (?, ?, ?, ?, ?, ?, ?)",
        match[1],
        str(given.get("name", match[1])),
        price,
        str(given.get("promotion", "")),
        str(given.get("rating", "4.8")),
        int(given.get("review_count", 120)),
        layout,
    )
    return {"path": f"{PREFIX}goods/{match[1]}"}


def _rows(box: Box, _match: re.Match[str], _request: Request) -> Any:
    return box.ledger.rows("SELECT * FROM rival_goods ORDER BY code")


ROUTES = (("GET", "/rival/goods", _rows), ("PUT", "/rival/goods/([^/]+)", _put))
