from django.contrib import admin
from django.urls import path

from shop.backoffice import appearance, design, sales

app_name = "backoffice"
urlpatterns = [
    path("sales/", admin.site.admin_view(sales.page), name="sales"),
    path("appearance/", admin.site.admin_view(appearance.page), name="appearance"),
    path("appearance/look/", admin.site.admin_view(appearance.preview), name="look"),
    path("design/", admin.site.admin_view(design.page), name="design"),
    path("design/parts/", admin.site.admin_view(design.parts), name="design_parts"),
]
