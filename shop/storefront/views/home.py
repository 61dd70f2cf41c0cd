"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import categories, products
from members.selectors import addresses
from shop.core import clock
from shop.storefront import goods, store_words
from shop.storefront.guards import ShopRequest
from shop.storefront.reading import whole
from shop.storefront.whereabouts import Whereabouts

CATEGORIES_SHOWN = 10


@require_safe
def home(request: ShopRequest) -> HttpResponse:
    page = whole(request.GET.get("page"), otherwise=1)
    window = goods.window()
    shown, next_page = window.goods, window.next_page
    if page > 1:
        listing = products.listing(page=page, size=goods.FIRST_PAGE)
        shown = goods.with_offers(listing.cards)
        next_page = page + 1 if listing.has_next else None
    context = {
        "banner": window.banner,
        "categories": categories.tree()[:CATEGORIES_SHOWN],
        "offers": window.offers,
        "limited": window.limited,
        "goods": shown,
        "next_page": next_page,
        "promise": _promise(request, window),
        "now": clock.page_now(),
    }
    return render(request, "storefront/home.html", context)


def _promise(request: ShopRequest, window: goods.Window) -> dict[str, str]:
    """Where the goods go, for somebody we know; else when they can be collected."""
    member = request.shopper.member
    address = addresses.default(member) if member else None
    if address:
        words = _("To {place}").format(place=address.street or address.district or address.city)
        return {"sign": "pin", "words": words, "href": reverse("storefront:addresses")}
    near = Whereabouts(request).nearest()
    if near:
        words = " · ".join(filter(None, (near.name, store_words.collect_words(near))))
        return {"sign": "store", "words": words, "href": reverse("storefront:store", args=[near.code])}
    words = window.promise or _("Delivered to your door")
    return {
        "sign": "store" if window.promise else "truck",
        "words": words,
        "href": reverse("storefront:stores"),
    }
