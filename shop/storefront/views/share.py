"""Passing a product on: a page with a poster to press long, a link to copy, and the poster itself."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors import products
from catalog.selectors.products import ProductPage
from members.selectors import merchant
from shop.core import money
from shop.storefront import in_wechat, posters
from shop.storefront.guards import ShopRequest, missing_is_404
from shop.storefront.posters import Poster


@require_safe
@missing_is_404
def share(request: ShopRequest, product_id: int) -> HttpResponse:
    page = products.page(product_id)
    poster = _poster(page)
    context = {
        "product": page.product,
        "image_path": page.images[0].path if page.images else "",
        "address": poster.address,
        "poster_address": f"{reverse('storefront:product_poster', args=[product_id])}?v={poster.digest}",
        "width": posters.WIDTH,
        "height": posters.HEIGHT,
        "is_in_wechat": in_wechat.is_inside(request),
    }
    return render(request, "storefront/share.html", context)


@require_safe
@missing_is_404
def picture(request: ShopRequest, product_id: int) -> HttpResponse:
    """The same for everybody: the list price, nobody's own."""
    poster = _poster(products.page(product_id))
    tag = f'"{poster.digest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(posters.jpeg(poster), content_type="image/jpeg", headers={"ETag": tag})
    patch_cache_control(response, public=True, max_age=3600)
    return response


def _poster(page: ProductPage) -> Poster:
    product = page.product
    price = money.show(product.lowest_price) if product.lowest_price is not None else ""
    if price and any(sku.list_price != product.lowest_price for sku in page.skus):
        price = _("from {price}").format(price=price)
    return Poster(
        title=product.title,
        price=price,
        shop=merchant.current().shop_name,
        hint=_("Scan to have a look"),
        address=settings.SHOP_URL + reverse("storefront:product", args=[product.pk]),
        picture=page.images[0].path if page.images else "",
    )
