"""Addresses. Other programs rely on them: see README.md."""

from importlib import import_module
from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from shop.core import health

api = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
notify = []
front = []
for app in ("members", "catalog", "marketing", "orders"):
    if find_spec(f"{app}.urls"):
        try:
            module = import_module(f"{app}.urls")
        except Exception as problem:
            print(f"BUILD-UP {app}.urls: {problem}")
            continue
        api += getattr(module, "api_urlpatterns", [])
        notify += getattr(module, "notify_urlpatterns", [])
if find_spec("shop.storefront.urls"):
    try:
        front = [path("", include("shop.storefront.urls"))]
    except Exception as problem:
        print(f"BUILD-UP shop.storefront.urls: {problem}")

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("media/<path:path>", health.media, name="media"),
    path("i18n/", set_language, name="set_language"),
    path("admin/", include("shop.backoffice.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api, "api"))),
    path("notify/", include((notify, "notify"))),
    *front,
]
