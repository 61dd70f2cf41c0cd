"""Pages the law wants, and what the browser wants to know about the shop."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.selectors import consents, merchant
from members.terms import ConsentKind
from shop.core import uploads
from shop.storefront.guards import ShopRequest


@require_safe
def privacy(request: ShopRequest) -> HttpResponse:
    return _text(request, ConsentKind.PRIVACY)


@require_safe
def terms(request: ShopRequest) -> HttpResponse:
    return _text(request, ConsentKind.TERMS)


@require_safe
def licence(request: ShopRequest) -> HttpResponse:
    shop = merchant.current()
    url = uploads.derivative_url(shop.licence_image, 960) if shop.licence_image else ""
    return render(request, "storefront/licence.html", {"merchant": shop, "licence_url": url})


@require_safe
def manifest(request: ShopRequest) -> HttpResponse:
    shop = merchant.current()
    icons = [
        {"src": static("storefront/icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("storefront/icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("storefront/icons/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    content = {
        "name": shop.shop_name,
        "short_name": shop.shop_name[:12],
        "start_url": "/",
        "display": "standalone",
        "background_color": "#FFF9F4",
        "theme_color": "#FFF9F4",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _text(request: ShopRequest, kind: ConsentKind) -> HttpResponse:
    text = consents.current(kind)
    context = {
        "headline": text.title if text else str(kind.label),
        "version": text.version if text else "",
        "body": text.body if text else _("The shop has not published this text yet. Please ask by phone."),
    }
    return render(request, "storefront/text.html", context)
