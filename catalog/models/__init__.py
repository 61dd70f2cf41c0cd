"""Tables of the catalog, one noun a file."""

from catalog.models.barcode import ScaleCode, SkuPack
from catalog.models.category import Brand, Category, Tag
from catalog.models.demand import SkuDemand, StockAlert
from catalog.models.favourite import Favourite
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.image import ProductImage
from catalog.models.place import Place, StaffPlace
from catalog.models.place_page import PlaceHoliday, PlacePhoto
from catalog.models.product import Product, ProductTag, ProductTransition
from catalog.models.purchase_order import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseTransition,
    SupplierLink,
)
from catalog.models.sales_channel import ChannelPush, ChannelSale, ChannelStock, SalesChannel
from catalog.models.search_word import SearchWord
from catalog.models.sku import PriceChange, Sku, SpecAxis, SpecValue
from catalog.models.sku_day import SkuDay
from catalog.models.stock import Reservation, StockLevel, StockMovement
from catalog.models.stocktake import CountEntry, Stocktake, StocktakeLine
from catalog.models.supplier import (
    KeySku,
    RebateStep,
    Supplier,
    SupplierDocument,
    SupplierPayment,
    SupplierPrice,
    SupplierSku,
    SupplyAgreement,
)
from catalog.models.supplier_return import SupplierReturn, SupplierReturnLine, SupplierReturnTransition
from catalog.models.synonym import Synonym
from catalog.models.transfer import Transfer, TransferLine

__all__ = [
    "Brand",
    "Category",
    "CountEntry",
    "ChannelPush",
    "ChannelSale",
    "ChannelStock",
    "Favourite",
    "FreightRegion",
    "FreightTemplate",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "KeySku",
    "Place",
    "PlaceHoliday",
    "PlacePhoto",
    "PriceChange",
    "Product",
    "ProductImage",
    "ProductTag",
    "ProductTransition",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseTransition",
    "RebateStep",
    "Reservation",
    "ScaleCode",
    "SalesChannel",
    "SearchWord",
    "Sku",
    "SkuDay",
    "SkuDemand",
    "SkuPack",
    "SpecAxis",
    "SpecValue",
    "StaffPlace",
    "StockAlert",
    "StockLevel",
    "StockMovement",
    "Stocktake",
    "StocktakeLine",
    "Supplier",
    "SupplierDocument",
    "SupplierLink",
    "SupplierPayment",
    "SupplierPrice",
    "SupplierReturn",
    "SupplierReturnLine",
    "SupplierReturnTransition",
    "SupplierSku",
    "SupplyAgreement",
    "Synonym",
    "Tag",
    "Transfer",
    "TransferLine",
]
