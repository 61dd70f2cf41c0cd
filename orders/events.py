"""Facts of the trade, past tense, ids only; whoever reacts reads the rest."""

from dataclasses import dataclass
from typing import ClassVar

from shop.core.events import Event


@dataclass(frozen=True)
class OrderPlaced(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderPaid(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderClosed(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderShipped(Event):
    order_id: int
    shipment_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderCollected(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderReceived(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class OrderCompleted(Event):
    order_id: int
    key_field: ClassVar[str] = "order_id"


@dataclass(frozen=True)
class PaymentArrivedLate(Event):
    payment_id: int
    key_field: ClassVar[str] = "payment_id"


@dataclass(frozen=True)
class RefundRequested(Event):
    refund_id: int
    key_field: ClassVar[str] = "refund_id"


@dataclass(frozen=True)
class RefundSucceeded(Event):
    refund_id: int
    key_field: ClassVar[str] = "refund_id"


@dataclass(frozen=True)
class PaymentSuperseded(Event):
    """Another attempt paid the order first; this one has to be closed at its gateway."""

    payment_id: int
    key_field: ClassVar[str] = "payment_id"


@dataclass(frozen=True)
class RefundFailed(Event):
    refund_id: int
    key_field: ClassVar[str] = "refund_id"
