"""The short videos of a product on its page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.policies.shelf import VIDEO_LONGEST, VIDEO_MEGABYTES, VIDEO_SHORTEST, VIDEOS_AT_MOST
from catalog.services import videos
from shop.core import uploads
from shop.core.admin import actor
from shop.core.errors import Refusal


class VideosPanel:
    """Two POST addresses below a product's page; both lead back to it."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("<int:product_id>/videos/", door(self.add), name="catalog_product_videos"),
            path(
                "<int:product_id>/videos/<int:video_id>/remove/",
                door(self.remove),
                name="catalog_product_video_remove",
            ),
        ]

    def add(self, request: HttpRequest, product_id: int) -> HttpResponse:
        product = self._product(request, product_id)
        file = request.FILES.get("video")
        if file is None:
            messages.error(request, _("Choose a video first."))
        else:
            try:
                videos.add(product=product, file=file, cover=request.FILES.get("cover"), actor=actor(request))
                messages.success(request, _("The video is there."))
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        return _back(product)

    def remove(self, request: HttpRequest, product_id: int, video_id: int) -> HttpResponse:
        product = self._product(request, product_id)
        try:
            videos.remove(product=product, video_id=video_id, actor=actor(request))
            messages.success(request, _("The video is gone."))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        return _back(product)

    def _product(self, request: HttpRequest, product_id: int) -> Product:
        product = Product.objects.filter(pk=product_id).first()
        if product is None or request.method != "POST":
            raise Http404
        if not self.admin.has_change_permission(request, product):
            raise PermissionDenied
        return product


def panel(product: Product) -> dict[str, Any]:
    """What the page shows; one query."""
    found = list(product.videos.all())
    return {
        "videos": [
            {
                "id": video.pk,
                "address": uploads.url(video.path),
                "cover": uploads.derivative_url(video.cover, 480),
                "seconds": f"{video.seconds.normalize():f}",
                "size": f"{video.width} × {video.height}",
            }
            for video in found
        ],
        "has_room": len(found) < VIDEOS_AT_MOST.get(),
        "shortest": VIDEO_SHORTEST.get(),
        "longest": VIDEO_LONGEST.get(),
        "megabytes": VIDEO_MEGABYTES.get(),
    }


def _back(product: Product) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[product.pk]) + "#videos")
