from django.urls import path

from catalog.api.competitor_prices import CompetitorPricesView
from catalog.api.listings import CheckView, ReviewView, SubmitView
from catalog.api.products import ProductsView, ProductView, PutOnShelfView, TakeOffShelfView
from catalog.api.scans import ReceiveView, ScanView
from catalog.api.skus import PriceView, SkusView
from catalog.api.stock import AdjustView, LevelView, PlacesView, StockView
from catalog.api.stocktakes import CountView, HandInView, LinesView, SheetsView
from catalog.api.transfers import ArrivalView, SendView, TransfersView

api_urlpatterns = [
    path("products/", ProductsView.as_view(), name="products"),
    path("products/<int:product_id>/", ProductView.as_view(), name="product"),
    path("products/<int:product_id>/put-on-shelf/", PutOnShelfView.as_view(), name="put_on_shelf"),
    path("products/<int:product_id>/take-off-shelf/", TakeOffShelfView.as_view(), name="take_off_shelf"),
    path("products/<int:product_id>/check/", CheckView.as_view(), name="check_product"),
    path("products/<int:product_id>/submit/", SubmitView.as_view(), name="submit_product"),
    path("products/<int:product_id>/review/", ReviewView.as_view(), name="review_product"),
    path("skus/", SkusView.as_view(), name="skus"),
    path("competitor-prices/", CompetitorPricesView.as_view(), name="competitor_prices"),
    path("skus/<int:sku_id>/price/", PriceView.as_view(), name="sku_price"),
    path("scan/", ScanView.as_view(), name="scan"),
    path("stock/receive/", ReceiveView.as_view(), name="stock_receive"),
    path("stocktakes/", SheetsView.as_view(), name="stocktakes"),
    path("stocktakes/<int:stocktake_id>/lines/", LinesView.as_view(), name="stocktake_lines"),
    path("stocktakes/<int:stocktake_id>/count/", CountView.as_view(), name="stocktake_count"),
    path("stocktakes/<int:stocktake_id>/hand-in/", HandInView.as_view(), name="stocktake_hand_in"),
    path("transfers/", TransfersView.as_view(), name="transfers"),
    path("transfers/<int:transfer_id>/send/", SendView.as_view(), name="transfer_send"),
    path("transfers/<int:transfer_id>/receive/", ArrivalView.as_view(), name="transfer_receive"),
    path("stock/", StockView.as_view(), name="stock"),
    path("stock/<int:level_id>/", LevelView.as_view(), name="stock_level"),
    path("stock/<int:level_id>/adjust/", AdjustView.as_view(), name="stock_adjust"),
    path("places/", PlacesView.as_view(), name="places"),
]
