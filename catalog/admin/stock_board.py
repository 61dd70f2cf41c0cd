"""The stock board: every SKU by every place, coloured; and one SKU's page with its chart and movements."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Place, ScaleCode, Sku, SkuPack, StockMovement
from catalog.selectors import scanning, staff_lists, stock_board
from catalog.services import packs, shelf_names
from catalog.terms.bands import Band
from shop.core import charts, uploads
from shop.core.admin import ThriftyPaginator, actor, names
from shop.core.errors import Refusal

PERMISSION = "catalog.view_stocklevel"
CHANGING, CODING = "catalog.adjust_stock", "catalog.change_sku"
ON_A_PAGE = 50
MOVEMENTS = 40


class BoardPages:
    """Below the list of stock levels: board/ and board/<SKU>/."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("board/", door(self.board), name="catalog_stocklevel_board"),
            path("board/<int:sku_id>/", door(self.one), name="catalog_stocklevel_board_sku"),
        ]

    def board(self, request: HttpRequest) -> HttpResponse:
        _demand(request)
        everywhere = list(staff_lists.visible_places(request.user).filter(is_active=True))
        asked = {name: request.GET.get(name, "").strip() for name in ("q", "band", "place", "category")}
        places = [one for one in everywhere if str(one.pk) == asked["place"]] or everywhere
        found = stock_board.skus(
            places=places,
            query=asked["q"][:60],
            band=asked["band"],
            category_id=int(asked["category"]) if asked["category"].isdecimal() else None,
        )
        page = ThriftyPaginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
        counts = stock_board.band_counts(places)
        rows = stock_board.rows(list(page.object_list), places)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _now("Stock board"),
            "places": places,
            "everywhere": everywhere,
            "rows": [(row, uploads.derivative_url(row.picture, 160)) for row in rows],
            "page": page,
            "asked": asked,
            "bands": [
                (one, counts[one.value], _query(asked, band="" if asked["band"] == one.value else one.value))
                for one in Band
            ],
            "all_query": _query(asked, band=""),
            "page_query": _query(asked),
            "categories": Category.objects.filter(depth=1).order_by("position", "pk"),
            "is_filtered": any(asked.values()),
        }
        return TemplateResponse(request, "admin/catalog/stock_board.html", context)

    def one(self, request: HttpRequest, sku_id: int) -> HttpResponse:
        _demand(request)
        sku = Sku.objects.select_related("product").filter(pk=sku_id).first()
        if sku is None:
            raise Http404
        if request.method == "POST":
            return self._change(request, sku)
        places = list(staff_lists.visible_places(request.user).filter(is_active=True))
        row = stock_board.rows([sku], places)[0]
        larger = list(SkuPack.objects.filter(sku=sku))
        unit_name = sku.product.sale_unit
        movements = list(
            StockMovement.objects.filter(level__sku=sku, level__place__in=places)
            .select_related("level__place")
            .order_by("-created_at", "-id")[:MOVEMENTS]
        )
        found = names(one.actor for one in movements)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": sku.product.title,
            "subtitle": f"{sku.spec_text} {sku.code}".strip(),
            "sku": sku,
            "row": row,
            "picture": uploads.derivative_url(row.picture, 320),
            "cells": [(cell, packs.spoken(max(cell.free, 0), larger, unit_name)) for cell in row.cells],
            "total_words": packs.spoken(max(row.free, 0), larger, unit_name),
            "packs": larger,
            "basis_price": scanning.basis_price(sku),
            "chart": _chart(sku, places),
            "movements": [(one, found.get(one.actor, "")) for one in movements],
            "scale_item": ScaleCode.objects.filter(sku=sku).values_list("item", flat=True).first() or "",
            "may_shelve": request.user.has_perm(CHANGING),
            "may_code": request.user.has_perm(CODING),
            "may_adjust": request.user.has_perm("catalog.adjust_stock"),
        }
        return TemplateResponse(request, "admin/catalog/stock_board_sku.html", context)

    def _change(self, request: HttpRequest, sku: Sku) -> HttpResponse:
        """The shelf of a level, a carton, or the number on the scale."""
        verb, who = request.POST.get("verb", ""), actor(request)
        needed = {"shelf": CHANGING, "pack": CODING, "remove_pack": CODING, "scale": CODING}.get(verb)
        if needed is None or not request.user.has_perm(needed):
            raise PermissionDenied
        number = request.POST.get("number", "")
        chosen = int(number) if number.isdecimal() and len(number) < 10 else 0
        try:
            if verb == "shelf":
                level = staff_lists.levels(request.user).filter(pk=chosen, sku=sku).first()
                if level is None:
                    raise Http404
                shelf_names.put(level_id=level.pk, shelf=request.POST.get("shelf", ""), actor=who)
            elif verb == "pack":
                name, code = request.POST.get("name", ""), request.POST.get("barcode", "")
                packs.save(sku_id=sku.pk, name=name, pieces=chosen, barcode=code[:40], actor=who)
            elif verb == "remove_pack":
                packs.remove(pack_id=chosen, actor=who)
            else:
                packs.set_scale_item(sku_id=sku.pk, item=request.POST.get("item", ""), actor=who)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        else:
            messages.success(request, _now("Saved."))
        return HttpResponseRedirect(request.path)


def _chart(sku: Sku, places: list[Place]) -> charts.Drawing:
    days, series = stock_board.history(sku.pk, places)
    palette = ("#C8371B", "#1F5FAF", "#2B7A4B", "#8A5A00", "#7A3E9D", "#0E7C86")
    return charts.line(
        _("On hand in the last 30 days"),
        [f"{day.month}-{day.day:02d}" for day in days],
        [
            charts.Series(place.name, series[place.pk], is_stepped=True, colour=palette[at % len(palette)])
            for at, place in enumerate(places)
            if place.pk in series
        ],
        definition=_("Pieces for sale at the end of each day, counted back from now by the movements."),
        head=_("Day"),
    )


def _query(asked: dict[str, str], **changed: str) -> str:
    return urlencode({name: value for name, value in (asked | changed).items() if value})


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
