"""Suppliers and their price lists."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.supplier_pages import SupplierPages, standing
from catalog.models import Supplier, SupplierSku
from catalog.selectors import supplier_accounts, supplier_scores, supply
from catalog.services import suppliers
from shop.core import clock, money, numbers
from shop.core.admin import actor, service_action

STEPS = 12


class RebateForm(forms.Form):
    steps = forms.CharField(
        label=_("Steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A step a line: yuan bought in the period, a space, percent given back. 50000 2"),
    )

    def __init__(self, data: Any = None, *, instance: Supplier) -> None:
        super().__init__(data)
        self.fields["steps"].initial = "\n".join(
            f"{step.from_amount:f} {step.rate * 100:f}".rstrip("0").rstrip(".")
            for step in instance.rebate_steps.all()
        )

    def clean_steps(self) -> dict[Decimal, Decimal]:
        found: dict[Decimal, Decimal] = {}
        for line in self.cleaned_data["steps"].splitlines():
            if not line.strip():
                continue
            try:
                amount, percent = (Decimal(one) for one in line.replace("%", " ").split())
            except (ValueError, InvalidOperation) as problem:
                raise forms.ValidationError(
                    _now("“%(line)s” can't be read."), params={"line": line}
                ) from problem
            is_fine = 0 <= amount < 10**9 and 0 < percent < 100 and amount not in found
            if not is_fine or len(found) >= STEPS:
                raise forms.ValidationError(_now("“%(line)s” can't be read."), params={"line": line})
            found[money.yuan(amount)] = (percent / 100).quantize(Decimal("0.0001"))
        return found


class PaymentForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        max_digits=11,
        decimal_places=2,
        help_text=_("A minus books money that came back, a rebate for instance."),
    )
    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, instance: Supplier) -> None:
        super().__init__(data)
        self.fields["paid_on"].initial = clock.business_day(clock.page_now()).isoformat()
        self.fields["key"].initial = numbers.token()


class SupplierForm(forms.ModelForm):
    class Meta:
        model = Supplier
        fields = sorted(suppliers.FIELDS)
        widgets = {
            **dict.fromkeys(("contact_phone", "wechat"), UnfoldAdminTextInputWidget),
            **{
                name: UnfoldAdminTextareaWidget(attrs={"rows": 2})
                for name in ("delivery_terms", "return_terms", "note")
            },
        }


@admin.register(Supplier)
class SupplierAdmin(NeverDeleted, GoodsAdmin):
    form = SupplierForm
    list_display = (
        "name",
        "show_state",
        "show_score",
        "show_goods",
        "payment_days",
        "lead_days",
        "show_owed",
    )
    list_filter = ("is_active",)
    search_fields = ("name", "code", "contact_name")
    search_help_text = _("Name, code or contact person")
    ordering = ("name",)
    actions_list = ("bring_in", "take_out")
    actions_detail = ("order_here", "add_goods", "set_rebates", "book_payment")
    fieldsets = (
        (None, {"fields": (("name", "code"), ("is_active", "language"))}),
        (
            _("Who to talk to"),
            {"fields": (("contact_name", "contact_phone"), ("wechat", "email"), "address")},
        ),
        (
            _("Trade terms"),
            {
                "fields": (
                    ("payment_days", "lead_days"),
                    ("minimum_amount", "rebate_period"),
                    "delivery_terms",
                    "return_terms",
                    "note",
                )
            },
        ),
    )
    change_form_outer_before_template = "admin/catalog/supplier_top.html"
    change_form_outer_after_template = "admin/catalog/supplier.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        counted = Count("goods", filter=Q(goods__is_active=True))
        return super().get_queryset(request).annotate(goods_count=counted)

    def get_urls(self) -> list[Any]:
        return [*SupplierPages(self).urls(), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.user.has_perm("catalog.see_cost"):
            return self.list_display
        return tuple(name for name in self.list_display if name not in ("show_owed", "show_score"))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Scores and debts of a whole page at once."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        ids = [one.pk for one in changelist.result_list]
        if ids and request.user.has_perm("catalog.see_cost"):
            scores, owed = supplier_scores.scores(ids), supplier_accounts.owed(ids)
            for one in changelist.result_list:
                one.score, one.owed = scores[one.pk], owed[one.pk]
        return changelist

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None and request.user.has_perm("catalog.see_cost"):
            context |= standing(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in suppliers.FIELDS}
        saved = suppliers.save(
            supplier=Supplier.objects.get(pk=obj.pk) if change else None, actor=actor(request), **given
        )
        obj.pk = saved.pk

    @service_action(
        _("Rebate steps"),
        permission=("catalog.change_supplier", "catalog.see_cost"),
        form=RebateForm,
        icon="stairs",
    )
    def set_rebates(self, request: HttpRequest, supplier: Supplier, data: dict[str, Any]) -> None:
        suppliers.set_rebates(supplier=supplier, steps=data["steps"], actor=actor(request))

    @service_action(
        _("Book a payment"),
        permission=("catalog.pay_supplier", "catalog.see_cost"),
        form=PaymentForm,
        icon="payments",
    )
    def book_payment(self, request: HttpRequest, supplier: Supplier, data: dict[str, Any]) -> None:
        suppliers.pay(supplier_id=supplier.pk, actor=actor(request), **data)

    @action(
        description=_("Order here"), icon="add_shopping_cart", permissions=["order_here"], url_path="order"
    )
    def order_here(self, request: HttpRequest, object_id: str) -> HttpResponse:
        address = reverse("admin:catalog_purchaseorder_write")
        return HttpResponseRedirect(f"{address}?supplier={int(object_id)}")

    @action(
        description=_("Add to the price list"), icon="add", permissions=["add_goods"], url_path="add-goods"
    )
    def add_goods(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:catalog_suppliersku_add')}?supplier={int(object_id)}")

    @action(description=_("Import"), permissions=["exchange"], icon="upload", url_path="import-page")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_supplier_import"))

    @action(description=_("Export"), permissions=["exchange"], icon="download", url_path="export-page")
    def take_out(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_supplier_export"))

    def has_exchange_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(("catalog.exchange_suppliers", "catalog.see_cost"))

    def has_order_here_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perms(("catalog.add_purchaseorder", "catalog.see_cost"))

    def has_add_goods_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perms(("catalog.add_suppliersku", "catalog.see_cost"))

    @display(description=_("state"), ordering="is_active", label={"on": "success", "off": "danger"})
    def show_state(self, supplier: Supplier) -> tuple[str, str]:
        return ("on", _now("Active")) if supplier.is_active else ("off", _now("Switched off"))

    @display(description=_("score"), label={"good": "success", "fair": "warning", "poor": "danger", "": None})
    def show_score(self, supplier: Supplier) -> tuple[str, str]:
        total = supplier.score.total  # type: ignore[attr-defined]
        if total is None:
            return "", "—"
        return ("good" if total >= 80 else "fair" if total >= 60 else "poor"), str(total)

    @display(description=_("goods"), ordering="goods_count")
    def show_goods(self, supplier: Supplier) -> int:
        return supplier.goods_count  # type: ignore[attr-defined]

    @display(description=_("owed"))
    def show_owed(self, supplier: Supplier) -> str:
        return money.show(supplier.owed)  # type: ignore[attr-defined]


class SupplierSkuForm(forms.ModelForm):
    price = forms.DecimalField(
        label=_("Price of a unit (yuan)"), max_digits=11, decimal_places=2, min_value=0
    )
    valid_from = forms.DateField(
        label=_("Price holds from"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("Empty: from today."),
    )
    order_cap = forms.DecimalField(
        label=_("Orders by itself up to (yuan)"),
        max_digits=11,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=_("Larger automatic orders wait for approval. Empty: every one waits."),
    )
    month_cap = forms.DecimalField(
        label=_("and in a month up to (yuan)"), max_digits=11, decimal_places=2, min_value=0, required=False
    )
    ends_on = forms.DateField(
        label=_("Agreed until"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )

    class Meta:
        model = SupplierSku
        fields = ["supplier", "sku", *sorted(suppliers.GOODS_FIELDS)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        prices = supply.priced().filter(pk=self.instance.pk)
        self.fields["price"].initial = prices.values_list("price", flat=True).first()
        agreement = getattr(self.instance, "agreement", None)
        if agreement is not None and agreement.is_active:
            for name in ("order_cap", "month_cap", "ends_on"):
                self.fields[name].initial = getattr(agreement, name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        order_cap, month_cap = data.get("order_cap"), data.get("month_cap")
        if (order_cap or month_cap) and not (order_cap and month_cap and order_cap <= month_cap):
            raise forms.ValidationError(
                _now("Give both caps; that of a month is no smaller than that of an order.")
            )
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The first choice of a SKU moves to the supplier that is said to be it now."""
        return {*super()._get_validation_exclusions(), "rank"}  # type: ignore[misc]


@admin.register(SupplierSku)
class SupplierSkuAdmin(NeverDeleted, GoodsAdmin):
    form = SupplierSkuForm
    list_display = (
        *("show_sku", "supplier", "show_rank", "show_price", "show_piece"),
        *("show_minimum", "show_lead", "show_agreement"),
    )
    list_filter = (
        ("supplier", RelatedDropdownFilter),
        ("rank", ChoicesDropdownFilter),
        "needs_expiry",
        "is_active",
    )
    search_fields = ("=sku__code", "=sku__barcode", "sku__product__title", "=article", "supplier__name")
    search_help_text = _("Code, barcode, part of the title, article number or supplier")
    autocomplete_fields = ("supplier", "sku")
    list_select_related = ("supplier", "sku__product", "agreement")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("supplier", "sku"), ("article", "rank"), ("is_active", "needs_expiry"))}),
        (
            _("Unit and price"),
            {"fields": (("unit", "pack_size"), ("price", "valid_from"), ("minimum_packs", "lead_days"))},
        ),
        (_("Automatic ordering"), {"fields": (("order_cap", "month_cap"), "ends_on")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierSku]:
        return supply.with_price(super().get_queryset(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.see_cost") and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.see_cost") and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("catalog.see_cost") and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        given = super().get_readonly_fields(request, obj)
        return [*given, "supplier", "sku"] if obj else given

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not request.user.has_perm("catalog.see_cost"):
            raise PermissionDenied
        data = form.cleaned_data
        source = suppliers.write_source(
            supplier_id=obj.supplier_id,
            sku_id=obj.sku_id,
            actor=actor(request),
            price=data["price"],
            valid_from=data["valid_from"],
            caps=(data["order_cap"], data["month_cap"]) if data["order_cap"] else None,
            ends_on=data["ends_on"],
            goods={name: data[name] for name in suppliers.GOODS_FIELDS},
        )
        obj.pk = source.pk

    @display(description=_("goods"), ordering="sku__product__title")
    def show_sku(self, source: SupplierSku) -> str:
        return f"{source.sku.product.title} {source.sku.spec_text} ({source.sku.code})"

    @display(
        description=_("role"),
        ordering="rank",
        label={"preferred": "success", "ordinary": None, "contingency": "info"},
    )
    def show_rank(self, source: SupplierSku) -> tuple[str, str]:
        return source.rank, source.get_rank_display()

    @display(description=_("price of a unit"))
    def show_price(self, source: SupplierSku) -> str:
        price = source.price  # type: ignore[attr-defined]
        size = f"×{source.pack_size}" if source.pack_size > 1 else ""
        return "—" if price is None else f"{money.show(price)} / {source.unit}{size}"

    @display(description=_("a piece"))
    def show_piece(self, source: SupplierSku) -> str:
        price = source.price  # type: ignore[attr-defined]
        return "—" if price is None else money.show(supply.piece_price(price, source.pack_size))

    @display(description=_("smallest quantity"))
    def show_minimum(self, source: SupplierSku) -> str:
        return f"{source.minimum_packs} {source.unit}"

    @display(description=_("days"))
    def show_lead(self, source: SupplierSku) -> int:
        return source.supplier.lead_days if source.lead_days is None else source.lead_days

    @display(description=_("by itself"))
    def show_agreement(self, source: SupplierSku) -> str:
        agreement = getattr(source, "agreement", None)
        return f"≤ {money.show(agreement.order_cap)}" if agreement and agreement.is_active else "—"
