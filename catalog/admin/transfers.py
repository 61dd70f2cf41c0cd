"""Transfers between places: the list, a new one; each has a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.transfer_pages import TransferPages
from catalog.models import Place, Transfer
from catalog.selectors import places
from catalog.selectors import transfers as selector
from catalog.services import transfers
from catalog.terms.transfers import TransferStatus
from shop.core.admin import NamedActors, actor

COLOURS = {
    TransferStatus.DRAFT.value: "info",
    TransferStatus.SENT.value: "warning",
    TransferStatus.RECEIVED.value: "success",
    TransferStatus.RETURNED.value: "danger",
    TransferStatus.CANCELLED.value: "",
}


class TransferForm(forms.ModelForm):
    class Meta:
        model = Transfer
        fields = ["source", "target", "note"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("source") and data.get("source") == data.get("target"):
            self.add_error("target", _("Goods can't be sent to the place they are in."))
        return data


@admin.register(Transfer)
class TransferAdmin(NamedActors, NeverDeleted, GoodsAdmin):
    actor_fields = ("opened_by",)
    form = TransferForm
    list_display = ("show_way", "show_state", "show_pieces", "who", "created_at", "sent_at", "ended_at")
    list_filter = ("status", "source", "target")
    search_fields = ("=number", "=lines__sku__code", "note")
    fieldsets = ((_("Where from, where to"), {"fields": (("source", "target"), "note")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        found = selector.of_staff(request.user)
        return found.annotate(sku_count=Count("lines"), pieces=Sum("lines__quantity"))

    def get_urls(self) -> list[Any]:
        return [*TransferPages(self).urls(), *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "source":
            kwargs["queryset"] = places.of_staff(request.user).filter(is_active=True)
        if db_field.name == "target":
            kwargs["queryset"] = Place.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.move_stock"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_transfer_page", args=[object_id]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        made = transfers.draft(
            source_id=data["source"].pk,
            target_id=data["target"].pk,
            note=data["note"],
            actor=actor(request),
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_transfer_page", args=[obj.pk]))

    @display(description=_("transfer"), header=True, ordering="id")
    def show_way(self, transfer: Transfer) -> list[str]:
        return [f"{transfer.source.name} → {transfer.target.name}", transfer.number, ""]

    @display(description=_("state"), label=COLOURS, ordering="status")
    def show_state(self, transfer: Transfer) -> tuple[str, Any]:
        return transfer.status, transfer.get_status_display()

    @display(description=_("goods"))
    def show_pieces(self, transfer: Any) -> str:
        return _("%(skus)d SKUs, %(pieces)d pieces") % {
            "skus": transfer.sku_count,
            "pieces": transfer.pieces or 0,
        }

    @display(description=_("opened by"))
    def who(self, transfer: Transfer) -> str:
        return self.name_of(transfer, transfer.opened_by)
