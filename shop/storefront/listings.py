"""Lists of goods: what an address asks for, and what the page shows of it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from catalog.models import Brand
from catalog.selectors import facets, places
from catalog.selectors.facets import ANY_STORE, Wanted
from catalog.selectors.products import Listing
from shop.core import money
from shop.storefront import goods
from shop.storefront.guards import ShopRequest
from shop.storefront.reading import whole

PAGE_SIZE = 20
BRANDS_AT_MOST = 10
SPECS_AT_MOST = 12
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?")
FACETS = ("min", "max", "brand", "spec", "stock", "store")
SORTS = (
    ("best", pgettext_lazy("sort", "Best match")),
    ("sold", pgettext_lazy("sort", "Sales")),
    ("price_up", pgettext_lazy("sort", "Price ↑")),
    ("price_down", pgettext_lazy("sort", "Price ↓")),
    ("new", pgettext_lazy("sort", "New")),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing a list is narrowed by; `href` is the list without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is wanted, without what doesn't exist, and its chips."""

    wanted: Wanted
    chips: tuple[Chip, ...]


def asked(request: ShopRequest) -> dict[str, Any]:
    """Sort, page and size of the list."""
    sort = request.GET.get("sort", "best")
    return {"sort": sort, "page": whole(request.GET.get("page"), otherwise=1), "size": PAGE_SIZE}


def narrowing(given: QueryDict) -> Narrowing:
    """The facets of an address. Nonsense, unknown brands and stores are left out; a reversed price range is
    put right. No query, or one for the names of brands; stores are cached.
    """
    wanted = Wanted(
        lowest=_amount(given.get("min")),
        highest=_amount(given.get("max")),
        specs=_specs(given.getlist("spec")),
        in_stock=given.get("stock") == "1",
    ).in_order()
    chips = [*_price_chips(given, wanted)]
    asked_brands = [slug.replace("\x00", "") for slug in given.getlist("brand") if slug][:BRANDS_AT_MOST]
    names = _brand_names(asked_brands)
    chips += [Chip(name, _without(given, "brand", slug)) for slug, name in names.items()]
    chips += [
        Chip(f"{axis} {name}", _without(given, "spec", f"{axis}:{name}")) for axis, name in wanted.specs
    ]
    if wanted.in_stock:
        chips.append(Chip(_("In stock"), _without(given, "stock")))
    store, said = _store(given.get("store", ""))
    if store:
        chips.append(Chip(said, _without(given, "store")))
    return Narrowing(replace(wanted, brands=tuple(names), store=store), tuple(chips))


def context(request: ShopRequest, found: Listing, narrowed: Narrowing, category: str = "") -> dict[str, Any]:
    """What list, sorting, chips and the filter button need."""
    shown = {
        "goods": goods.with_offers(found.cards),
        "total": None if found.is_total_cut else found.total,
        "page": found.page,
        "has_next": found.has_next,
        "next_page": found.page + 1,
        "previous_page": found.page - 1,
    }
    return {
        "listing": shown,
        "sorts": SORTS,
        "sort": found.sort,
        "chips": narrowed.chips,
        "wanted_count": len(narrowed.wanted),
        "all_href": plain_href(request.GET),
        "filters_href": _filters_href(request.GET, category),
    }


def is_past_the_end(found: Listing) -> bool:
    """Whether there are goods, but none on this page: an address kept from when there were more."""
    return bool(found.total and not found.cards and found.page > 1)


def first_page_href(given: QueryDict) -> str:
    """The same list from its beginning."""
    return _without(given, "page")


def plain_href(given: QueryDict) -> str:
    """The same list without any facet."""
    return _without(given, *FACETS)


def filter_form(given: QueryDict, options: facets.Options, wanted: Wanted) -> dict[str, Any]:
    """The filter's choices with what is chosen."""
    stores = [place for place in places.stores() if place.offers_pickup]
    return {
        "lowest": _plain(wanted.lowest),
        "highest": _plain(wanted.highest),
        "brands": [(slug, name, slug in wanted.brands) for slug, name in options.brands],
        "axes": [
            (axis, [(f"{axis}:{name}", name, (axis, name) in wanted.specs) for name in names])
            for axis, names in options.axes
        ],
        "in_stock": wanted.in_stock,
        "stores": [(place.code, place.name, place.code == wanted.store) for place in stores],
        "any_store": wanted.store == ANY_STORE,
        "no_store": not wanted.store,
        "hidden": [(name, given[name]) for name in ("q", "sort", "as") if given.get(name)],
    }


def _price_chips(given: QueryDict, wanted: Wanted) -> list[Chip]:
    lowest, highest = wanted.lowest, wanted.highest
    if lowest is None and highest is None:
        return []
    if lowest is None:
        words = _("up to {price}").format(price=money.show(highest or Decimal(0)))
    elif highest is None:
        words = _("from {price} up").format(price=money.show(lowest))
    else:
        words = f"{money.show(lowest)} – {money.show(highest)}"
    return [Chip(words, _without(given, "min", "max"))]


def _brand_names(slugs: list[str]) -> dict[str, str]:
    if not slugs:
        return {}
    return dict(Brand.objects.filter(slug__in=slugs).order_by("name").values_list("slug", "name"))


def _store(code: str) -> tuple[str, str]:
    if code == ANY_STORE:
        return code, _("Can be collected")
    place = (
        next((one for one in places.stores() if one.code == code and one.offers_pickup), None)
        if code
        else None
    )
    return (code, _("Collect at {store}").format(store=place.name)) if place else ("", "")


def _specs(given: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = (text.replace("\x00", "").partition(":") for text in given[:SPECS_AT_MOST])
    return tuple(dict.fromkeys((axis[:12], name[:20]) for axis, _colon, name in pairs if axis and name))


def _amount(typed: str | None) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", typed or "").strip().lstrip("¥￥")
    return Decimal(plain) if AMOUNT.fullmatch(plain) and plain.isascii() else None


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _without(given: QueryDict, *names_or_value: str) -> str:
    """The query string without these parameters; with `brand` or `spec` and a value, without that value."""
    query = given.copy()
    query.pop("page", None)
    name, value = names_or_value[0], names_or_value[-1]
    if name in ("brand", "spec") and len(names_or_value) == 2:
        query.setlist(name, [one for one in query.getlist(name) if one != value])
    else:
        for each in names_or_value:
            query.pop(each, None)
    return "?" + query.urlencode()


def _filters_href(given: QueryDict, category: str) -> str:
    query = given.copy()
    query.pop("page", None)
    if category:
        query["category"] = category
    return f"{reverse('storefront:filters')}?{query.urlencode()}"
