"""Wishes to be told when goods are back or cheaper, and the goods of a product store by store."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.models import GoodsNotice, Sku
from catalog.selectors import place_goods, places, products
from catalog.services import goods_notices
from catalog.terms import ProductStatus
from catalog.terms.prices import NoticeKind
from shop.core.errors import Refusal
from shop.storefront import notice_wishes
from shop.storefront.guards import ShopRequest, members_only, missing_is_404, safe_next
from shop.storefront.whereabouts import Whereabouts

SHOWN = 100


@require_POST
def notice(request: ShopRequest, sku_id: int) -> HttpResponse:
    """Asks to be told (`on=1`) or not any more. A guest signs in first, then it is noted."""
    is_wish = request.POST.get("on") == "1"
    known = Sku.objects.filter(product__status=ProductStatus.ON_SHELF) if is_wish else Sku.objects.all()
    sku = known.filter(pk=sku_id).first()
    kind = request.POST.get("kind", "")
    if sku is None or kind not in NoticeKind.values:
        raise Http404
    page = reverse("storefront:product", args=[sku.product_id])
    back = safe_next(request, f"{page}?sku={sku.pk}")
    member = request.shopper.member
    if member is None:
        if is_wish:
            notice_wishes.keep(request, sku.pk, kind)
        return HttpResponseRedirect(f"{reverse('storefront:login')}?{urlencode({'next': back})}")
    try:
        if is_wish:
            goods_notices.wish(member_id=member.pk, sku_id=sku.pk, kind=kind)
            messages.success(request, _("We tell you once, as soon as it is so."))
        else:
            goods_notices.forget(member_id=member.pk, sku_id=sku.pk, kind=kind)
            messages.success(request, _("We won't write about it."))
    except Refusal as refusal:
        messages.error(request, refusal.message_text)
    return HttpResponseRedirect(back)


@require_safe
@members_only
def listing(request: ShopRequest) -> HttpResponse:
    """What the member waits for, and what was told."""
    rows = GoodsNotice.objects.filter(member=request.member).select_related("sku__product").order_by("-pk")
    return render(request, "storefront/notices.html", {"notices": list(rows[:SHOWN])})


@require_safe
@missing_is_404
def in_stores(request: ShopRequest, product_id: int) -> HttpResponse:
    """In which store the product is sold, for how much, and whether it lies there."""
    page = products.page(product_id)
    if not page.is_on_sale:
        raise Http404
    stores = {
        place.pk: place for place in Whereabouts(request).in_order(places.stores()) if place.offers_pickup
    }
    specifications = {sku.id: sku.spec_text for sku in page.skus}
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in stores}
    for row in place_goods.in_stores(list(specifications), list(stores)):
        found[row.place_id].append(
            {
                "specification": specifications[row.sku_id],
                "is_sold": row.is_sold,
                "price": row.price,
                "free": row.free,
            }
        )
    context = {
        "product": page.product,
        "stores": [(stores[pk], rows) for pk, rows in found.items()],
    }
    return render(request, "storefront/product_stores.html", context)
