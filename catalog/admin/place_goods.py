"""What a store sells and for how much: one page a store, for those who work there."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Place, PlaceGoods, Sku
from catalog.selectors import place_goods as rows_of
from catalog.selectors import places, staff_lists
from catalog.services import place_goods
from catalog.terms import PlaceKind
from shop.core.admin import ReadOnlyAdmin, actor
from shop.core.errors import Forbidden, Refusal

MAY = "catalog.change_placegoods"
PRICING = "catalog.set_price"
PAGE = 50


@admin.register(PlaceGoods)
class PlaceGoodsAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [path("save/", door(self.save), name="catalog_placegoods_save"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).select_related("place", "sku__product")
        mine = places.ids_of_staff(request.user)
        return found if mine is None else found.filter(place__in=mine)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        stores = self._stores(request)
        place = _chosen(stores, request.GET.get("place"))
        query = request.GET.get("q", "").strip()[:40]
        found = Paginator(_found(place, query), PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "tabs_of": self.model._meta,
            "title": _("Goods and prices of stores"),
            "stores": stores,
            "place": place,
            "query": query,
            "found": found,
            "own_count": PlaceGoods.objects.filter(place=place).count() if place else 0,
            "may_change": request.user.has_perm(MAY),
            "may_price": request.user.has_perms((MAY, PRICING)),
        }
        return TemplateResponse(request, "admin/catalog/place_goods.html", context)

    def save(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        place = _chosen(self._stores(request), request.POST.get("place"))
        back = reverse("admin:catalog_placegoods_changelist")
        if request.method == "POST" and place is not None:
            self._save(request, place)
            kept = {name: request.POST.get(name, "") for name in ("place", "q", "page")}
            back += f"?{urlencode(kept)}"
        return HttpResponseRedirect(back)

    def _save(self, request: HttpRequest, place: Place) -> None:
        keys = [int(key) for key in request.POST.getlist("row")[:PAGE] if key.isascii() and key.isdigit()]
        skus = {sku.pk: sku for sku in rows_of.staff_rows(place.pk).filter(pk__in=keys)}
        sold = set(request.POST.getlist("sold"))
        changed = 0
        for key, sku in skus.items():
            try:
                changed += self._save_row(
                    request, place, sku, str(key) in sold, request.POST.get(f"price-{key}", "")
                )
            except (Refusal, InvalidOperation) as problem:
                words = problem.message_text if isinstance(problem, Refusal) else _now("This is not a price.")
                messages.error(request, f"{sku.product.title} {sku.spec_text}: {words}")
        messages.success(request, _now("Rows changed: %(n)d.") % {"n": changed})

    def _save_row(self, request: HttpRequest, place: Place, sku: Any, is_sold: bool, text: str) -> int:
        price = Decimal(text.strip()) if text.strip() else None
        if price is not None and price == sku.list_price:
            price = None
        if (is_sold, price) == (sku.here_sold, sku.here_price):
            return 0
        if price != sku.here_price and not request.user.has_perm(PRICING):
            raise Forbidden()
        place_goods.save(
            place_id=place.pk,
            sku_id=sku.pk,
            is_sold=is_sold,
            price=price,
            actor=actor(request),
            place_ids=places.ids_of_staff(request.user),
        )
        return 1

    def _stores(self, request: HttpRequest) -> list[Place]:
        return list(staff_lists.visible_places(request.user).exclude(kind=PlaceKind.WAREHOUSE))


def _chosen(stores: list[Place], key: str | None) -> Place | None:
    return next((one for one in stores if str(one.pk) == key), stores[0] if stores and not key else None)


def _found(place: Place | None, query: str) -> Any:
    if place is None:
        return Sku.objects.none()
    found = rows_of.staff_rows(place.pk)
    return (
        found.filter(product__title__icontains=query) | found.filter(code__iexact=query) if query else found
    )
