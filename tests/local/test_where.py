"""The address of the demo: this machine alone, unless LAN=1 asks for more."""

import socket

import pytest

from local import where
from local.sandbox import fields
from local.sandbox.errors import ApiError
from local.servers import free_port


def test_the_demo_stays_on_this_machine_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ("", "0"):
        monkeypatch.setenv("LAN", words)
        place = where.choose()
        assert (place.host, place.bind, place.is_open) == ("127.0.0.1", "127.0.0.1", False)
    assert len({place.web, place.sandbox, place.phone}) == 3


def test_lan_opens_it_at_the_address_others_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAN", "1")
    monkeypatch.setattr(where, "network_address", lambda: "192.168.7.20")
    place = where.choose()
    assert (place.bind, place.is_open) == ("0.0.0.0", True)
    assert place.shop_url == f"http://192.168.7.20:{place.web}"
    assert place.sandbox_url.startswith("http://192.168.7.20:")
    drawn = where.code(place.shop_url)
    assert len(drawn.splitlines()) > 10
    assert "█" in drawn


def test_a_taken_port_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
    moved = where.Where("127.0.0.1", "127.0.0.1", 8001, where.SANDBOX_PORT, where.PHONE_PORT).moved()
    assert moved == ["Port 8000 is taken, the web moved to 8001."]


def test_notices_go_to_this_machine_and_its_network_by_http_and_elsewhere_by_https_only() -> None:
    for address in (
        "http://127.0.0.1:8000/n/",
        "http://192.168.7.20/n/",
        "http://localhost/n/",
        "https://a.cn/n/",
    ):
        assert fields.notify_url({"notify_url": address}, required=True) == address
    for address in ("http://a.cn/n/", "http://8.8.8.8/n/", "https://a.cn/n/?x=1"):
        with pytest.raises(ApiError):
            fields.notify_url({"notify_url": address}, required=True)
