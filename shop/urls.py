"""Addresses. Other programs rely on them: see README.md."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import catalog.urls
import marketing.urls
import members.urls
import orders.urls
from catalog.api import sales_channels
from members.api import wechat_pushes
from shop.backoffice.stage import urls as stage
from shop.core import health
from shop.core.rest.errors import unknown_address

api_urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    *members.urls.api_urlpatterns,
    *catalog.urls.api_urlpatterns,
    *marketing.urls.api_urlpatterns,
    *orders.urls.api_urlpatterns,
    re_path(r"^(?:.*/)?$", unknown_address),
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("media/<path:path>", health.media, name="media"),
    path("i18n/", set_language, name="set_language"),
    *(stage.urlpatterns if settings.DEMO else []),
    path("admin/", include("shop.backoffice.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api_urlpatterns, "api"))),
    path("notify/wechat/messages/", wechat_pushes.receive, name="wechat_messages"),
    path("notify/channels/<slug:code>/sales/", sales_channels.report_sale, name="channel_sale"),
    path("notify/channels/<slug:code>/stock/", sales_channels.list_stock, name="channel_stock"),
    path("notify/", include((orders.urls.notify_urlpatterns, "notify"))),
    path("", include("shop.storefront.urls")),
]
