"""Stock at any moment of the past, with the proof that the movements add up to it."""

import csv
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now

from catalog.models import StockLevel
from catalog.selectors import staff_lists, stock, stock_as_of
from catalog.terms import Pool
from shop.core import clock

ROWS = 50
PERMISSION = "catalog.view_stockmovement"


class AsOfPage:
    """Under the list of stock levels: as-of/, and the same as a file with `?file=csv`."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [path("as-of/", door(self.page), name="catalog_stocklevel_as_of")]

    def page(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        now = clock.page_now()
        instant = _instant(request.GET.get("at", ""), now)
        places = list(staff_lists.visible_places(request.user))
        place = next((one for one in places if str(one.pk) == request.GET.get("place")), None)
        query = request.GET.get("q", "").strip()[:60]
        levels = _narrowed(request, instant, place.pk if place else None, query)
        if request.GET.get("file") == "csv":
            return _file(levels, instant)
        shown = Paginator(levels, ROWS).get_page(request.GET.get("page"))
        checked = stock_as_of.proof(levels, instant).count()
        context = {
            **self.admin.admin_site.each_context(request),
            "tabs_of": self.admin.model._meta,
            "title": _now("Stock as of"),
            "at": instant.astimezone(clock.SHANGHAI),
            "place": place,
            "places": places,
            "query": query,
            "levels": shown,
            "pool_names": dict(Pool.choices),
            "broken": checked,
        }
        return TemplateResponse(request, "admin/catalog/as_of.html", context)


def _narrowed(
    request: HttpRequest, instant: datetime, place_id: int | None, query: str
) -> QuerySet[StockLevel]:
    levels = stock_as_of.at(instant, place_id=place_id).filter(
        pk__in=staff_lists.levels(request.user).order_by().values("pk")
    )
    if query:
        levels = levels.filter(stock.named(query))
    return (
        levels.filter(~Q(on_hand_then=0) | ~Q(on_hand=0))
        .select_related("place", "sku__product")
        .annotate(since=F("on_hand") - F("on_hand_then"))
        .order_by("place__position", "place", "sku__product__title", "sku", "pool")
    )


def _instant(text: str, now: datetime) -> datetime:
    """What was asked for in Shanghai time, at most now; now when nothing sensible was asked."""
    try:
        asked = parse_datetime(text)
    except ValueError:
        asked = None
    if asked is None:
        return now
    if asked.tzinfo is None:
        asked = asked.replace(tzinfo=clock.SHANGHAI)
    return min(asked, now)


def _file(levels: QuerySet[StockLevel], instant: datetime) -> HttpResponse:
    local = instant.astimezone(clock.SHANGHAI)
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="stock-{local:%Y%m%d-%H%M}.csv"'},
    )
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    heads = ("place", "code", "goods", "specification", "pool", "on hand", "reserved", "free")
    sheet.writerow([_now(head) for head in heads])
    for level in levels.iterator(chunk_size=1000):
        then, held = level.on_hand_then, level.reserved_then  # type: ignore[attr-defined]
        cells = [level.place.name, level.sku.code, level.sku.product.title, level.sku.spec_text]
        sheet.writerow([*map(_plain, cells), str(Pool(level.pool).label), then, held, then - held])
    return answer


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
