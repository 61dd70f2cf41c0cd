"""What every payment gateway promises: seven verbs, three kinds of result.

UNKNOWN is never a failure: keep our number and ask again (PROTOCOLS, general rule 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, Protocol, TypeVar

T = TypeVar("T")
Seen = TypeVar("Seen", covariant=True)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange for the append-only log, secrets masked."""

    request: str
    status_code: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class Ok(Generic[Seen]):
    value: Seen
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Rejected:
    """The vendor answered and refused; final for this call."""

    code: str
    message: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Unknown:
    """Timeout, reset, 5xx, 429 or an answer that can't be trusted: nobody knows whether it was done."""

    reason: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class StartRequest:
    """A payment to be opened. Amount in yuan; `expires_at` aware; `client_ip` of the payer."""

    number: str
    method: str
    amount: Decimal
    description: str
    expires_at: datetime
    notify_url: str
    client_ip: str
    payer_openid: str = ""


@dataclass(frozen=True, slots=True)
class Prepay:
    """What the shopper's device needs; which field is filled depends on the method."""

    prepay_id: str = ""
    code_url: str = ""
    h5_url: str = ""
    client: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {
            "prepay_id": self.prepay_id,
            "code_url": self.code_url,
            "h5_url": self.h5_url,
            "client": dict(self.client),
        }


PaymentWord = Literal["paid", "unpaid", "closed", "failed", "absent"]
RefundWord = Literal["processing", "succeeded", "closed", "abnormal", "absent"]


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the gateway says of a payment. Amount in yuan; `absent` means it does not know the number."""

    number: str
    word: PaymentWord
    amount: Decimal | None = None
    transaction_id: str = ""
    paid_at: datetime | None = None
    payer: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Amounts in yuan: `amount` goes back, `total` is what the payment took in all."""

    number: str
    payment_number: str
    amount: Decimal
    total: Decimal
    reason: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class RefundState:
    number: str
    word: RefundWord
    payment_number: str = ""
    amount: Decimal | None = None
    gateway_refund_id: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """A verified and decrypted notice. `resource` is the vendor's object for the inbox."""

    notice_id: str
    state: PaymentState | RefundState
    resource: Mapping[str, object]


class NoticeRefused(Exception):
    """The notice can't be trusted: bad signature, stale, foreign merchant or garbage. Nothing may be
    done with it."""


Result = Ok[T] | Rejected | Unknown


class Gateway(Protocol):
    name: str

    def start(self, request: StartRequest) -> Result[Prepay]: ...

    def query(self, number: str) -> Result[PaymentState]: ...

    def close(self, number: str) -> Result[Literal["closed", "paid"]]: ...

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> NoticeContent:
        """Raises NoticeRefused. Makes no outbound call."""
        ...

    def refund(self, request: RefundRequest) -> Result[RefundState]: ...

    def query_refund(self, number: str) -> Result[RefundState]: ...

    def fetch_bill(self, day: date) -> Result[bytes]:
        """The vendor's bill of a business day, uncompressed, checked against its hash; `b""` when there
        was none."""
        ...
