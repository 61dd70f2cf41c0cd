"""What every part of a running sandbox shares."""

import threading
from dataclasses import dataclass, field

from local.sandbox.keys import Credentials
from local.sandbox.ledger import Ledger

MERCHANT_NAME = "微商城（沙箱商户）"


@dataclass
class Box:
    """One merchant, one vendor, one book. `shop` is the shop's address, "" while nobody told it."""

    credentials: Credentials
    ledger: Ledger
    url: str
    phone_url: str = ""
    shop: str = ""
    wakeup: threading.Event = field(default_factory=threading.Event)

    @property
    def factor(self) -> float:
        """How many of WeChat's seconds pass in one of ours."""
        return float(self.ledger.value("SELECT value FROM setting WHERE name='factor'") or 1)

    def set_factor(self, factor: float) -> None:
        """Change the pace; what is already waiting in the retry schedule keeps its place in it."""
        if not 0 < factor <= 100_000:
            raise ValueError("factor must be above 0 and at most 100000")
        self.ledger.write("INSERT OR REPLACE INTO setting VALUES ('factor', ?)", str(factor))

    def real_seconds(self, vendor_seconds: float) -> float:
        """How long one of WeChat's own delays lasts here."""
        return vendor_seconds / self.factor

    def wake(self) -> None:
        """Make the timer look at its rows now."""
        self.wakeup.set()
