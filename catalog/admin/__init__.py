"""Staff pages of goods and stock."""

from catalog.admin.batches import BatchAdmin
from catalog.admin.bundles import BundleAdmin, PartnerAdmin
from catalog.admin.categories import BrandAdmin, CategoryAdmin, TagAdmin
from catalog.admin.finding import SearchWordAdmin, SynonymAdmin
from catalog.admin.freight import FreightTemplateAdmin
from catalog.admin.idle import IdleWarningAdmin
from catalog.admin.losses import LossAdmin
from catalog.admin.places import PlaceAdmin
from catalog.admin.products import ProductAdmin
from catalog.admin.purchase_orders import PurchaseOrderAdmin
from catalog.admin.sales_channels import ChannelPushAdmin, ChannelSaleAdmin, SalesChannelAdmin
from catalog.admin.seasons import SeasonPlanAdmin
from catalog.admin.skus import PriceChangeAdmin, SkuAdmin
from catalog.admin.spot_checks import SpotCheckAdmin
from catalog.admin.stock import MovementAdmin, ReservationAdmin, StockLevelAdmin
from catalog.admin.stocktakes import StocktakeAdmin
from catalog.admin.supplier_returns import SupplierReturnAdmin
from catalog.admin.suppliers import SupplierAdmin, SupplierSkuAdmin
from catalog.admin.tag_overrides import TagOverrideAdmin
from catalog.admin.take_downs import TakeDownAdmin
from catalog.admin.transfers import TransferAdmin
from catalog.admin.twins import PictureTwinAdmin

__all__ = [
    "BatchAdmin",
    "BrandAdmin",
    "BundleAdmin",
    "CategoryAdmin",
    "ChannelPushAdmin",
    "ChannelSaleAdmin",
    "FreightTemplateAdmin",
    "IdleWarningAdmin",
    "LossAdmin",
    "MovementAdmin",
    "PartnerAdmin",
    "PictureTwinAdmin",
    "PlaceAdmin",
    "PriceChangeAdmin",
    "ProductAdmin",
    "PurchaseOrderAdmin",
    "ReservationAdmin",
    "SalesChannelAdmin",
    "SearchWordAdmin",
    "SeasonPlanAdmin",
    "SkuAdmin",
    "SpotCheckAdmin",
    "StockLevelAdmin",
    "StocktakeAdmin",
    "SupplierAdmin",
    "SupplierReturnAdmin",
    "SupplierSkuAdmin",
    "SynonymAdmin",
    "TagAdmin",
    "TagOverrideAdmin",
    "TakeDownAdmin",
    "TransferAdmin",
]
