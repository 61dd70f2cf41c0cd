"""A shop of a few pages for the phone to walk in, and an ear for pushes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.sandbox.server import in_thread
from tests.local.sandbox_kit import Merchant, read_env

POLICY = "default-src 'self'; form-action 'self'; frame-ancestors 'none'"


@dataclass
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class Shop:
    """Answers `pages` by path: (status, headers, text). What was asked is kept."""

    url: str
    pages: dict[str, tuple[int, list[tuple[str, str]], str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def page(self, path: str, text: str, *headers: tuple[str, str], status: int = 200) -> None:
        always = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", POLICY)]
        self.pages[path] = (status, [*always, ("X-Frame-Options", "DENY"), *headers], text)

    def script(self, path: str, text: str) -> None:
        self.pages[path] = (200, [("Content-Type", "text/javascript")], text)

    def last(self, path: str) -> Asked:
        return next(one for one in reversed(self.asked) if urlsplit(one.target).path == path)


@contextmanager
def open_shop() -> Iterator[Shop]:
    class Door(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            names = {name.lower(): value for name, value in self.headers.items()}
            shop.asked.append(Asked(self.command, self.path, names, body))
            status, headers, text = shop.pages.get(urlsplit(self.path).path, (404, [], "nothing here"))
            self.send_response(status)
            for name, value in [*headers, ("Content-Length", str(len(text.encode())))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = answer  # noqa: N815 - names of the library

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    shop = Shop(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def town(state: Any) -> Iterator[tuple[Merchant, Shop]]:
    """A sandbox that knows a shop."""
    with open_shop() as shop, in_thread(state, factor=60, shop=shop.url) as running:
        yield Merchant(read_env(running.env_file)), shop
