from django.urls import path

from catalog.api.products import ProductsView, ProductView, PutOnShelfView, TakeOffShelfView
from catalog.api.skus import PriceView, SkusView
from catalog.api.stock import AdjustView, LevelView, PlacesView, StockView

api_urlpatterns = [
    path("products/", ProductsView.as_view(), name="products"),
    path("products/<int:product_id>/", ProductView.as_view(), name="product"),
    path("products/<int:product_id>/put-on-shelf/", PutOnShelfView.as_view(), name="put_on_shelf"),
    path("products/<int:product_id>/take-off-shelf/", TakeOffShelfView.as_view(), name="take_off_shelf"),
    path("skus/", SkusView.as_view(), name="skus"),
    path("skus/<int:sku_id>/price/", PriceView.as_view(), name="sku_price"),
    path("stock/", StockView.as_view(), name="stock"),
    path("stock/<int:level_id>/", LevelView.as_view(), name="stock_level"),
    path("stock/<int:level_id>/adjust/", AdjustView.as_view(), name="stock_adjust"),
    path("places/", PlacesView.as_view(), name="places"),
]
