"""Tables of the catalog, one noun a file."""

from catalog.models.category import Brand, Category, Tag
from catalog.models.favourite import Favourite
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.image import ProductImage
from catalog.models.place import Place, StaffPlace
from catalog.models.place_page import PlaceHoliday, PlacePhoto
from catalog.models.product import Product, ProductTag, ProductTransition
from catalog.models.search_word import SearchWord
from catalog.models.sku import PriceChange, Sku, SpecAxis, SpecValue
from catalog.models.sku_day import SkuDay
from catalog.models.stock import Reservation, StockLevel, StockMovement
from catalog.models.synonym import Synonym

__all__ = [
    "Brand",
    "Category",
    "Favourite",
    "FreightRegion",
    "FreightTemplate",
    "Place",
    "PlaceHoliday",
    "PlacePhoto",
    "PriceChange",
    "Product",
    "ProductImage",
    "ProductTag",
    "ProductTransition",
    "Reservation",
    "SearchWord",
    "Sku",
    "SkuDay",
    "SpecAxis",
    "SpecValue",
    "StaffPlace",
    "StockLevel",
    "StockMovement",
    "Synonym",
    "Tag",
]
