from django.contrib import admin
from django.urls import path

from shop.backoffice import sales

app_name = "backoffice"
urlpatterns = [path("sales/", admin.site.admin_view(sales.page), name="sales")]
