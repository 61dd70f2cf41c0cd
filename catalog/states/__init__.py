"""Transition tables of the catalog, a file a noun."""

from catalog.states.product import (
    PRODUCT,
)

__all__ = [
    "PRODUCT",
]
