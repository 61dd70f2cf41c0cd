"""What the browser asks for by itself: the manifest, the merchant's colours, the worker, the offline page."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from members.selectors import merchant
from shop.core import appearance
from shop.storefront.guards import ShopRequest

FOREVER, MANIFEST_SECONDS = 365 * 24 * 3600, 3600
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))


@require_safe
@cache_control(public=True, max_age=MANIFEST_SECONDS)
def manifest(request: ShopRequest) -> HttpResponse:
    shop = merchant.current()
    content = {
        "id": "/",
        "name": shop.shop_name,
        "short_name": shop.shop_name[:12],
        "description": shop.slogan,
        "lang": "zh-Hans",
        "start_url": reverse("storefront:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": appearance.PAPER,
        "theme_color": appearance.PAPER,
        "icons": [
            {
                "src": static(f"storefront/icons/{name}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in ICONS
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def theme(request: ShopRequest, version: str) -> HttpResponse:
    """Kept for ever under the version's own address; an old page may ask for an old one and gets today's."""
    chosen = appearance.current()
    response = HttpResponse(chosen.stylesheet(), content_type="text/css; charset=utf-8")
    is_asked = version == chosen.version()
    response["Cache-Control"] = f"public, max-age={FOREVER}, immutable" if is_asked else "no-cache"
    return response


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def worker(request: ShopRequest) -> HttpResponse:
    """The service worker, at the root so that it sees every page. It keeps the offline page, nothing else."""
    return render(request, "storefront/worker.js", content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: ShopRequest) -> HttpResponse:
    """What the worker shows without a network; the same for everybody."""
    return render(request, "storefront/offline.html")
