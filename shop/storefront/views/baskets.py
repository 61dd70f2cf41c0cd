"""The basket: put in, change, take out. Every change is a form; htmx draws only what changed."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.selectors import products, skus
from marketing.pricing.quote import Quote
from orders.errors import BadQuantity, LineGone, NotOnSale
from orders.selectors import baskets as basket_pages
from orders.services import baskets
from shop.core.errors import NotFound, Refusal
from shop.storefront import choice, gathering, ledgers, piece_price
from shop.storefront.guards import ShopRequest, safe_next
from shop.storefront.reading import typed_number, whole_or_none
from shop.storefront.views.products import page_of

Step = Callable[[ShopRequest, int], None]


@require_safe
def basket(request: ShopRequest) -> HttpResponse:
    return _drawn(request)


@require_POST
def add(request: ShopRequest) -> HttpResponse:
    """Puts a SKU in: by `sku`, or by `product` and its `axis-<id>` values."""
    try:
        sku_id, quantity = _wanted(request)
        baskets.add(basket=request.shopper.make_basket(), sku_id=sku_id, quantity=quantity)
    except Refusal as refusal:
        return _refused(request, refusal)
    request.shopper.__dict__.pop("basket_count", None)
    words = _("It is in your basket.")
    if request.htmx:
        return _told(words, status=204, count=request.shopper.basket_count)
    return HttpResponseRedirect(safe_next(request, reverse("storefront:basket")))


@require_POST
def buy(request: ShopRequest) -> HttpResponse:
    """Buy now: the same path as from the basket, with this SKU alone."""
    try:
        sku_id, quantity = _wanted(request)
        baskets.check_quantity(quantity)
    except Refusal as refusal:
        return _refused(request, refusal)
    query = urlencode({"sku": sku_id, "quantity": quantity})
    return HttpResponseRedirect(f"{reverse('storefront:checkout')}?{query}")


def _changes(step: Step) -> Callable[..., HttpResponse]:
    """A change of one line, drawn again; a refusal stays beside the line with what was typed."""

    @require_POST
    @wraps(step)
    def view(request: ShopRequest, line_id: int = 0) -> HttpResponse:
        try:
            step(request, line_id)
        except LineGone:
            return _after(request)
        except Refusal as refusal:
            typed = request.POST.get("quantity", "")
            return _drawn(request, line_id=line_id, refusal=refusal, typed=typed)
        return _after(request)

    return view


@_changes
def line(request: ShopRequest, line_id: int) -> None:
    quantity = typed_number(request.POST.get("quantity"))
    step = request.POST.get("step")
    if step in ("-1", "1") and isinstance(quantity, int):
        quantity += int(step) * _step_size(request, line_id)
    baskets.set_quantity(basket=_basket(request), line_id=line_id, quantity=quantity)  # type: ignore[arg-type]


@_changes
def select(request: ShopRequest, line_id: int) -> None:
    baskets.select(basket=_basket(request), line_id=line_id, is_selected=request.POST.get("selected") == "1")


@_changes
def select_all(request: ShopRequest, line_id: int) -> None:
    baskets.select_all(basket=_basket(request), is_selected=request.POST.get("selected") == "1")


@_changes
def clear_invalid(request: ShopRequest, line_id: int) -> None:
    baskets.clear_invalid(basket=_basket(request))


@require_POST
def remove(request: ShopRequest, line_id: int) -> HttpResponse:
    try:
        gone = baskets.remove(basket=_basket(request), line_id=line_id)
    except LineGone:
        return _after(request)
    undo = {"undo": gone.sku_id, "quantity": gone.quantity}
    if request.htmx:
        return _drawn(request, undo={"sku": gone.sku_id, "quantity": gone.quantity})
    return HttpResponseRedirect(f"{reverse('storefront:basket')}?{urlencode(undo)}")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ShopRequest, line_id: int) -> HttpResponse:
    """Another specification of a line: a sheet with htmx, a page without."""
    basket = request.shopper.find_basket()
    row = basket.lines.select_related("sku").filter(pk=line_id).first() if basket else None
    if row is None or basket is None:
        return HttpResponseRedirect(reverse("storefront:basket"))
    page = products.page(row.sku.product_id)
    given = request.POST if request.method == "POST" else request.GET
    error = ""
    if request.method == "POST":
        try:
            baskets.change_sku(basket=basket, line_id=line_id, sku_id=choice.sku_id(page, given.dict()) or 0)
            return HttpResponseRedirect(reverse("storefront:basket"))
        except Refusal as refusal:
            error = refusal.message_text
    chosen = choice.of(page, {"sku": str(row.sku_id), "quantity": str(row.quantity), **given.dict()})
    context = {"page": page, "product": page.product, "choice": chosen, "line": row, "error": error}
    context["priced"] = piece_price.of(page, chosen, request.shopper.member)
    template = "change_form" if request.htmx else "change"
    return render(request, f"storefront/{template}.html", context)


def _wanted(request: ShopRequest) -> tuple[int, int]:
    """SKU and quantity as typed; the service refuses what isn't a quantity."""
    quantity = typed_number(request.POST.get("quantity", "1"))
    sku_id = whole_or_none(request.POST.get("sku"))
    product_id = whole_or_none(request.POST.get("product"))
    if product_id:
        sku_id = choice.sku_id(products.page(product_id), request.POST.dict())
    if not sku_id:
        raise NotOnSale(sku_id=0, title="")
    return sku_id, quantity  # type: ignore[return-value]


def _refused(request: ShopRequest, refusal: Refusal) -> HttpResponse:
    """Nothing was put in: says why beside what was typed, on the page of the product."""
    if request.htmx:
        is_form = "product" in request.POST
        return _told(
            "" if is_form else refusal.message_text, status=422, body=refusal.message_text if is_form else ""
        )
    product_id = whole_or_none(request.POST.get("product"))
    if not product_id and (sku_id := whole_or_none(request.POST.get("sku"))):
        fact = skus.facts([sku_id]).get(sku_id)
        product_id = fact.product_id if fact else None
    status = 422 if isinstance(refusal, BadQuantity) else refusal.status
    if not product_id:
        return _drawn(request, refusal=refusal)
    given, words = request.POST.dict(), refusal.message_text
    try:
        return page_of(request, product_id, given=given, is_inline=True, error=words, status=status)
    except NotFound:
        return _drawn(request, refusal=refusal)


def _told(words: str, *, status: int, count: int | None = None, body: str = "") -> HttpResponse:
    """An answer for htmx: a toast and the badge's count as events."""
    events: dict[str, Any] = {"toast": {"text": words}} if words else {}
    if count is not None:
        events["basketChanged"] = {"count": count}
    response = HttpResponse(body, status=status, content_type="text/plain; charset=utf-8")
    if events:
        response["HX-Trigger"] = json.dumps(events)
    return response


def _after(request: ShopRequest) -> HttpResponse:
    return _drawn(request) if request.htmx else HttpResponseRedirect(reverse("storefront:basket"))


def _drawn(
    request: ShopRequest,
    *,
    line_id: int = 0,
    refusal: Refusal | None = None,
    typed: str = "",
    undo: dict[str, int] | None = None,
) -> HttpResponse:
    shopper = request.shopper
    page = basket_pages.page(shopper.find_basket(), shopper.member)
    shopper.__dict__["basket_count"] = page.piece_count
    words = refusal.message_text if refusal else ""
    at_line = any(line.id == line_id for line in page.lines)
    lines = [
        {
            "view": line,
            "badges": ledgers.line_words(page.quote, str(line.sku_id)) if line.is_selected else [],
            "notes": ledgers.line_notes(page.quote, str(line.sku_id)) if line.is_selected else [],
            "is_cheaper": line.unit_price < line.list_price,
            "typed": typed if line.id == line_id else "",
            "error": words if line.id == line_id else "",
        }
        for line in page.lines
    ]
    context = {
        "lines": lines,
        "page": page,
        "error": "" if at_line else words,
        "undo": undo or _undo(request),
        "ledger": ledgers.of_quote(page.quote, _sum_words(page.quote)) if page.quote else None,
        "hints": gathering.hint_links(page.quote),
        "can_check_out": bool(page.selected_count) and not page.has_trouble,
    }
    template = "storefront/basket_body.html" if request.htmx else "storefront/basket.html"
    status = (422 if isinstance(refusal, BadQuantity) else refusal.status) if refusal else 200
    response = render(request, template, context, status=status)
    if request.htmx:
        response["HX-Trigger"] = json.dumps({"basketChanged": {"count": page.piece_count}})
    return response


def _sum_words(quote: Quote) -> str:
    return _("Total") if quote.is_freight_known else _("Total without delivery")


def _undo(request: ShopRequest) -> dict[str, int] | None:
    sku_id, quantity = whole_or_none(request.GET.get("undo")), whole_or_none(request.GET.get("quantity"))
    return {"sku": sku_id, "quantity": quantity} if sku_id and quantity else None


def _basket(request: ShopRequest) -> Any:
    basket = request.shopper.find_basket()
    if basket is None:
        raise LineGone()
    return basket


def _step_size(request: ShopRequest, line_id: int) -> int:
    row = _basket(request).lines.select_related("sku__product").filter(pk=line_id).first()
    return row.sku.product.quantity_multiple if row else 1
