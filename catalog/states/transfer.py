"""The states of a transfer between places."""

from catalog.terms.transfers import TransferStatus
from shop.core.states import Machine

TRANSFER = Machine(
    "transfer",
    initial=TransferStatus.DRAFT,
    moves={
        TransferStatus.DRAFT: [TransferStatus.SENT, TransferStatus.CANCELLED],
        TransferStatus.SENT: [TransferStatus.RECEIVED, TransferStatus.RETURNED],
    },
)
