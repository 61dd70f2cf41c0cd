"""The states of a product."""

from catalog.terms import ProductStatus
from shop.core.states import Machine

_P = ProductStatus

PRODUCT = Machine(
    "product",
    initial=_P.DRAFT,
    moves={
        _P.DRAFT: [_P.SUBMITTED],
        _P.SUBMITTED: [_P.CHECKED, _P.REJECTED],
        _P.CHECKED: [_P.APPROVED, _P.REJECTED, _P.DRAFT],
        _P.APPROVED: [_P.ON_SHELF, _P.DRAFT],
        _P.REJECTED: [_P.SUBMITTED],
        _P.ON_SHELF: [_P.OFF_SHELF],
        _P.OFF_SHELF: [_P.ON_SHELF],
    },
)

# from here a listing can be submitted
SUBMITTABLE = (_P.DRAFT, _P.REJECTED)
