from django.contrib import admin
from django.urls import path

from shop.backoffice import appearance, design, help_pages, live, partner_shares, preview, sales

app_name = "backoffice"
urlpatterns = [
    path("live/", live.pulse_view, name="live"),
    path("live/today/", live.today_view, name="live_today"),
    path("preferences/", live.prefer_view, name="prefer"),
    path("help/", help_pages.index_view, name="help_index"),
    path("help/<slug:slug>/", help_pages.article_view, name="help"),
    path("preview/<int:product_id>/", admin.site.admin_view(preview.page), name="preview"),
    path("sales/", admin.site.admin_view(sales.page), name="sales"),
    path("partner-shares/", admin.site.admin_view(partner_shares.page), name="partner_shares"),
    path("appearance/", admin.site.admin_view(appearance.page), name="appearance"),
    path("appearance/look/", admin.site.admin_view(appearance.preview), name="look"),
    path("design/", admin.site.admin_view(design.page), name="design"),
    path("design/parts/", admin.site.admin_view(design.parts), name="design_parts"),
]
