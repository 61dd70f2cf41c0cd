"""HTML that is escaped unless it says otherwise."""

from collections.abc import Iterable
from html import escape
from typing import Any

from local.sandbox.http import Response

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Crect width='8' height='8' rx='2' fill='%2307c160'/%3E%3C/svg%3E"
)
PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="referrer" content="no-referrer">{head}
<title>{title}</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{base}/static/sandbox.css">
</head>
<body class="{kind}">
{body}
</body>
</html>
"""


class Safe(str):
    """Markup that needs no escaping."""

    __slots__ = ()


EMPTY = Safe("")


def fill(template: str, **values: Any) -> Safe:
    """`template` with each `{name}` replaced, escaped unless the value is Safe."""
    return Safe(template.format(**{name: _clean(value) for name, value in values.items()}))


def join(parts: Iterable[Safe]) -> Safe:
    return Safe("".join(parts))


def _clean(value: Any) -> str:
    return value if isinstance(value, Safe) else escape(str(value))


def page(
    title: str,
    body: Safe,
    *,
    kind: str,
    head: Safe = EMPTY,
    status: int = 200,
    base: str = "",
    policy: str = POLICY,
) -> Response:
    """A whole page. `base` stands before the addresses of our own files where another site has the root."""
    content = fill(PAGE, title=title, body=body, kind=kind, head=head, icon=Safe(ICON), base=base)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
    }
    return Response(status, content.encode(), headers)


def yuan(fen: int) -> str:
    """`12.30`, with thousands separated."""
    return f"{fen // 100:,}.{fen % 100:02}"
