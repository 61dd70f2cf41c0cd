"""Pages the law wants."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics import policies
from members.selectors import consents, merchant
from members.terms import ConsentKind
from shop.core import uploads
from shop.storefront.guards import ShopRequest


@require_safe
def privacy(request: ShopRequest) -> HttpResponse:
    return _text(request, ConsentKind.PRIVACY, counts_visits=policies.COUNT_VISITS.get())


@require_safe
def terms(request: ShopRequest) -> HttpResponse:
    return _text(request, ConsentKind.TERMS)


@require_safe
def licence(request: ShopRequest) -> HttpResponse:
    shop = merchant.current()
    url = uploads.derivative_url(shop.licence_image, 960) if shop.licence_image else ""
    return render(request, "storefront/licence.html", {"merchant": shop, "licence_url": url})


def _text(request: ShopRequest, kind: ConsentKind, *, counts_visits: bool = False) -> HttpResponse:
    text = consents.current(kind)
    context = {
        "counts_visits": counts_visits,
        "headline": text.title if text else str(kind.label),
        "version": text.version if text else "",
        "body": text.body if text else _("The shop has not published this text yet. Please ask by phone."),
    }
    return render(request, "storefront/text.html", context)
