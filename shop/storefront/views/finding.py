"""Search: suggestions, results, narrowing, and help when nothing was found."""

from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.selectors import categories as category_tree
from catalog.selectors import products, suggestions, words
from catalog.selectors.products import Listing
from catalog.services import search_words
from shop.core import crypto
from shop.core.http import client_ip
from shop.storefront import goods, listings
from shop.storefront.guards import ShopRequest

LONGEST = 60
COUNTED_AGAIN_SECONDS = 3600
CATEGORIES_SHOWN = 8
GOODS_INSTEAD = 8


@require_safe
def search(request: ShopRequest) -> HttpResponse:
    query = _query(request)
    narrowed = listings.narrowing(request.GET)
    context: dict[str, Any] = {"query": query, "popular": suggestions.popular()}
    found = None
    if query or narrowed.wanted:
        as_typed = "as" in request.GET
        asked = listings.asked(request)
        found = products.listing(query=query, wanted=narrowed.wanted, as_typed=as_typed, **asked)
        if listings.is_past_the_end(found):
            return HttpResponseRedirect(listings.first_page_href(request.GET))
        context |= listings.context(request, found, narrowed) | {"found": found}
        if query and not narrowed.wanted and found.page == 1 and not as_typed:
            _count(request, found)
    if found is None or not found.cards:
        context |= _help("" if narrowed.wanted else query)
    return render(request, "storefront/search.html", context)


@require_safe
def suggest(request: ShopRequest) -> HttpResponse:
    """What the search field drops down while one types; without htmx, the results."""
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('storefront:search')}?{request.GET.urlencode()}")
    found = suggestions.suggest(_query(request))
    return render(request, "storefront/suggest.html", {"suggested": found})


@require_safe
def filters(request: ShopRequest) -> HttpResponse:
    """The facets of a list: in the sheet, or as a page of its own; always with how many goods are left."""
    slug = request.GET.get("category", "")
    node = category_tree.find(slug) if slug else None
    if slug and node is None:
        raise Http404
    narrowed = listings.narrowing(request.GET)
    options, count = products.options(
        category=node, query=_query(request), wanted=narrowed.wanted, as_typed="as" in request.GET
    )
    target = reverse("storefront:category", args=[node.slug]) if node else reverse("storefront:search")
    context = {
        "form": listings.filter_form(request.GET, options, narrowed.wanted),
        "count": count,
        "is_cut": count >= products.TOTAL_SHOWN,
        "category": node,
        "target": target,
        "clear_href": target + listings.plain_href(_without_category(request)),
    }
    name = "storefront/filters_sheet.html" if request.htmx else "storefront/filters.html"
    return render(request, name, context)


def _query(request: ShopRequest) -> str:
    return words.visible(request.GET.get("q", ""))[:LONGEST].strip()


def _without_category(request: ShopRequest) -> Any:
    query = request.GET.copy()
    query.pop("category", None)
    return query


def _count(request: ShopRequest, found: Listing) -> None:
    """Counts a search once an hour for whoever searches; who that was is neither kept nor readable."""
    who = crypto.keyed_hash(f"{client_ip(request)} {found.query}", "search")
    if cache.add(f"storefront:searched:{who}", 1, COUNTED_AGAIN_SECONDS):
        search_words.note(typed=found.query, found_count=found.total if found.is_exact else 0)


def _help(query: str) -> dict[str, Any]:
    """What to do when there is nothing to show: near words, categories, goods others like."""
    return {
        "near": suggestions.near(query) if query else [],
        "categories": category_tree.tree()[:CATEGORIES_SHOWN],
        "instead": goods.window().goods[:GOODS_INSTEAD],
    }
