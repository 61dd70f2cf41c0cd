"""What every channel to a person's phone promises. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ok:
    """The vendor took the message; `vendor_id` is its receipt."""

    vendor_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The vendor answered and refused, finally."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer that can be trusted: the message may have gone out."""

    reason: str


Outcome = Ok | Rejected | Unknown


class TextChannel(Protocol):
    def send(self, *, phone: str, template: str, parameters: Mapping[str, str], out_id: str) -> Outcome:
        """Send one text message; `phone` has eleven digits. Never raises for what the network does."""
        ...
