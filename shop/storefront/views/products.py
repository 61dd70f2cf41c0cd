"""Categories and the page of a product."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors import categories as category_tree
from catalog.selectors import marks, products
from catalog.selectors.products import ProductPage
from shop.storefront import (
    choice,
    inside,
    listings,
    notice_wishes,
    piece_price,
    product_offers,
    product_words,
)
from shop.storefront.guards import ShopRequest, missing_is_404


@require_safe
def categories(request: ShopRequest) -> HttpResponse:
    """The tab: the first category, ready to be used."""
    tree = category_tree.tree()
    if not tree:
        return HttpResponseRedirect(reverse("storefront:search"))
    return category(request, slug=tree[0].slug)


@require_safe
@missing_is_404
def category(request: ShopRequest, slug: str) -> HttpResponse:
    here = category_tree.find(slug)
    if here is None:
        raise Http404
    roots = category_tree.tree()
    root = next((one for one in roots if one.id == here.path[0]), here)
    narrowed = listings.narrowing(request.GET)
    found = products.listing(category=here, wanted=narrowed.wanted, **listings.asked(request))
    if listings.is_past_the_end(found):
        return HttpResponseRedirect(listings.first_page_href(request.GET))
    context = listings.context(request, found, narrowed, category=here.slug)
    context |= {"category": here, "root": root, "roots": roots, "children": root.children}
    return render(request, "storefront/category.html", context)


@require_safe
@missing_is_404
def product(request: ShopRequest, product_id: int) -> HttpResponse:
    has_chosen = any(name.startswith("axis-") for name in request.GET)
    return page_of(request, product_id, given=request.GET.dict(), is_inline=has_chosen)


@require_safe
@missing_is_404
def sheet(request: ShopRequest, product_id: int) -> HttpResponse:
    """The choice alone: for the sheet of a list, and again after each change of a specification."""
    page = products.page(product_id)
    given = request.GET.dict()
    chosen = choice.of(page, given, is_inline="inline" in given)
    context = {
        "page": page,
        "product": page.product,
        "choice": chosen,
        "priced": piece_price.of(page, chosen, request.shopper.member),
        "limits": product_words.limits(page, chosen, request.shopper.member),
        "in_dialog": "dialog" in given,
    }
    return render(request, "storefront/buy.html", context)


@require_POST
def choose(request: ShopRequest, product_id: int) -> HttpResponse:
    """Without JavaScript: shows the page again for the chosen values."""
    chosen = {
        name: value for name, value in request.POST.items() if name.startswith("axis-") or name == "quantity"
    }
    return HttpResponseRedirect(f"{reverse('storefront:product', args=[product_id])}?{urlencode(chosen)}#buy")


def page_of(
    request: ShopRequest,
    product_id: int,
    *,
    given: dict[str, str],
    is_inline: bool,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The product page; with `error` beside what was typed. Raises NotFound."""
    page = products.page(product_id)
    context = context_of(request, page, given=given, is_inline=is_inline) | {"error": error}
    return render(request, "storefront/product.html", context, status=status)


def context_of(
    request: ShopRequest, page: ProductPage, *, given: dict[str, str], is_inline: bool
) -> dict[str, Any]:
    """What the product page shows."""
    member = request.shopper.member
    chosen = choice.of(page, given, is_inline=is_inline)
    sku_id = chosen.sku.id if chosen.sku else None
    marked: frozenset[str] = frozenset()
    if member is not None:
        marked = marks.of(member_id=member.pk, product_id=page.product.pk, sku_id=sku_id)
    return {
        "page": page,
        "product": page.product,
        "tags": page.tags,
        "choice": chosen,
        "priced": piece_price.of(page, chosen, member),
        "tickets": product_offers.tickets(page, None),
        "limits": product_words.limits(page, chosen, member),
        "wishes": notice_wishes.of(chosen, marked, is_on_sale=page.is_on_sale),
        "promises": product_words.promises(page),
        "sold": product_words.sold(page),
        "parameters": product_words.parameters(page),
        "insides": inside.of_page(page),
        "back": _back(page),
        "is_favourite": marks.FAVOURITE in marked,
    }


def _back(page: ProductPage) -> str:
    if page.trail:
        return reverse("storefront:category", args=[page.trail[-1].slug])
    return reverse("storefront:home")
