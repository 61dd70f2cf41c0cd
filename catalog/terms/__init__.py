"""Enums and labels of the catalog, a file a subject."""

from catalog.terms.freight import (
    FreightBasis,
)
from catalog.terms.goods import (
    AXES_AT_MOST,
    CATEGORY_DEPTH,
    SKUS_AT_MOST,
    TITLE_LENGTH,
    AutomaticTag,
    ProductStatus,
)
from catalog.terms.places import (
    DeliveryMode,
    PlaceKind,
)
from catalog.terms.stock import (
    HANDLED_POOLS,
    SELLABLE_POOLS,
    LossReason,
    MovementReason,
    Pool,
    ReservationStatus,
)

__all__ = [
    "AXES_AT_MOST",
    "CATEGORY_DEPTH",
    "HANDLED_POOLS",
    "SELLABLE_POOLS",
    "SKUS_AT_MOST",
    "TITLE_LENGTH",
    "AutomaticTag",
    "DeliveryMode",
    "FreightBasis",
    "LossReason",
    "MovementReason",
    "PlaceKind",
    "Pool",
    "ProductStatus",
    "ReservationStatus",
]
