"""The pictures of a product on its page: sent one by one, ordered by hand, described; each change is kept."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from catalog.models import Product, ProductImage, SpecValue
from catalog.policies import PICTURES_AT_MOST
from catalog.services import images
from shop.core import uploads
from shop.core.admin import actor
from shop.core.errors import Invalid, Refusal

Work = Callable[[HttpRequest, Product], Any]


class PicturesPanel:
    """POST addresses below a product's page; every one answers with JSON, a refusal with its words."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("<int:product_id>/pictures/", door(self._answer(self.add)), name="catalog_product_pictures"),
            path("<int:product_id>/pictures/order/", door(self._answer(self.reorder))),
            path("<int:product_id>/pictures/describe/", door(self._answer(self.describe))),
            path("<int:product_id>/pictures/remove/", door(self._answer(self.remove))),
        ]

    def add(self, request: HttpRequest, product: Product) -> Any:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(field="file")
        return shown(images.add(product=product, file=file, actor=actor(request)))

    def reorder(self, request: HttpRequest, product: Product) -> Any:
        ids = [int(pk) for pk in _sent(request)["ids"]]
        images.reorder(product=product, image_ids=ids, actor=actor(request))

    def describe(self, request: HttpRequest, product: Product) -> Any:
        sent = _sent(request)
        value = None
        if sent.get("value"):
            value = SpecValue.objects.select_related("axis").filter(pk=int(sent["value"])).first()
        images.describe(
            product=product,
            image_id=int(sent["id"]),
            alt=str(sent.get("alt", "")),
            value=value,
            actor=actor(request),
        )

    def remove(self, request: HttpRequest, product: Product) -> Any:
        images.remove(product=product, image_id=int(_sent(request)["id"]), actor=actor(request))

    def _answer(self, work: Work) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, product_id: int) -> HttpResponse:
            product = Product.objects.filter(pk=product_id).first()
            if product is None or request.method != "POST":
                raise Http404
            if not self.admin.has_change_permission(request, product):
                raise PermissionDenied
            try:
                return JsonResponse(work(request, product) or {})
            except Refusal as refusal:
                return JsonResponse({"message": refusal.message_text}, status=422)
            except (ValueError, TypeError, KeyError):
                return JsonResponse({"message": Invalid().message_text}, status=400)

        return view


def panel(product: Product) -> dict[str, Any]:
    """What the page's script starts with: two queries."""
    values = SpecValue.objects.filter(axis__product=product).select_related("axis")
    return {
        "address": reverse("admin:catalog_product_pictures", args=[product.pk]),
        "pictures": [shown(image) for image in product.images.order_by("position", "id")],
        "values": [
            {"id": value.pk, "name": f"{value.axis.name}: {value.name}"}
            for value in values.order_by("axis__position", "position", "id")
        ],
        "limit": PICTURES_AT_MOST.get(),
        "words": {
            "main": _("Main picture"),
            "make_main": _("Make it the main picture"),
            "remove": _("Remove"),
            "improve": _("Improve"),
            "really": _("Remove this picture?"),
            "move": _("Move with the arrow keys or drag"),
            "alt": _("What it shows, in words"),
            "shows": _("Shows"),
            "all": _("every specification"),
            "saving": _("Saving …"),
            "saved": _("Saved"),
            "not_saved": _("Not saved. Try again."),
            "waits": _("waits"),
            "done": _("done"),
            "dismiss": _("Dismiss"),
            "count": _("{count} of {limit}"),
        },
    }


def shown(image: ProductImage) -> dict[str, Any]:
    return {
        "id": image.pk,
        "address": uploads.derivative_url(image.path, 480),
        "alt": image.alt,
        "value": image.value_id,
        "size": f"{image.width} × {image.height}",
        "improve": reverse("admin:catalog_product_improve", args=[image.pk]),
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
