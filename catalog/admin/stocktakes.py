"""Stocktakes: the list, opening a sheet; the sheet itself is a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.stocktake_pages import SheetPages
from catalog.models import Category, Stocktake
from catalog.selectors import places
from catalog.selectors import stocktakes as selector
from catalog.services import stocktakes
from catalog.terms.stocktakes import StocktakeStatus
from shop.core.admin import NamedActors, actor

COLOURS = {
    StocktakeStatus.COUNTING.value: "info",
    StocktakeStatus.REVIEW.value: "warning",
    StocktakeStatus.CLOSED.value: "success",
    StocktakeStatus.CANCELLED.value: "",
}


class SheetForm(forms.ModelForm):
    class Meta:
        model = Stocktake
        fields = ["place", "title", "category", "shelf", "is_blind", "is_freezing", "note"]
        help_texts = {
            "category": _("Empty counts everything in the place."),
            "shelf": _("Only goods whose shelf begins so, such as A or A-02."),
        }


@admin.register(Stocktake)
class StocktakeAdmin(NamedActors, NeverDeleted, GoodsAdmin):
    form = SheetForm
    actor_fields = ("opened_by",)
    list_display = (
        "show_title",
        "show_state",
        "place",
        "show_progress",
        "show_different",
        "who",
        "created_at",
    )
    list_filter = ("status", "place")
    search_fields = ("title", "=number")
    fieldsets = (
        (_("What is counted"), {"fields": (("title", "place"), ("category", "shelf"))}),
        (_("How"), {"fields": (("is_blind", "is_freezing"), "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stocktake]:
        return selector.with_progress(selector.of_staff(request.user))

    def get_urls(self) -> list[Any]:
        return [*SheetPages(self).urls(), *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "place":
            kwargs["queryset"] = places.of_staff(request.user).filter(is_active=True)
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.filter(depth__lte=2).order_by("depth", "position")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.count_stock"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_stocktake_sheet", args=[object_id]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        sheet = stocktakes.open_sheet(
            place_id=data["place"].pk,
            title=data["title"],
            category_id=data["category"].pk if data["category"] else None,
            shelf=data["shelf"],
            is_blind=data["is_blind"],
            is_freezing=data["is_freezing"],
            note=data["note"],
            actor=actor(request),
        )
        obj.pk = sheet.pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_stocktake_sheet", args=[obj.pk]))

    @display(description=_("stocktake"), header=True, ordering="id")
    def show_title(self, sheet: Stocktake) -> list[str]:
        scope = " · ".join(filter(None, [sheet.category.name if sheet.category else "", sheet.shelf]))
        return [sheet.title, scope or sheet.number, ""]

    @display(description=_("state"), label=COLOURS, ordering="status")
    def show_state(self, sheet: Stocktake) -> tuple[str, Any]:
        return sheet.status, sheet.get_status_display()

    @display(description=_("counted so far"))
    def show_progress(self, sheet: Any) -> str:
        return f"{sheet.counted_count} / {sheet.line_count}"

    @display(description=_("differences"))
    def show_different(self, sheet: Any) -> str:
        is_open = sheet.status == StocktakeStatus.COUNTING and sheet.is_blind
        return _now("blind") if is_open else str(sheet.different_count)

    @display(description=_("opened by"))
    def who(self, sheet: Stocktake) -> str:
        return self.name_of(sheet, sheet.opened_by)
