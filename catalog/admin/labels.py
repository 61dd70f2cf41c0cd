"""Price tags and shelf labels: choose goods, copies and a size, get a PDF true to size."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from catalog.errors.barcodes import NothingChosen
from catalog.models import Category, Sku
from catalog.selectors import staff_lists, stock_board
from catalog.services.labels import content, drawing
from catalog.services.labels.layouts import LAYOUTS
from members.selectors import merchant
from shop.core.errors import Invalid, Refusal

PERMISSION = "catalog.view_stocklevel"
MOST_ROWS = 200


class LabelPages:
    """Below the list of stock levels: labels/. GET chooses (the board's filters, or `sku=`), POST prints."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [path("labels/", door(self.page), name="catalog_stocklevel_labels")]

    def page(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        if request.method == "POST":
            try:
                return self._print(request)
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        places = list(staff_lists.visible_places(request.user).filter(is_active=True))
        asked = {name: request.GET.get(name, "").strip() for name in ("q", "band", "place", "category")}
        chosen = [int(one) for one in request.GET.getlist("sku") if one.isdecimal()]
        at = [one for one in places if str(one.pk) == asked["place"]] or places
        if chosen:
            found = Sku.objects.filter(pk__in=chosen).select_related("product")
        else:
            found = stock_board.skus(
                places=at,
                query=asked["q"][:60],
                band=asked["band"],
                category_id=int(asked["category"]) if asked["category"].isdecimal() else None,
            )
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _("Price tags and shelf labels"),
            "skus": [(sku, content.of(sku)) for sku in found[:MOST_ROWS]],
            "most": MOST_ROWS,
            "is_chosen": bool(chosen),
            "layouts": LAYOUTS.values(),
            "places": places,
            "asked": asked,
            "categories": Category.objects.filter(depth=1).order_by("position", "pk"),
        }
        return TemplateResponse(request, "admin/catalog/labels.html", context)

    def _print(self, request: HttpRequest) -> HttpResponse:
        layout = LAYOUTS.get(request.POST.get("layout", ""))
        if layout is None:
            raise Invalid(field="layout")
        copies = {}
        for one in request.POST.getlist("sku"):
            count = request.POST.get(f"copies-{one}", "1").strip() or "1"
            if one.isdecimal() and count.isdecimal() and int(count):
                copies[int(one)] = min(int(count), content.MOST_COPIES)
        if not copies:
            raise NothingChosen()
        mine = staff_lists.visible_places(request.user)
        place = request.POST.get("place", "")
        at = mine.filter(pk=place).first() if place.isdecimal() else None
        labels = content.labels(copies, place_id=at.pk if at else None)
        body = drawing.pdf(labels, layout, shop=merchant.current().shop_name)
        return HttpResponse(
            body,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="labels-{layout.code}.pdf"'},
        )
