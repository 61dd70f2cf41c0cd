"""Stores: where they are, when they are open, what can be collected; and how to reach a person."""

import math
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Place, Product
from catalog.selectors import distances, facets, place_goods, places, products
from catalog.selectors.distances import Point
from catalog.terms import ProductStatus
from members import policies
from shop.core import clock
from shop.storefront import goods, store_words
from shop.storefront.guards import ShopRequest
from shop.storefront.whereabouts import Whereabouts, remember_city, remember_order

GOODS_SHOWN = 8


@require_safe
def listing(request: ShopRequest) -> HttpResponse:
    """All stores; `?city=` chooses one by hand and is remembered, `?city=` empty forgets."""
    chosen = request.GET.get("city")
    where = Whereabouts(request)
    if chosen is not None:
        where.codes = ()
        where.city = chosen if chosen in {city.code for city in places.cities(places.stores())} else ""
    response = render(request, "storefront/stores.html", _listed(where))
    if chosen is not None:
        remember_city(response, where.city)
    return response


@require_POST
def near(request: ShopRequest) -> HttpResponse:
    """The stores from where the browser is. The position is used for this answer and then forgotten."""
    where = Whereabouts(request)
    here = _point(request)
    if here is None:
        words = _("We couldn't read your position. Choose a city instead.")
        return _drawn(request, _listed(where) | {"trouble": words}, status=422)
    ordered = places.by_distance(places.stores(), distances.as_on_chinese_maps(here))
    where.city = ""
    where.codes = tuple(place.code for place, _far in ordered)
    context = _listed(where) | {
        "stores": [store_words.card(place, far) for place, far in ordered],
        "is_near": True,
    }
    response = _drawn(request, context)
    remember_order(response, where.codes)
    return response


@require_safe
def store(request: ShopRequest, code: str) -> HttpResponse:
    place = places.store(code)
    if place is None:
        raise Http404
    today = clock.business_day(clock.page_now())
    context = {
        "store": store_words.card(place),
        "place": place,
        "photos": list(place.photos.all()),
        "days": store_words.table(place, today),
        "special_days": store_words.special_days(place, today),
        "team": [line.strip() for line in place.team.splitlines() if line.strip()],
        "map_href": store_words.map_href(place),
        "goods": _goods_of(place) if place.offers_pickup else (),
    }
    return render(request, "storefront/store.html", context)


@require_safe
def contact(request: ShopRequest) -> HttpResponse:
    """How to reach a person: phone, WeChat, hours, stores."""
    ordered = Whereabouts(request).in_order(places.stores())
    context = {
        "stores": [store_words.card(place) for place in ordered if place.phone][:6],
        "service_hours": policies.SERVICE_HOURS.get(),
        "service_wechat": policies.SERVICE_WECHAT.get(),
    }
    return render(request, "storefront/contact.html", context)


def _drawn(request: ShopRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    name = "storefront/stores_list.html" if request.htmx else "storefront/stores.html"
    return render(request, name, context, status=status)


def _listed(where: Whereabouts) -> dict[str, Any]:
    everywhere = places.stores()
    shown = (
        [place for place in everywhere if place.region_code.startswith(where.city)]
        if where.city
        else everywhere
    )
    return {
        "stores": [store_words.card(place) for place in where.in_order(shown)],
        "cities": places.cities(everywhere),
        "city": where.city,
    }


def _goods_of(place: Place) -> tuple[goods.Good, ...]:
    """The best sellers that lie in this store now, at its prices."""
    on_shelf = Product.objects.filter(status=ProductStatus.ON_SHELF)
    here = facets.narrow(on_shelf, facets.Wanted(store=place.code))
    cards = products.cards(here.order_by(*products.SORTS["sold"])[:GOODS_SHOWN])
    ranges = place_goods.ranges([card.id for card in cards], place.pk)
    return goods.with_offers(
        [
            replace(card, lowest_price=ranges[card.id][0], highest_price=ranges[card.id][1])
            for card in cards
            if card.id in ranges
        ]
    )


def _point(request: ShopRequest) -> Point | None:
    """Latitude and longitude in degrees, or None for anything else."""
    try:
        latitude, longitude = (float(request.POST.get(name, "")[:24]) for name in ("latitude", "longitude"))
    except ValueError:
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
