"""A request and an answer, as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """`target` is the path with query exactly as sent; header names are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def json(self) -> Any:
        """The parsed body, {} when it is empty. Raises ValueError when it isn't JSON."""
        return json.loads(self.body) if self.body else {}


@dataclass
class Response:
    """An answer; `hang_up_after` seconds instead cuts the connection without one.

    `cookies` are the values of its Set-Cookie headers.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang_up_after: float | None = None
    cookies: tuple[str, ...] = ()


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": JSON} | (headers or {}))


def redirect(location: str) -> Response:
    return Response(303, b"", {"Location": location})
