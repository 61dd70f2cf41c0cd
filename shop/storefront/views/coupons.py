"""Coupons: the centre where they are claimed, and what a member has."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors import products
from marketing.selectors import coupon_cards
from marketing.services import coupons
from shop.core.errors import Refusal
from shop.storefront import coupon_words, product_offers
from shop.storefront.guards import ShopRequest, members_only, missing_is_404, safe_next
from shop.storefront.reading import whole_or_none

TABS = (
    ("usable", pgettext_lazy("coupons", "To use")),
    ("used", pgettext_lazy("coupons", "Used")),
    ("expired", pgettext_lazy("coupons", "Over")),
)


@require_safe
def centre(request: ShopRequest) -> HttpResponse:
    """All coupons that can be claimed now or soon; a member sees which they have."""
    member = request.shopper.member
    cards = coupon_cards.on_offer(member.pk if member else None)
    context = {"tickets": [coupon_words.ticket(card) for card in cards], "is_member": member is not None}
    return render(request, "storefront/coupons.html", context)


@require_safe
@missing_is_404
def of_product(request: ShopRequest, product_id: int) -> HttpResponse:
    """The coupons of one product in the sheet; without htmx the centre has them all."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("storefront:coupons"))
    found = product_offers.tickets(products.page(product_id), request.shopper.member)
    context = {"tickets": found, "back": reverse("storefront:product", args=[product_id])}
    return render(request, "storefront/product_coupons.html", context)


@require_POST
@members_only
def claim(request: ShopRequest, coupon_id: int) -> HttpResponse:
    """Takes a copy; with htmx the ticket is drawn again, else back to where the shopper was."""
    words, status = _("It is in your wallet."), 200
    try:
        coupons.claim(coupon_id=coupon_id, member_id=request.member.pk)
    except Refusal as refusal:
        words, status = refusal.message_text, refusal.status
    if not request.htmx:
        (messages.success if status == 200 else messages.error)(request, words)
        return HttpResponseRedirect(safe_next(request, reverse("storefront:coupons")))
    card = coupon_cards.one(coupon_id, request.member.pk)
    if card is None:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"toast": {"text": words}})})
    context = {"ticket": coupon_words.ticket(card), "next": safe_next(request, reverse("storefront:coupons"))}
    response = render(request, "parts/coupon.html", context)
    response["HX-Trigger"] = json.dumps({"toast": {"text": words}})
    return response


@require_safe
@members_only
def wallet(request: ShopRequest) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in coupon_cards.TABS else "usable"
    found = coupon_cards.wallet(request.member.pk, tab, whole_or_none(request.GET.get("after")))
    here = reverse("storefront:wallet")
    context: dict[str, Any] = {
        "tab": tab,
        "tickets": [coupon_words.ticket(card) for card in found.cards],
        "tabs": [
            {
                "href": f"{here}?tab={code}",
                "label": label,
                "count": found.counts[code] if code == "usable" else 0,
            }
            | {"is_current": code == tab}
            for code, label in TABS
        ],
        "next_after": found.next_after,
    }
    return render(request, "storefront/wallet.html", context)
