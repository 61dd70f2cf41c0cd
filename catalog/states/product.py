"""The states of a product."""

from catalog.terms import ProductStatus
from shop.core.states import Machine

PRODUCT = Machine(
    "product",
    initial=ProductStatus.DRAFT,
    moves={
        ProductStatus.DRAFT: [ProductStatus.ON_SHELF],
        ProductStatus.ON_SHELF: [ProductStatus.OFF_SHELF],
        ProductStatus.OFF_SHELF: [ProductStatus.ON_SHELF],
    },
)
