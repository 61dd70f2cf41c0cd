"""The process: a threaded WSGI server over one Box."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from socket import SHUT_RDWR
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from local.sandbox import control, files, keys, notices, people, platform, rival, sms, wechat
from local.sandbox.box import Box
from local.sandbox.http import Request, Response, json_response
from local.sandbox.ledger import Ledger
from local.sandbox.notifier import Notifier
from local.sandbox.pages import cashier, clerk, consent, home
from local.sandbox.phone import api, browser, frame
from local.sandbox.weixin import door

LONGEST_BODY = 64_000_000


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # the HTTP server would look up a host name here
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()


class Handler(WSGIRequestHandler):
    """Keeps the target as sent, which is what was signed, and the connection, which a fault may cut."""

    def get_environ(self) -> dict[str, Any]:
        return super().get_environ() | {"sandbox.target": self.path, "sandbox.connection": self.connection}

    def log_message(self, *_: Any) -> None:
        """Say nothing; the ledger remembers what matters."""


def route(box: Box, request: Request) -> Response:
    path = request.path
    if path.startswith("/v3/"):
        return wechat.answer(box, request)
    if path == "/" and ("x-acs-action" in request.headers or request.method == "POST"):
        return sms.answer(box, request)
    if door.knows(path):
        return door.answer(box, request)
    if path == platform.PATH and request.method == "POST":
        return platform.answer(box, request)
    if path.startswith("/_control/"):
        return control.answer(box, request)
    if rival.knows(path):
        return rival.answer(box, request)
    page = PAGES.get((request.method, path))
    if page:
        return page(box, request)
    if request.method == "POST" and path.startswith("/actions/"):
        return home.act(box, request)
    if path.startswith(clerk.API):
        return clerk.api(box, request)
    if path.startswith(api.PREFIX):
        return api.answer(box, request)
    return files.serve(path) or json_response({"error": "not_found", "message": path}, 404)


PAGES: dict[tuple[str, str], Callable[[Box, Request], Response]] = {
    ("GET", "/"): home.show,
    ("GET", "/cashier"): cashier.show,
    ("POST", "/cashier"): cashier.act,
    ("GET", "/cashier/result"): cashier.result,
    ("GET", "/clerk"): clerk.enter,
    ("GET", "/clerk/"): clerk.show,
    ("POST", "/clerk/code"): clerk.code,
    ("GET", "/phone"): frame.enter,
    ("GET", "/phone/"): frame.show,
    ("GET", consent.PATH): consent.show,
    ("POST", consent.PATH): consent.act,
}


def application(box: Box, route: Callable[[Box, Request], Response]) -> Callable[..., Iterable[bytes]]:
    """The WSGI application that answers as `route` does."""

    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            response = route(box, _read(environ))
        except Exception as error:  # a defect of the sandbox must be seen, not guessed
            traceback.print_exc()
            response = json_response({"code": "SANDBOX_DEFECT", "message": repr(error)}, 500)
        if response.hang_up_after is not None:
            return _hang_up(environ, response.hang_up_after, start_response)
        status = f"{response.status} {HTTPStatus(response.status).phrase}"
        headers = dict(response.headers)
        if response.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(response.body))
        start_response(status, [*headers.items(), *(("Set-Cookie", one) for one in response.cookies)])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body]

    return respond


def _read(environ: dict[str, Any]) -> Request:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), LONGEST_BODY)
    headers = {
        name[5:].lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    method = environ["REQUEST_METHOD"]
    return Request(
        method="GET" if method == "HEAD" else method,
        target=environ["sandbox.target"],
        headers=headers,
        body=environ["wsgi.input"].read(length) if length else b"",
    )


def _hang_up(environ: dict[str, Any], after: float, start_response: Callable[..., Any]) -> Iterable[bytes]:
    time.sleep(after)
    with suppress(OSError):  # the caller may have been faster
        environ["sandbox.connection"].shutdown(SHUT_RDWR)
    start_response("200 OK", [("Content-Length", "0")])
    return []


@dataclass
class Running:
    """A sandbox that answers at `url`."""

    box: Box
    url: str
    server: Server
    env_file: Path


@contextmanager
def running(
    state: Path,
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    factor: float | None = None,
    url: str = "",
    shop: str = "",
    phone_port: int = 0,
    phone_url: str = "",
) -> Iterator[Running]:
    """A sandbox bound to a port (any free one when 0), its timer and its phone.

    The phone answers at once; the sandbox's own server must still be told to serve. Raises OSError when a
    port is taken.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = Server((host, port), Handler)
    try:
        phone = Server((host, phone_port), Handler)
    except OSError:
        server.server_close()
        raise
    address = url.rstrip("/") or f"http://{host}:{server.server_port}"
    phone_address = phone_url.rstrip("/") or f"http://{host}:{phone.server_port}"
    credentials = keys.load(state)
    ledger = Ledger(state / "ledger.sqlite3")
    box = Box(credentials, ledger, address, phone_address, shop.rstrip("/"))
    people.ensure_first(box)
    if factor is not None:
        notices.change_pace(box, factor)
    env_file = keys.write_env(state, credentials, address, phone_address)
    server.set_app(application(box, route))
    phone.set_app(application(box, browser.answer))
    notifier = Notifier(box)
    notifier.start()
    try:
        with _served(phone):
            yield Running(box, address, server, env_file)
    finally:
        server.server_close()
        phone.server_close()
        notifier.stop()
        ledger.close()


@contextmanager
def _served(server: Server) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def in_thread(
    state: Path, *, port: int = 0, factor: float | None = None, shop: str = ""
) -> Iterator[Running]:
    """A sandbox served by a thread of this process, for tests."""
    with running(state, port=port, factor=factor, shop=shop) as sandbox, _served(sandbox.server):
        yield sandbox
