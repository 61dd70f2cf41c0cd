"""Refusals of the catalog, a file a subject."""

from catalog.errors.freight import (
    LastFreightRate,
)
from catalog.errors.goods import (
    CategoryInUse,
    CategoryTooDeep,
    CodeTaken,
    ProductIncomplete,
    SpecsUnclear,
    SynonymUnclear,
    TooManyAxes,
    TooManyFavourites,
    TooManyPictures,
    TooManySkus,
)
from catalog.errors.prices import (
    BelowFloor,
)
from catalog.errors.stock import (
    NothingReserved,
    SoldOut,
    StockMoved,
    StockTooLow,
)

__all__ = [
    "BelowFloor",
    "CategoryInUse",
    "CategoryTooDeep",
    "CodeTaken",
    "LastFreightRate",
    "NothingReserved",
    "ProductIncomplete",
    "SoldOut",
    "SpecsUnclear",
    "StockMoved",
    "StockTooLow",
    "SynonymUnclear",
    "TooManyAxes",
    "TooManyFavourites",
    "TooManyPictures",
    "TooManySkus",
]
