"""Where the demo can be reached: its ports, the address it binds to and the one people type."""

import io
import os
import socket
from dataclasses import dataclass

import segno

from local.paths import LocalError
from local.servers import free_port

WEB_PORT, SANDBOX_PORT, PHONE_PORT = 8000, 8701, 8702
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - only when LAN=1 asks for it
LAN_WARNING = (
    "LAN=1: everybody on this network can open this shop, its back office with the passwords shown here, and "
    "the sandbox that pays without money. Only on a network you trust.\n"
    "LAN=1：同一网络里的任何人都能打开这个小店、后台（密码就写在这里）和不花钱就能付款的沙箱。只在你信任的网络里用。"
)


@dataclass(frozen=True)
class Where:
    """`host` is what others type, `bind` what the programs listen on."""

    host: str
    bind: str
    web: int
    sandbox: int
    phone: int

    @property
    def is_open(self) -> bool:
        return self.bind != HERE

    @property
    def shop_url(self) -> str:
        return f"http://{self.host}:{self.web}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{self.host}:{self.sandbox}"

    @property
    def phone_url(self) -> str:
        return f"http://{self.host}:{self.phone}"

    def moved(self) -> list[str]:
        """A sentence for each port that was taken."""
        ports = (
            ("web", WEB_PORT, self.web),
            ("sandbox", SANDBOX_PORT, self.sandbox),
            ("WeChat phone", PHONE_PORT, self.phone),
        )
        return [
            f"Port {wanted} is taken, the {name} moved to {got}."
            for name, wanted, got in ports
            if wanted != got
        ]


def choose() -> Where:
    """Free ports on this machine only, or on the network when LAN=1."""
    is_open = os.environ.get("LAN", "") not in ("", "0")
    host, bind = (network_address(), EVERYWHERE) if is_open else (HERE, HERE)
    web = free_port(WEB_PORT, host=bind)
    sandbox = free_port(SANDBOX_PORT, taken=frozenset({web}), host=bind)
    phone = free_port(PHONE_PORT, taken=frozenset({web, sandbox}), host=bind)
    return Where(host, bind, web, sandbox, phone)


def network_address() -> str:
    """The address other machines of the network know this one by. Nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError as error:
            raise LocalError("LAN=1 needs a network, and this machine is on none.") from error
    if found.startswith("127."):
        raise LocalError("LAN=1 needs a network, and this machine is on none.")
    return found


def code(url: str) -> str:
    """A QR code of letters, to be scanned from a terminal."""
    drawn = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue()
