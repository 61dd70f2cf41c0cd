"""SKUs with their prices, and the history of prices."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from catalog.admin import price_adjusting, sku_prices
from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.models import PriceChange, Sku
from catalog.selectors import staff_lists
from catalog.services import prices, skus
from shop.core import money
from shop.core.admin import NamedActors, ReadOnlyAdmin, ReasonForm, actor, service_action


class PriceForm(ReasonForm):
    list_price = forms.DecimalField(label=_("New price (yuan)"), max_digits=9, decimal_places=2, min_value=0)
    field_order = ("list_price", "reason")

    def __init__(self, data: Any = None, *, instance: Sku) -> None:
        super().__init__(data)
        self.fields["list_price"].initial = instance.list_price
        if instance.floor_price is not None:
            floor = money.show(instance.floor_price)
            self.fields["list_price"].help_text = _now("Not below %(floor)s.") % {"floor": floor}


class SkuForm(forms.ModelForm):
    class Meta:
        model = Sku
        fields = [
            *("barcode", "cost_price", "floor_price", "weight_grams", "volume_cm3"),
            *("nominal_grams", "price_basis_grams"),
        ]

    def clean_barcode(self) -> str | None:
        return self.cleaned_data["barcode"] or None

    def clean_floor_price(self) -> Any:
        floor = self.cleaned_data["floor_price"]
        if floor is not None and floor > self.instance.list_price:
            raise forms.ValidationError(_now("The floor lies above the price."))
        return floor


class PriceChangeInline(TabularInline):
    model = PriceChange
    fields = readonly_fields = ("created_at", "old_price", "new_price", "actor", "reason")
    extra = 0
    max_num = 0
    can_delete = False
    tab = True
    hide_title = True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Sku)
class SkuAdmin(NeverDeleted, GoodsAdmin):
    form = SkuForm
    list_display = ("code", "show_state", "show_product", "spec_text", "show_price", "show_free", "barcode")
    list_filter = ("is_active",)
    search_fields = ("=code", "=barcode", "product__title")
    search_help_text = _("Code, barcode or part of the title")
    ordering = ("-id",)
    actions_detail = ("set_price",)
    inlines = (PriceChangeInline,)
    change_form_outer_after_template = "admin/catalog/sku_prices.html"
    readonly_fields = ("code", "show_product", "spec_text", "show_price", "say_free", "say_state")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("show_product", "spec_text"),
                    ("code", "say_state"),
                    ("show_price", "say_free"),
                )
            },
        ),
        (
            _("For the office"),
            {
                "fields": (
                    ("cost_price", "floor_price"),
                    ("weight_grams", "volume_cm3"),
                    ("nominal_grams", "price_basis_grams"),
                    "barcode",
                )
            },
        ),
    )

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path(
                "prices/",
                door(lambda request: price_adjusting.page(self, request)),
                name="catalog_sku_adjust",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        return staff_lists.skus()

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if request.user.has_perm("catalog.see_cost"):
            return self.fieldsets
        top, (title, office) = self.fieldsets
        rows = tuple("floor_price" if "cost_price" in row else row for row in office["fields"])
        return (top, (title, office | {"fields": rows}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("original"):
            context |= sku_prices.standing(context["original"])
            context["sees_cost"] = request.user.has_perm("catalog.see_cost")
        return super().render_change_form(request, context, *args, **kwargs)

    @service_action(
        _("Change the price"),
        permission="catalog.set_price",
        form=PriceForm,
        confirm=_("The new price holds at once; orders that exist keep theirs."),
        icon="sell",
    )
    def set_price(self, request: HttpRequest, sku: Sku, data: dict[str, Any]) -> str:
        changed = skus.set_price(
            sku_id=sku.pk, list_price=data["list_price"], actor=actor(request), reason=data["reason"]
        )
        return _now("The price is %(price)s now.") % {"price": money.show(changed.list_price)}

    @display(description=_("product"), ordering="product__title")
    def show_product(self, sku: Sku) -> str:
        return sku.product.title

    @display(description=_("price"), ordering="list_price")
    def show_price(self, sku: Sku) -> str:
        return money.show(sku.list_price)

    @display(description=_("free stock"), ordering="available", label={"out": "danger", "": None})
    def show_free(self, sku: Sku) -> tuple[str, str]:
        free = sku.available  # type: ignore[attr-defined]
        return ("" if free > 0 else "out"), str(free)

    @display(description=_("state"), ordering="is_active", label={"on": "success", "off": "danger"})
    def show_state(self, sku: Sku) -> tuple[str, str]:
        return "on" if sku.is_active else "off", self.say_state(sku)

    @display(description=_("free stock"))
    def say_free(self, sku: Sku) -> int:
        return sku.available  # type: ignore[attr-defined]

    @display(description=_("state"))
    def say_state(self, sku: Sku) -> str:
        return _now("Sold") if sku.is_active else _now("Retired")


@admin.register(PriceChange)
class PriceChangeAdmin(NamedActors, ReadOnlyAdmin):
    list_display = ("created_at", "show_sku", "show_source", "old_price", "new_price", "who", "reason")
    list_filter = ("source",)
    list_select_related = ("sku__product",)
    actions_detail = ("take_back",)
    search_fields = ("=sku__code", "sku__product__title")
    ordering = ("-id",)

    @service_action(
        _("Take this change back"),
        permission="catalog.set_price",
        form=ReasonForm,
        confirm=_("The price before it holds again at once; orders that exist keep theirs."),
        icon="undo",
        when=lambda change: change.old_price is not None,
    )
    def take_back(self, request: HttpRequest, change: PriceChange, data: dict[str, Any]) -> str:
        sku = prices.take_back(change_id=change.pk, actor=actor(request), reason=data["reason"])
        return _now("The price is %(price)s now.") % {"price": money.show(sku.list_price)}

    @display(
        description=_("source"),
        ordering="source",
        label={"repricer": "info", "import": "info", "undo": "warning", "hand": None, "first": None},
    )
    def show_source(self, change: PriceChange) -> tuple[str, str]:
        return change.source, change.get_source_display()

    @display(description=_("SKU"))
    def show_sku(self, change: PriceChange) -> str:
        return f"{change.sku.product.title} {change.sku.spec_text} ({change.sku.code})"
