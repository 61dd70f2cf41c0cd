"""Returns to suppliers: written from what lies there, sent off, credited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from catalog.models import Supplier, SupplierReturn
from catalog.selectors import purchase_orders as selector
from catalog.selectors import returnable, staff_lists
from catalog.services import supplier_returns
from catalog.services.supplier_returns import GoingBack
from catalog.states.purchasing import SUPPLIER_RETURN
from catalog.terms.purchasing import ReturnReason, ReturnStatus
from shop.core import money
from shop.core.admin import ReadOnlyAdmin, actor, names, service_action
from shop.core.errors import Refusal

COLOURS = {
    ReturnStatus.DRAFT.value: "warning",
    ReturnStatus.SENT.value: "info",
    ReturnStatus.CREDITED.value: "success",
    ReturnStatus.CANCELLED.value: None,
}
WRITING = ("catalog.add_supplierreturn", "catalog.see_cost")


def can(to: ReturnStatus) -> Any:
    """Whether a return may move there now."""
    return lambda one: SUPPLIER_RETURN.allows(one.status, to)


class CreditForm(forms.Form):
    amount = forms.DecimalField(label=_("Credited (yuan)"), max_digits=11, decimal_places=2, min_value=0)

    def __init__(self, data: Any = None, *, instance: SupplierReturn) -> None:
        super().__init__(data)
        self.fields["amount"].initial = instance.amount


class OptionalReason(forms.Form):
    reason = forms.CharField(label=_("Note"), max_length=200, required=False)


@admin.register(SupplierReturn)
class SupplierReturnAdmin(ReadOnlyAdmin):
    list_display = ("show_number", "show_status", "supplier", "place", "reason", "show_pieces", "show_amount")
    list_display_links = ("show_number",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("supplier", RelatedDropdownFilter),
        ("place", RelatedDropdownFilter),
        ("reason", ChoicesDropdownFilter),
    )
    search_fields = ("number", "supplier__name", "=reference")
    search_help_text = _("Number or supplier")
    ordering = ("-pk",)
    actions_list = ("write",)
    actions_detail = ("send", "credit", "cancel")
    change_form_before_template = "admin/catalog/supplier_return.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierReturn]:
        return selector.returns(request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The page is one template; there is nothing to fill in."""
        return []

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.user.has_perm("catalog.see_cost"):
            return self.list_display
        return tuple(name for name in self.list_display if name != "show_amount")

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view(self.write_page)
        return [path("write/", door, name="catalog_supplierreturn_write"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        moments = list(obj.transitions.all())
        people = names([obj.created_by, *(one.actor for one in moments)])
        context.update(
            one=obj,
            title=obj.number,
            colour=COLOURS[obj.status],
            lines=list(obj.lines.select_related("sku__product")),
            timeline=[
                (moment, people.get(moment.actor, ""), ReturnStatus(moment.to_status).label)
                for moment in reversed(moments)
            ],
            writer=people.get(obj.created_by, ""),
            sees_cost=request.user.has_perm("catalog.see_cost"),
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(WRITING)

    @action(description=_("New return"), permissions=["write"], icon="add", url_path="write-page")
    def write(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_supplierreturn_write"))

    def write_page(self, request: HttpRequest) -> HttpResponse:
        """GET shows what of a supplier lies in a place; POST writes a draft."""
        if not request.user.has_perms(WRITING):
            raise PermissionDenied
        places = staff_lists.visible_places(request.user)
        given = request.POST if request.method == "POST" else request.GET
        supplier = _one(Supplier.objects.all(), given.get("supplier"))
        place = _one(places, given.get("place"))
        rows = returnable.rows(supplier_id=supplier.pk, place_id=place.pk) if supplier and place else []
        if request.method == "POST" and supplier and place:
            lines = [
                GoingBack(row.sku.pk, quantity, row.pool, row.batch)
                for row in rows
                if (quantity := _whole(request.POST.get(f"back-{row.key}")))
            ]
            try:
                made = supplier_returns.draft(
                    supplier_id=supplier.pk,
                    place_id=place.pk,
                    lines=lines,
                    reason=request.POST.get("reason", ""),
                    note=request.POST.get("note", ""),
                    actor=actor(request),
                )
                return HttpResponseRedirect(reverse("admin:catalog_supplierreturn_change", args=[made.pk]))
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        context = {
            **self.admin_site.each_context(request),
            "title": _now("New return"),
            "opts": self.model._meta,
            "suppliers": Supplier.objects.all(),
            "places": places,
            "supplier": supplier,
            "place": place,
            "rows": [(row, request.POST.get(f"back-{row.key}", "")) for row in rows],
            "reasons": ReturnReason.choices,
            "chosen": request.POST.get("reason", ReturnReason.DEFECT.value),
            "note": request.POST.get("note", ""),
            "back": reverse("admin:catalog_supplierreturn_changelist"),
        }
        return TemplateResponse(request, "admin/catalog/supplier_return_write.html", context)

    @service_action(
        _("Hand it over"),
        permission="catalog.change_supplierreturn",
        when=can(ReturnStatus.SENT),
        confirm=_("The goods leave the stock now."),
        icon="local_shipping",
    )
    def send(self, request: HttpRequest, one: SupplierReturn, data: dict[str, Any]) -> None:
        supplier_returns.send(return_id=one.pk, actor=actor(request))

    @service_action(
        _("Book the credit"),
        permission=("catalog.change_supplierreturn", "catalog.see_cost"),
        form=CreditForm,
        when=can(ReturnStatus.CREDITED),
        confirm=_("We owe the supplier so much less."),
        icon="price_check",
    )
    def credit(self, request: HttpRequest, one: SupplierReturn, data: dict[str, Any]) -> None:
        supplier_returns.credit(return_id=one.pk, amount=data["amount"], actor=actor(request))

    @service_action(
        _("Cancel"),
        permission="catalog.change_supplierreturn",
        form=OptionalReason,
        when=can(ReturnStatus.CANCELLED),
        confirm=_("The goods stay where they are."),
        icon="cancel",
        danger=True,
    )
    def cancel(self, request: HttpRequest, one: SupplierReturn, data: dict[str, Any]) -> None:
        supplier_returns.cancel(return_id=one.pk, actor=actor(request), reason=data["reason"])

    @display(description=_("number"), ordering="pk")
    def show_number(self, one: SupplierReturn) -> str:
        return one.number

    @display(description=_("status"), ordering="status", label=COLOURS)
    def show_status(self, one: SupplierReturn) -> tuple[str, str]:
        return one.status, one.get_status_display()

    @display(description=_("pieces"))
    def show_pieces(self, one: SupplierReturn) -> int:
        return one.pieces  # type: ignore[attr-defined]

    @display(description=_("amount"), ordering="amount")
    def show_amount(self, one: SupplierReturn) -> str:
        return money.show(one.amount if one.credited_amount is None else one.credited_amount)


def _one(rows: Any, key: Any) -> Any:
    text = str(key or "")
    return rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 18 else None


def _whole(text: Any) -> int:
    text = str(text or "").strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
