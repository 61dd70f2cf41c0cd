"""Tables of the catalog, one noun a file."""

from catalog.models.barcode import ScaleCode, SkuPack
from catalog.models.batch import Batch, BatchLevel, Loss, Markdown, Recall
from catalog.models.bundle import Bundle, BundleComponent, Partner
from catalog.models.category import Brand, Category, Tag
from catalog.models.competitor import Competitor, CompetitorGoods, PriceObservation
from catalog.models.demand import SkuDemand, StockAlert
from catalog.models.favourite import Favourite
from catalog.models.freight import FreightRegion, FreightTemplate
from catalog.models.goods_notice import GoodsNotice
from catalog.models.idle import IdleWarning, ProductDay
from catalog.models.image import ProductImage
from catalog.models.listing import ListingCheck, ListingReview
from catalog.models.listing_rule import (
    CategoryRule,
    ListingWord,
    Parameter,
    ParameterValue,
    PictureSlot,
)
from catalog.models.paper import ProductPaper
from catalog.models.picture_care import PictureEdit, PictureTwin
from catalog.models.place import Place, StaffPlace
from catalog.models.place_goods import PlaceGoods
from catalog.models.place_page import PlaceHoliday, PlacePhoto
from catalog.models.price_rule import PriceRule
from catalog.models.product import Product, ProductTag, ProductTransition
from catalog.models.purchase_order import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseTransition,
    SupplierLink,
)
from catalog.models.reprice import RepriceLine, RepriceRun
from catalog.models.sales_channel import ChannelPush, ChannelSale, ChannelStock, SalesChannel
from catalog.models.search_word import SearchWord
from catalog.models.season import SeasonPlan, SeasonProduct
from catalog.models.sku import PriceChange, Sku, SpecAxis, SpecValue
from catalog.models.sku_day import SkuDay
from catalog.models.spot_check import SpotCheck
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
from catalog.models.tag_override import TagOverride
from catalog.models.take_down import TakeDown
from catalog.models.transfer import Transfer, TransferLine
from catalog.models.video import ProductVideo

__all__ = [
    "Batch",
    "BatchLevel",
    "Brand",
    "Bundle",
    "BundleComponent",
    "Category",
    "CategoryRule",
    "ChannelPush",
    "ChannelSale",
    "ChannelStock",
    "Competitor",
    "CompetitorGoods",
    "CountEntry",
    "Favourite",
    "FreightRegion",
    "FreightTemplate",
    "GoodsNotice",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "IdleWarning",
    "KeySku",
    "ListingCheck",
    "ListingReview",
    "ListingWord",
    "Loss",
    "Markdown",
    "Parameter",
    "ParameterValue",
    "Partner",
    "PictureEdit",
    "PictureSlot",
    "PictureTwin",
    "Place",
    "PlaceGoods",
    "PlaceHoliday",
    "PlacePhoto",
    "PriceChange",
    "PriceObservation",
    "PriceRule",
    "Product",
    "ProductDay",
    "ProductImage",
    "ProductPaper",
    "ProductTag",
    "ProductTransition",
    "ProductVideo",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseTransition",
    "RebateStep",
    "Recall",
    "RepriceLine",
    "RepriceRun",
    "Reservation",
    "SalesChannel",
    "ScaleCode",
    "SearchWord",
    "SeasonPlan",
    "SeasonProduct",
    "Sku",
    "SkuDay",
    "SkuDemand",
    "SkuPack",
    "SpecAxis",
    "SpecValue",
    "SpotCheck",
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
    "TagOverride",
    "TakeDown",
    "Transfer",
    "TransferLine",
]
