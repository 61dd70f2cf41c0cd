"""Tables of the catalog, one noun a file."""

from catalog.models.category import Brand, Category, Tag
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.image import ProductImage
from catalog.models.place import Place, StaffPlace
from catalog.models.product import Product, ProductTag, ProductTransition
from catalog.models.sku import PriceChange, Sku, SpecAxis, SpecValue
from catalog.models.sku_day import SkuDay
from catalog.models.stock import Reservation, StockLevel, StockMovement

__all__ = [
    "Brand",
    "Category",
    "FreightRegion",
    "FreightTemplate",
    "Place",
    "PriceChange",
    "Product",
    "ProductImage",
    "ProductTag",
    "ProductTransition",
    "Reservation",
    "Sku",
    "SkuDay",
    "SpecAxis",
    "SpecValue",
    "StaffPlace",
    "StockLevel",
    "StockMovement",
    "Tag",
]
