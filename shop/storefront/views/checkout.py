"""Checkout: one page, from the basket or for one SKU bought at once."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.errors import SoldOut
from orders.errors import BadQuantity, NothingToBuy, QuoteChanged
from orders.models import Order
from orders.services import checkout as trade
from orders.services import payments
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, OrderStatus, Source
from shop.core.errors import Refusal
from shop.core.http import client_ip
from shop.storefront import checkout_page, paying, wishes
from shop.storefront.guards import ShopRequest, members_only
from shop.storefront.reading import slot, whole_or_none
from shop.storefront.whereabouts import Whereabouts

HIDDEN = ("sku", "quantity", "coupon", "points")
CARRIED = (*HIDDEN, "mode", "address", "place")


@require_safe
@members_only
def checkout(request: ShopRequest) -> HttpResponse:
    given = request.GET.dict()
    if given.get("mode") == DeliveryMode.PICKUP and not given.get("place"):
        near = Whereabouts(request).nearest()
        given |= {"place": str(near.pk)} if near else {}
    return _drawn(request, given)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def place(request: ShopRequest) -> HttpResponse:
    """Places the order the page showed, or shows it again with what has changed meanwhile."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("storefront:checkout"))
    given = request.POST.dict()
    try:
        order = trade.place(
            member=request.member,
            wants=_wants(request, given),
            delivery=_delivery(request, given),
            digest=given.get("digest", ""),
            key=given.get("key", ""),
            buyer_note=given.get("note", "")[:200],
            coupon_grant_id=whole_or_none(given.get("coupon")),
            points=whole_or_none(given.get("points")) or 0,
            source=Source.DIRECT if given.get("sku") else Source.BASKET,
        )
    except QuoteChanged as changed:
        return _drawn(request, given, refusal=changed)
    except Refusal as refusal:
        return _drawn(request, given, refusal=refusal)
    _open_payment(request, order)
    name = "order_pay" if order.status == OrderStatus.UNPAID else "order_paid"
    return HttpResponseRedirect(reverse(f"storefront:{name}", args=[order.number]) + "?go=1")


def _open_payment(request: HttpRequest, order: Order) -> None:
    """Opens the payment right away; the pay page says what came of it and offers to try again."""
    if order.status != OrderStatus.UNPAID:
        return
    way = paying.way_of(request)
    try:
        payments.start(
            order_id=order.pk, method=way.method, client_ip=client_ip(request), payer_openid=way.openid
        )
    except Refusal:
        return


def _wants(request: ShopRequest, given: dict[str, str]) -> list[LineRequest]:
    if given.get("sku"):
        return wishes.direct(given)
    return wishes.selected(request.shopper.find_basket())


def _delivery(request: ShopRequest, given: dict[str, str]) -> Delivery:
    if given.get("mode") != DeliveryMode.PICKUP:
        return Delivery(mode=DeliveryMode.EXPRESS, address_id=whole_or_none(given.get("address")))
    start, end = slot(given.get("slot"))
    return Delivery(
        mode=DeliveryMode.PICKUP,
        place_id=whole_or_none(given.get("place")),
        slot_start=start,
        slot_end=end,
        contact_name=given.get("contact_name", ""),
        contact_phone=given.get("contact_phone", "").strip() or request.member.user.phone,
    )


def _drawn(request: ShopRequest, given: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    chosen = {name: value for name in CARRIED if (value := given.get(name, ""))}
    status = 200
    if refusal:
        status = 422 if isinstance(refusal, BadQuantity) else refusal.status
    try:
        page = trade.preview(
            member=request.member,
            wants=_wants(request, given),
            delivery=_delivery(request, given),
            coupon_grant_id=whole_or_none(given.get("coupon")),
            points=whole_or_none(given.get("points")) or 0,
            picks_best=not given.get("coupon"),
            wants_all_points=given.get("points") == checkout_page.ALL_POINTS,
        )
    except NothingToBuy:
        return render(request, "storefront/checkout.html", {"empty": True}, status=status)
    except BadQuantity as bad:
        context = {"empty": True, "error": bad.message_text}
        return render(request, "storefront/checkout.html", context, status=422)
    except Refusal as refused:
        if "coupon" not in chosen:
            raise
        return _drawn(request, {**given, "coupon": ""}, refusal=refused)
    context = checkout_page.context(request.member, page, given)
    context["stores"] = Whereabouts(request).in_order(page.stores)
    context |= _said(page, given, refusal)
    chosen["mode"] = page.delivery.mode
    context |= {
        "carried": chosen,
        "hidden": {name: chosen[name] for name in (*HIDDEN, "mode") if name in chosen}
        | checkout_page.settled(page),
        "here": f"{reverse('storefront:checkout')}?{urlencode(chosen)}",
        "sandbox_url": settings.SANDBOX_URL,
        "needs_phone": not request.member.user.phone_tail,
    }
    if context["needs_phone"] and context["can_submit"]:
        context |= {"can_submit": False, "why_not": _("Bind your number first")}
    return render(request, "storefront/checkout.html", context, status=status)


def _said(page: trade.CheckoutPage, given: dict[str, str], refusal: Refusal | None) -> dict[str, Any]:
    """What went wrong, and what is different from what the shopper saw."""
    if refusal is None:
        return {}
    changes = checkout_page.changes(page, given.get("seen", ""))
    error = refusal.message_text
    if isinstance(refusal, SoldOut) and (title := checkout_page.title_of(page, refusal.extra.get("sku_id"))):
        error = f"{title}: {error}"
    return {"error": error, "changes": changes}
