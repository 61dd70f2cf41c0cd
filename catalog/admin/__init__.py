"""Staff pages of goods and stock."""

from catalog.admin.categories import BrandAdmin, CategoryAdmin, TagAdmin
from catalog.admin.finding import SearchWordAdmin, SynonymAdmin
from catalog.admin.freight import FreightTemplateAdmin
from catalog.admin.places import PlaceAdmin
from catalog.admin.products import ProductAdmin
from catalog.admin.sales_channels import ChannelPushAdmin, ChannelSaleAdmin, SalesChannelAdmin
from catalog.admin.skus import PriceChangeAdmin, SkuAdmin
from catalog.admin.stock import MovementAdmin, ReservationAdmin, StockLevelAdmin

__all__ = [
    "BrandAdmin",
    "CategoryAdmin",
    "ChannelPushAdmin",
    "ChannelSaleAdmin",
    "FreightTemplateAdmin",
    "MovementAdmin",
    "PlaceAdmin",
    "PriceChangeAdmin",
    "ProductAdmin",
    "ReservationAdmin",
    "SalesChannelAdmin",
    "SearchWordAdmin",
    "SkuAdmin",
    "StockLevelAdmin",
    "SynonymAdmin",
    "TagAdmin",
]
