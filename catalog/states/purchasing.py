"""The states of purchase orders and of returns to suppliers."""

from catalog.terms.purchasing import PurchaseStatus, ReturnStatus
from shop.core.locks import Rank
from shop.core.states import Machine

_P = PurchaseStatus

PURCHASE = Machine(
    "purchase order",
    initial=_P.DRAFT,
    moves={
        _P.DRAFT: [_P.WAITING, _P.APPROVED, _P.CANCELLED],
        _P.WAITING: [_P.APPROVED, _P.DRAFT, _P.CANCELLED],
        _P.APPROVED: [_P.SENT, _P.CANCELLED],
        _P.SENT: [_P.CONFIRMED, _P.DECLINED, _P.PARTIAL, _P.RECEIVED, _P.CANCELLED],
        _P.CONFIRMED: [_P.PARTIAL, _P.RECEIVED, _P.CANCELLED],
        _P.DECLINED: [_P.CANCELLED],
        _P.PARTIAL: [_P.RECEIVED, _P.CLOSED],
        _P.RECEIVED: [_P.CLOSED],
    },
    rank=Rank.ORDER,
)

OPEN = (_P.SENT, _P.CONFIRMED, _P.PARTIAL)
PLANNED = (_P.DRAFT, _P.WAITING, _P.APPROVED)
ENDED = (_P.CLOSED, _P.CANCELLED)

SUPPLIER_RETURN = Machine(
    "return to supplier",
    initial=ReturnStatus.DRAFT,
    moves={
        ReturnStatus.DRAFT: [ReturnStatus.SENT, ReturnStatus.CANCELLED],
        ReturnStatus.SENT: [ReturnStatus.CREDITED],
    },
    rank=Rank.ORDER,
)
