"""Bundle products, gift boxes and the brands they are made with."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.models import Bundle, BundleComponent, Partner, Sku
from catalog.selectors import bundles as contents
from catalog.services import bundles, partners
from catalog.services.bundles import Component
from catalog.terms.bundles import COMPONENTS_AT_MOST
from shop.core import money
from shop.core.admin import actor, service_action


class BundleForm(forms.ModelForm):
    class Meta:
        model = Bundle
        fields = ["sku", "kind", "partner", "revenue_share", "channel_code"]
        help_texts = {
            "sku": _(
                "The specification sold as a bundle, with its price; it has never had stock of its own."
            ),
            "revenue_share": _("Of what shoppers pay for it, after refunds; 0 for none."),
            "channel_code": _("The partner's code for where it is sold; it stands in the report."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()  # type: ignore[assignment]
        if data.get("revenue_share") and not data.get("partner"):
            self.add_error("partner", _now("Who gets this share?"))
        return data


class ComponentFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if _is_kept(form)]
        if sum(row["quantity"] for row in kept) < 2:
            raise forms.ValidationError(_now("A bundle holds at least two pieces."))


class ComponentInline(TabularInline):
    model = BundleComponent
    formset = ComponentFormSet
    fields = ("sku", "quantity")
    autocomplete_fields = ("sku",)
    max_num = COMPONENTS_AT_MOST
    hide_title = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With their products, so that people read titles."""
        kwargs["queryset"] = Sku.objects.select_related("product")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Bundle)
class BundleAdmin(NeverDeleted, GoodsAdmin):
    form = BundleForm
    list_display = ("show_product", "show_kind", "show_parts", "show_price", "show_free", "show_partner")
    list_filter = (("kind", ChoicesDropdownFilter), ("partner", RelatedDropdownFilter))
    search_fields = ("=sku__code", "sku__product__title", "components__sku__product__title")
    search_help_text = _("Title of the bundle or of a component, or a code")
    autocomplete_fields = ("sku",)
    inlines = (ComponentInline,)
    actions_detail = ("dissolve",)
    readonly_fields = ("say_price", "say_free", "version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bundle]:
        return contents.listed()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *(["sku"] if obj else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        now = [(_("Now"), {"fields": ("say_price", "say_free", "version")})] if obj else []
        return [
            (None, {"fields": ("sku", "kind")}),
            *now,
            (_("Made with a partner"), {"fields": ("partner", "revenue_share", "channel_code")}),
        ]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Bundle:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved with its components below, by one service."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        (parts,) = formsets
        parts.new_objects, parts.changed_objects, parts.deleted_objects = [], [], []
        data = form.cleaned_data
        saved = bundles.save(
            sku_id=form.instance.sku_id,
            components=[
                Component(one.cleaned_data["sku"].pk, one.cleaned_data["quantity"])
                for one in parts.forms
                if _is_kept(one)
            ],
            kind=data["kind"],
            partner_id=data["partner"].pk if data["partner"] else None,
            revenue_share=data["revenue_share"] or Decimal(0),
            channel_code=data["channel_code"],
            actor=actor(request),
        )
        form.instance.pk = saved.pk

    @service_action(
        _("Dissolve"),
        permission="catalog.change_bundle",
        confirm=_("It becomes an ordinary specification again. Orders keep what they sold."),
        icon="call_split",
        danger=True,
    )
    def dissolve(self, request: HttpRequest, bundle: Bundle, data: dict[str, Any]) -> str:
        bundles.dissolve(sku_id=bundle.sku_id, actor=actor(request))
        return _now("It is no bundle any more.")

    @display(description=_("bundle"), header=True)
    def show_product(self, bundle: Bundle) -> list[str]:
        return [f"{bundle.sku.product.title} {bundle.sku.spec_text}".strip(), bundle.sku.code]

    @display(description=_("kind"), ordering="kind", label={"gift_box": "info", "bundle": "default"})
    def show_kind(self, bundle: Bundle) -> tuple[str, str]:
        return bundle.kind, bundle.get_kind_display()

    @display(description=_("components"))
    def show_parts(self, bundle: Bundle) -> str:
        return "、".join(f"{row.sku.product.title} × {row.quantity}" for row in bundle.components.all())

    @display(description=_("price"), ordering="sku__list_price")
    def show_price(self, bundle: Bundle) -> str:
        return money.show(bundle.sku.list_price)

    @display(description=_("can be made"), ordering="available", label={"out": "danger", "": None})
    def show_free(self, bundle: Bundle) -> tuple[str, str]:
        free = bundle.available  # type: ignore[attr-defined]
        return ("out", _now("Sold out")) if free <= 0 else ("", str(free))

    @display(description=_("partner brand"), ordering="partner__name")
    def show_partner(self, bundle: Bundle) -> str:
        if not bundle.partner:
            return "—"
        return f"{bundle.partner.name} · {bundle.revenue_share.normalize():f}%"

    @display(description=_("price"))
    def say_price(self, bundle: Bundle) -> str:
        inside = contents.of([bundle.sku_id])[bundle.sku_id]
        return _now("{price}; its components one by one cost {sum}, {saving} more").format(
            price=money.show(bundle.sku.list_price),
            sum=money.show(inside.list_amount),
            saving=money.show(inside.saving(bundle.sku.list_price)),
        )

    @display(description=_("can be made"))
    def say_free(self, bundle: Bundle) -> str:
        inside = contents.of([bundle.sku_id])[bundle.sku_id]
        short = inside.short_of(1)
        if short:
            return _now("None: {goods} has run out.").format(goods=short.name)
        count = min(part.fact.available // part.quantity for part in inside.parts)
        scarce = min(inside.parts, key=lambda part: part.fact.available // part.quantity)
        return _now("{count}, then {goods} runs out.").format(count=count, goods=scarce.name)


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ["name", "code", "contact", "note", "is_active"]


@admin.register(Partner)
class PartnerAdmin(NeverDeleted, GoodsAdmin):
    form = PartnerForm
    list_display = ("name", "code", "contact", "is_active")
    search_fields = ("name", "code")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Partner:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        names = ("name", "code", "contact", "note", "is_active")
        saved = partners.save(
            partner_id=obj.pk, actor=actor(request), **{name: form.cleaned_data[name] for name in names}
        )
        obj.pk = saved.pk


def _is_kept(form: Any) -> bool:
    data = form.cleaned_data
    return bool(data) and not data.get("DELETE") and bool(data.get("sku"))
