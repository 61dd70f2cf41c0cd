"""Staff pages of goods and stock."""

from catalog.admin.batches import BatchAdmin
from catalog.admin.bundles import BundleAdmin, PartnerAdmin
from catalog.admin.categories import BrandAdmin, CategoryAdmin, TagAdmin
from catalog.admin.competitors import CompetitorAdmin, CompetitorGoodsAdmin, ObservationAdmin
from catalog.admin.finding import SearchWordAdmin, SynonymAdmin
from catalog.admin.freight import FreightTemplateAdmin
from catalog.admin.goods_notices import GoodsNoticeAdmin
from catalog.admin.idle import IdleWarningAdmin
from catalog.admin.listings import CategoryRuleAdmin, ListingReviewAdmin, ListingWordAdmin, ParameterAdmin
from catalog.admin.losses import LossAdmin
from catalog.admin.place_goods import PlaceGoodsAdmin
from catalog.admin.places import PlaceAdmin
from catalog.admin.price_rules import PriceRuleAdmin
from catalog.admin.products import ProductAdmin
from catalog.admin.purchase_orders import PurchaseOrderAdmin
from catalog.admin.repricing import RepriceRunAdmin
from catalog.admin.sales_channels import ChannelPushAdmin, ChannelSaleAdmin, SalesChannelAdmin
from catalog.admin.seasons import SeasonPlanAdmin
from catalog.admin.skus import PriceChangeAdmin, SkuAdmin
from catalog.admin.spot_checks import SpotCheckAdmin
from catalog.admin.stock import MovementAdmin, ReservationAdmin, StockLevelAdmin
from catalog.admin.stock_alerts import StockAlertAdmin
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
    "CategoryRuleAdmin",
    "ChannelPushAdmin",
    "ChannelSaleAdmin",
    "CompetitorAdmin",
    "CompetitorGoodsAdmin",
    "FreightTemplateAdmin",
    "GoodsNoticeAdmin",
    "IdleWarningAdmin",
    "ListingReviewAdmin",
    "ListingWordAdmin",
    "LossAdmin",
    "MovementAdmin",
    "ObservationAdmin",
    "ParameterAdmin",
    "PartnerAdmin",
    "PictureTwinAdmin",
    "PlaceAdmin",
    "PlaceGoodsAdmin",
    "PriceChangeAdmin",
    "PriceRuleAdmin",
    "ProductAdmin",
    "PurchaseOrderAdmin",
    "RepriceRunAdmin",
    "ReservationAdmin",
    "SalesChannelAdmin",
    "SearchWordAdmin",
    "SeasonPlanAdmin",
    "SkuAdmin",
    "SpotCheckAdmin",
    "StockAlertAdmin",
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
