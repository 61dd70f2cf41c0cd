"""Transition table of a member's coupon."""

from marketing.terms import GrantStatus
from shop.core.locks import Rank
from shop.core.states import Machine

# A used coupon comes back when its order is refunded whole; if that is too late, the next scan expires it.
GRANT = Machine(
    "coupon grant",
    initial=GrantStatus.AVAILABLE,
    rank=Rank.MARKETING,
    moves={
        GrantStatus.AVAILABLE: (GrantStatus.HELD, GrantStatus.EXPIRED, GrantStatus.REVOKED),
        GrantStatus.HELD: (GrantStatus.AVAILABLE, GrantStatus.USED),
        GrantStatus.USED: (GrantStatus.AVAILABLE,),
    },
)
