"""The page on which the specification table of a product is edited: axes, values and a grid of SKUs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.admin import matrix_payload
from catalog.admin.matrix_payload import Mistake, Payload
from catalog.admin.matrix_words import words
from catalog.models import Product, Sku, StockLevel
from catalog.selectors import staff_lists
from catalog.services import openings
from catalog.services.spec_matrix import NAME_LENGTH, VALUE_LENGTH
from catalog.terms import AXES_AT_MOST, SKUS_AT_MOST
from shop.core.admin import actor
from shop.core.errors import Refusal


class SpecsPage:
    """GET shows the editor; POST takes its table as JSON and answers with mistakes by cell or an address."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def view(self, request: HttpRequest, product_id: int) -> HttpResponse:
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise Http404
        if not self.admin.has_change_permission(request, product):
            raise PermissionDenied
        return self._save(request, product) if request.method == "POST" else self._show(request, product)

    def _show(self, request: HttpRequest, product: Product) -> HttpResponse:
        may_stock = request.user.has_perm("catalog.adjust_stock")
        state = matrix_payload.state(product)
        places = [{"id": one.pk, "name": one.name} for one in staff_lists.visible_places(request.user)]
        options = {
            "is_weighed": product.is_weighed,
            "may_price": request.user.has_perm("catalog.set_price"),
            "places": places if may_stock else [],
            "axes_at_most": AXES_AT_MOST,
            "skus_at_most": SKUS_AT_MOST,
            "name_length": NAME_LENGTH,
            "value_length": VALUE_LENGTH,
            "back": self._back(product),
        }
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _("Specifications and prices"),
            "subtitle": product.title,
            "original": product,
            "state": state if _sees_cost(request) else _without_costs(state),
            "options": options,
            "words": words(),
            "back": self._back(product),
            "axis_names": (_("Colour"), _("Size"), _("Flavour"), _("Weight"), _("Package"), _("Style")),
        }
        return TemplateResponse(request, "admin/catalog/specs.html", context)

    def _save(self, request: HttpRequest, product: Product) -> HttpResponse:
        may_price = request.user.has_perm("catalog.set_price")
        payload = matrix_payload.read(
            request.body, product=product, may_price=may_price, sees_cost=_sees_cost(request)
        )
        if payload.mistakes:
            return _refused(payload.mistakes)
        if payload.seen != matrix_payload.state(product)["seen"]:
            return JsonResponse(
                {
                    "message": _(
                        "Somebody else changed these specifications meanwhile. What you typed is still here: "
                        "compare in another tab, then save again to put yours in their place."
                    ),
                    "seen": matrix_payload.state(product)["seen"],
                },
                status=409,
            )
        place_id = self._place(request, payload)
        sold_before = set(product.skus.filter(is_active=True).values_list("pk", flat=True))
        try:
            openings.save_table(
                product=product,
                axes=payload.axes,
                rows=payload.rows,
                openings=payload.openings if place_id else {},
                place_id=place_id,
                actor=actor(request),
            )
        except Refusal as refusal:
            return _refused([Mistake(refusal.message_text)])
        messages.success(request, _("The specifications are saved.") + _say_retired(product, sold_before))
        return JsonResponse({"to": self._back(product)})

    def _place(self, request: HttpRequest, payload: Payload) -> int | None:
        if not payload.openings or not payload.place_id or not request.user.has_perm("catalog.adjust_stock"):
            return None
        seen = staff_lists.visible_places(request.user)
        return payload.place_id if seen.filter(pk=payload.place_id).exists() else None

    def _back(self, product: Product) -> str:
        return reverse("admin:catalog_product_change", args=[product.pk])


def _sees_cost(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("catalog.see_cost"))


def _without_costs(state: dict[str, Any]) -> dict[str, Any]:
    return state | {"rows": [row | {"cost_price": ""} for row in state["rows"]]}


def _refused(mistakes: list[Mistake]) -> JsonResponse:
    about_all = [one.problem for one in mistakes if one.row is None]
    count = len(mistakes) - len(about_all)
    told = ngettext("%(count)d cell needs mending.", "%(count)d cells need mending.", count)
    return JsonResponse(
        {
            "message": " ".join(about_all) or told % {"count": count} + " " + _("Nothing was saved yet."),
            "mistakes": [
                {"row": one.row, "column": one.column, "words": f"{one.problem}. {one.remedy}".strip()}
                for one in mistakes
                if one.row is not None
            ],
        },
        status=422,
    )


def _say_retired(product: Product, sold_before: set[int]) -> str:
    gone = Sku.objects.filter(product=product, pk__in=sold_before, is_active=False)
    count = gone.count()
    if not count:
        return ""
    left = StockLevel.objects.filter(sku__in=gone).aggregate(left=Sum("on_hand"))["left"] or 0
    told = ngettext("%(count)d SKU is no longer sold", "%(count)d SKUs are no longer sold", count)
    return " " + _("{told}; {left} pieces of stock stay with it.").format(
        told=told % {"count": count}, left=left
    )
