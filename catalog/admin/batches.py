"""Batches: what is left of them where, when they expire, and how they are called back."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from catalog.admin.near_expiry import NearExpiryPages
from catalog.models import Batch, BatchLevel, StockMovement
from catalog.selectors import batches, near_expiry, places
from catalog.services import recalls
from shop.core import clock
from shop.core.admin import ReadOnlyAdmin, actor, names, service_action

SHOWN = 30


class RecallForm(forms.Form):
    title = forms.CharField(label=_("What is recalled"), max_length=60, help_text=_("As buyers know it."))
    reason = forms.CharField(label=_("Why"), max_length=200)
    advice = forms.CharField(
        label=_("What buyers should do"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=_("Please don't use it any more. We give you your money back."),
    )
    with_others = forms.BooleanField(
        label=_("All batches of this SKU that were made on the same day, too"), required=False
    )
    takes_off_shelf = forms.BooleanField(label=_("Take the product off the shelf, too"), required=False)

    def __init__(self, data: Any = None, *, instance: Batch) -> None:
        super().__init__(data)
        self.fields["title"].initial = f"{instance.sku.product.title} {instance.code}"[:60]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("there", _("still there")),
            ("expired", _("expired, still there")),
            ("recalled", _("recalled")),
            ("gone", _("all gone")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:
        lying = Exists(BatchLevel.objects.filter(batch=OuterRef("pk"), on_hand__gt=0))
        today = clock.business_day(clock.page_now())
        wanted = {
            "there": Q(lying),
            "expired": Q(lying) & Q(expires_on__lt=today),
            "recalled": Q(recalled_at__isnull=False),
            "gone": ~Q(lying),
        }
        chosen = self.value()
        return queryset.filter(wanted[chosen]) if chosen in wanted else queryset


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = (
        *("show_goods", "code", "show_state", "made_on", "expires_on"),
        *("show_left", "show_frozen", "supplier"),
    )
    list_filter = (StateFilter, "supplier")
    list_select_related = ("sku__product", "supplier")
    search_fields = ("code", "=sku__code", "=sku__barcode", "sku__product__title")
    search_help_text = _("Batch, SKU code, barcode or part of the title")
    ordering = ("-id",)
    actions_detail = ("recall",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("say_goods", "say_state"),
                    ("code", "supplier"),
                    ("made_on", "expires_on"),
                    ("received_at", "recalled_at"),
                )
            },
        ),
        (_("Where it lies"), {"fields": ("show_places",)}),
        (_("Latest movements"), {"fields": ("show_movements",)}),
    )
    readonly_fields = ("say_goods", "say_state", "show_places", "show_movements")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return batches.with_remainders(super().get_queryset(request), places.ids_of_staff(request.user))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Remembers whose places are looked at."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.place_ids = places.ids_of_staff(request.user)
        return found

    def get_urls(self) -> list[Any]:
        return [*NearExpiryPages(self).urls(), *super().get_urls()]

    @service_action(
        _("Recall"),
        permission="catalog.recall_batch",
        form=RecallForm,
        confirm=_(
            "What is left is stopped everywhere at once, and everybody who got some is told. "
            "This can't be taken back."
        ),
        when=lambda batch: batch.recalled_at is None,
        icon="campaign",
        danger=True,
    )
    def recall(self, request: HttpRequest, batch: Batch, data: dict[str, Any]) -> SafeString:
        ids = [batch.pk]
        if data["with_others"] and batch.made_on:
            ids = list(
                Batch.objects.filter(sku=batch.sku_id, made_on=batch.made_on).values_list("pk", flat=True)
            )
        recall = recalls.start(
            batch_ids=ids,
            title=data["title"],
            reason=data["reason"],
            advice=data["advice"],
            takes_off_shelf=data["takes_off_shelf"],
            actor=actor(request),
        )
        words = ngettext(
            "Stopped; %(count)d piece is out with buyers.",
            "Stopped; %(count)d pieces are out with buyers.",
            recall.handed_out_count,
        )
        if not request.user.has_perm("catalog.view_recall"):
            return format_html("{}", words % {"count": recall.handed_out_count})
        return format_html(
            '{} <a class="underline" href="{}">{}</a>',
            words % {"count": recall.handed_out_count},
            reverse("admin:catalog_recall_change", args=[recall.pk]),
            _now("To the recall"),
        )

    @display(description=_("goods"), ordering="sku__product__title", header=True)
    def show_goods(self, batch: Batch) -> list[str]:
        return [batch.sku.product.title, f"{batch.sku.spec_text} {batch.sku.code}".strip(), ""]

    @display(
        description=_("state"),
        ordering="expires_on",
        label={"recalled": "danger", "expired": "danger", "soon": "warning", "gone": None, "well": "success"},
    )
    def show_state(self, batch: Any) -> tuple[str, str]:
        today = clock.business_day(clock.page_now())
        if batch.recalled_at:
            return "recalled", _now("Recalled")
        if not batch.left and not batch.put_aside:
            return "gone", _now("All gone")
        if batch.expires_on is None:
            return "well", _now("No end")
        days = (batch.expires_on - today).days
        if days < 0:
            return "expired", _now("Expired")
        window = near_expiry.window_of(batch.made_on, batch.expires_on, near_expiry.NEAR_EXPIRY_DAYS.get())
        words = ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
        return ("soon" if days <= window else "well"), words if days else _now("Last day")

    @display(description=_("can be sold"), ordering="left")
    def show_left(self, batch: Any) -> int:
        return int(batch.left)

    @display(description=_("put aside"), ordering="put_aside")
    def show_frozen(self, batch: Any) -> int:
        return int(batch.put_aside)

    @display(description=_("goods"))
    def say_goods(self, batch: Batch) -> SafeString:
        link = reverse("admin:catalog_sku_change", args=[batch.sku_id])
        words = " · ".join(filter(None, self.show_goods(batch)))
        return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', link, words)

    @display(description=_("state"))
    def say_state(self, batch: Batch) -> str:
        return self.show_state(batch)[1]

    @display(description="")
    def show_places(self, batch: Batch) -> SafeString:
        mine = _of_places(batch.levels.filter(on_hand__gt=0), batch)
        rows = mine.select_related("level__place").order_by("level")
        table = [
            (
                format_html(
                    '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
                    reverse("admin:catalog_stocklevel_change", args=[row.level_id]),
                    row.level.place.name,
                ),
                row.level.get_pool_display(),
                row.on_hand,
            )
            for row in rows
        ]
        heads = (_("place"), _("pool"), _("pieces"))
        return render_to_string("admin/catalog/small_table.html", {"heads": heads, "rows": table})

    @display(description="")
    def show_movements(self, batch: Batch) -> SafeString:
        moved = _of_places(StockMovement.objects.filter(level__sku=batch.sku_id, batch=batch.code), batch)
        rows = list(moved.order_by("-id")[:SHOWN])
        found = names(row.actor for row in rows)
        more = f"{reverse('admin:catalog_stockmovement_changelist')}?q={batch.sku.code}"
        named = [(row, found.get(row.actor, "")) for row in rows]
        return render_to_string("admin/catalog/movements.html", {"rows": named, "more": more})


def _of_places(rows: QuerySet[Any], batch: Any) -> QuerySet[Any]:
    return rows if batch.place_ids is None else rows.filter(level__place__in=batch.place_ids)
