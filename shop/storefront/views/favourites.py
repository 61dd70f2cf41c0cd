"""Favourites: the heart of a product, and the list."""

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors import favourites as favourite_list
from catalog.services import favourites
from shop.core.errors import Refusal
from shop.storefront import favourite_wishes, goods
from shop.storefront.guards import ShopRequest, members_only, missing_is_404, safe_next
from shop.storefront.reading import whole, whole_or_none


@require_safe
@members_only
def listing(request: ShopRequest) -> HttpResponse:
    page = whole(request.GET.get("page"), otherwise=1)
    found = favourite_list.page(request.member.pk, page=page)
    context = {
        "items": goods.with_offers(found.cards),
        "total": found.total,
        "listing": {
            "page": found.page,
            "has_next": found.has_next,
            "next_page": found.page + 1,
            "previous_page": found.page - 1,
        },
        "removed": whole_or_none(request.GET.get("removed")),
    }
    return render(request, "storefront/favourites.html", context)


@require_POST
@missing_is_404
def favourite(request: ShopRequest, product_id: int) -> HttpResponse:
    """Puts a product on the list (`on=1`) or takes it off. A guest signs in first, then it is on the list."""
    is_on = request.POST.get("on") == "1"
    back = safe_next(request, reverse("storefront:product", args=[product_id]))
    if request.shopper.member is None:
        favourite_wishes.keep(request, product_id)
        address = f"{reverse('storefront:login')}?{urlencode({'next': back})}"
        return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else _to(address)
    member_id = request.shopper.member.pk
    try:
        if is_on:
            favourites.add(member_id=member_id, product_id=product_id)
        else:
            favourites.remove(member_id=member_id, product_id=product_id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _refused(request, refusal, back)
    if request.htmx:
        return _drawn(request, product_id, is_on)
    return _to(back)


def _drawn(request: ShopRequest, product_id: int, is_on: bool) -> HttpResponse:
    """The heart again, or the row of the list with a way back."""
    row = "row" in request.POST
    if row:
        cards = favourite_list.card(product_id)
        context = {"item": next(iter(goods.with_offers(cards)), None), "product_id": product_id}
        name = "storefront/favourite_row.html" if is_on else "storefront/favourite_gone.html"
        return render(request, name, context)
    context = {"product_id": product_id, "is_favourite": is_on, "wide": "wide" in request.POST}
    response = render(request, "parts/favourite.html", context)
    words = _("It is among your favourites.") if is_on else _("It is no longer among your favourites.")
    response["HX-Trigger"] = json.dumps({"toast": {"text": words}})
    return response


def _refused(request: ShopRequest, refusal: Refusal, back: str) -> HttpResponse:
    if request.htmx:
        told = json.dumps({"toast": {"text": str(refusal.message_text)}})
        return HttpResponse(status=204, headers={"HX-Trigger": told})
    messages.error(request, refusal.message_text)
    return _to(back)


def _to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address)
