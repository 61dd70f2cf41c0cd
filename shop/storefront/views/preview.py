"""A product as shoppers would see it, drafts too, for whoever holds a signed link that has not expired."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.selectors import products
from shop.core import crypto
from shop.storefront.guards import ShopRequest, missing_is_404
from shop.storefront.views.products import context_of


@require_safe
@never_cache
@missing_is_404
def preview(request: ShopRequest, product_id: int) -> HttpResponse:
    given = request.GET.dict()
    if not crypto.check_signed(request.path, given.pop("expires", ""), given.pop("signature", "")):
        return _kept_private(render(request, "storefront/preview_over.html", status=410))
    page = replace(products.page(product_id, with_drafts=True), is_on_sale=True)
    context = context_of(request, page, given=given, is_inline=True)
    context |= {"again": request.get_full_path(), "status": page.product.get_status_display()}
    template = "storefront/buy.html" if request.htmx else "storefront/preview.html"
    return _kept_private(render(request, template, context))


def _kept_private(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
