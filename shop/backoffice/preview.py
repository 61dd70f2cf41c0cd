"""A link that shows a product as shoppers would see it, also on a phone."""

from datetime import timedelta

import segno
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.models import Product
from shop.core import clock, crypto

PERMISSION = "catalog.view_product"
GOOD_FOR = timedelta(days=1)


def page(request: HttpRequest, product_id: int) -> HttpResponse:
    """The link, its QR code and how long it is good."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    product = get_object_or_404(Product, pk=product_id)
    path = reverse("storefront:preview", args=[product.pk])
    address = settings.SHOP_URL + crypto.sign_path(path, int(GOOD_FOR.total_seconds()))
    drawn = segno.make(address, error="l", micro=False).svg_inline(scale=4, border=1)
    context = {
        **admin.site.each_context(request),
        "title": _("Preview"),
        "subtitle": product.title,
        "product": product,
        "address": address,
        "code": SafeString(drawn),
        "until": clock.page_now() + GOOD_FOR,
    }
    return TemplateResponse(request, "admin/backoffice/preview.html", context)
