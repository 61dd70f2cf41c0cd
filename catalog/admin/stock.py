"""Stock by place: look, correct by ±n, count, take goods in; movements and reservations to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from catalog.admin.as_of import AsOfPage
from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.admin.labels import LabelPages
from catalog.admin.stock_board import BoardPages
from catalog.admin.stock_files import FilePages
from catalog.admin.stock_forms import LossForm, MoveForm, ReceiveForm
from catalog.models import Place, Reservation, Sku, StockLevel, StockMovement
from catalog.selectors import places, staff_lists
from catalog.selectors import stock as selector
from catalog.services import losses, pools, stock
from catalog.services.stock import BY_HAND
from catalog.terms import HANDLED_POOLS, MovementReason, Pool, ReservationStatus
from shop.core import numbers
from shop.core.admin import NamedActors, ReadOnlyAdmin, actor, names, service_action

SHOWN = 30
RESERVATION_COLOURS = {
    ReservationStatus.ACTIVE.value: "warning",
    ReservationStatus.CONSUMED.value: "success",
    ReservationStatus.RELEASED.value: "info",
}


def is_handled(level: StockLevel) -> bool:
    """Whether people may book here by hand."""
    return level.pool in HANDLED_POOLS


class AdjustForm(forms.Form):
    delta = forms.IntegerField(
        label=_("Pieces to add (or to take away, with a minus)"), min_value=-1_000_000, max_value=1_000_000
    )
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(one.value, one.label) for one in MovementReason if one in BY_HAND]
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial=numbers.token, max_length=40)


class CountForm(forms.Form):
    """Remembers what was on hand when the page was opened."""

    value = forms.IntegerField(label=_("Pieces counted"), min_value=0, max_value=1_000_000)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, instance: StockLevel) -> None:
        super().__init__(data)
        self.fields["expected"].initial = instance.on_hand
        self.fields["value"].help_text = _now(
            "On hand by the books: %(count)d, of which %(held)d reserved."
        ) % {
            "count": instance.on_hand,
            "held": instance.reserved,
        }


class AlertForm(forms.Form):
    alert_at = forms.IntegerField(
        label=_("Warn at"), min_value=0, max_value=1_000_000, help_text=_("0 never warns.")
    )
    cover_days = forms.IntegerField(
        label=_("Or below so many days of cover"),
        min_value=0,
        max_value=365,
        required=False,
        help_text=_("At the expected pace. Empty takes the rule for best sellers, 0 counts pieces only."),
    )

    def __init__(self, data: Any = None, *, instance: StockLevel) -> None:
        super().__init__(data)
        self.fields["alert_at"].initial = instance.alert_at
        self.fields["cover_days"].initial = instance.cover_days


class TodoFilter(admin.SimpleListFilter):
    """What the dashboard's card leads to."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("stock_short", _("running short")), ("sold_out", _("sold out on the shelf"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "stock_short":
            return queryset.filter(pk__in=selector.short().values("pk"))
        if self.value() == "sold_out":
            return queryset.filter(sku__in=selector.sold_out())
        return queryset


@admin.register(StockLevel)
class StockLevelAdmin(NeverDeleted, GoodsAdmin):
    list_display = (
        "show_goods",
        "show_state",
        "place",
        "show_pool",
        "on_hand",
        "reserved",
        "show_free",
        "alert_at",
    )
    list_filter = (TodoFilter, ("place", RelatedDropdownFilter), "pool")
    search_fields = ("=sku__code", "=sku__barcode", "sku__product__title")
    search_help_text = _("Code, barcode or part of the title")
    ordering = ("-id",)
    autocomplete_fields = ("sku",)
    actions_detail = ("adjust", "count", "move_pool", "write_off", "set_alert")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("say_goods", "place"),
                    ("on_hand", "reserved", "show_free"),
                    ("show_pool", "say_state", "alert_at"),
                )
            },
        ),
        (_("Latest movements"), {"fields": ("show_movements",)}),
    )
    add_fieldsets = (
        (_("Take goods in"), {"fields": ("place", "sku", ("quantity", "cost"), "to_pool", "key")}),
        (_("What the label says"), {"fields": ("batch", ("made_on", "expires_on"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        return staff_lists.levels(request.user).annotate(free=F("on_hand") - F("reserved"))

    def get_urls(self) -> list[Any]:
        return [
            *AsOfPage(self).urls(),
            *BoardPages(self).urls(),
            *FilePages(self).urls(),
            *LabelPages(self).urls(),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not change:
            kwargs["form"] = ReceiveForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        if obj is None:
            return []
        shown = ["place", "on_hand", "reserved", "alert_at"]
        return [*shown, "say_goods", "say_state", "show_free", "show_pool", "show_movements"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "place":
            kwargs["queryset"] = places.of_staff(request.user).filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.adjust_stock")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        place: Place = data["place"]
        sku: Sku = data["sku"]
        level = stock.receive(
            place_id=place.pk,
            sku_id=sku.pk,
            quantity=data["quantity"],
            cost=data["cost"],
            pool=data["to_pool"],
            batch_facts=form.facts(),
            actor=actor(request),
            key=data["key"],
        )
        obj.pk = level.pk
        obj.refresh_from_db()

    @service_action(
        _("Correct by ±n"),
        permission="catalog.adjust_stock",
        form=AdjustForm,
        confirm=_("What orders have reserved can't be taken away."),
        when=is_handled,
        icon="exposure",
    )
    def adjust(self, request: HttpRequest, level: StockLevel, data: dict[str, Any]) -> str:
        changed = stock.adjust(
            level_id=level.pk,
            delta=data["delta"],
            reason=data["reason"],
            note=data["note"],
            key=data["key"],
            actor=actor(request),
        )
        return _now("On hand now: %(count)d.") % {"count": changed.on_hand}

    @service_action(
        _("Enter a count"),
        permission="catalog.adjust_stock",
        form=CountForm,
        confirm=_("If stock moves while you count, the entry is refused and nothing changes."),
        when=is_handled,
        icon="checklist",
    )
    def count(self, request: HttpRequest, level: StockLevel, data: dict[str, Any]) -> str:
        changed = stock.set_level(
            level_id=level.pk,
            expected=data["expected"],
            value=data["value"],
            reason=data["note"],
            actor=actor(request),
        )
        return _now("On hand now: %(count)d.") % {"count": changed.on_hand}

    @service_action(
        _("Set the warning mark"), permission="catalog.adjust_stock", form=AlertForm, icon="notifications"
    )
    def set_alert(self, request: HttpRequest, level: StockLevel, data: dict[str, Any]) -> None:
        stock.set_alert(
            level_id=level.pk,
            alert_at=data["alert_at"],
            cover_days=data["cover_days"],
            actor=actor(request),
        )

    @service_action(
        _("Move to another pool"),
        permission="catalog.adjust_stock",
        form=MoveForm,
        confirm=_("Orders draw on spot goods; defective and frozen goods can't be bought."),
        when=lambda level: level.available > 0 and is_handled(level),
        icon="move_down",
    )
    def move_pool(self, request: HttpRequest, level: StockLevel, data: dict[str, Any]) -> None:
        pools.move(
            place_id=level.place_id,
            sku_id=level.sku_id,
            from_pool=level.pool,
            to_pool=data["to_pool"],
            quantity=data["quantity"],
            batch=data.get("batch", ""),
            reason=data["note"],
            actor=actor(request),
            key=data["key"],
        )

    @service_action(
        _("Write off"),
        permission="catalog.book_loss",
        form=LossForm,
        confirm=_("The pieces leave the stock for good and count in the loss rate."),
        when=lambda level: level.available > 0 and is_handled(level),
        icon="delete_sweep",
        danger=True,
    )
    def write_off(self, request: HttpRequest, level: StockLevel, data: dict[str, Any]) -> None:
        losses.book(
            place_id=level.place_id,
            sku_id=level.sku_id,
            pool=level.pool,
            quantity=data["quantity"],
            reason=data["why"],
            batch=data.get("batch", ""),
            note=data["note"],
            actor=actor(request),
            key=data["key"],
        )

    @display(description=_("goods"), ordering="sku__product__title", header=True)
    def show_goods(self, level: StockLevel) -> list[str]:
        return [level.sku.product.title, f"{level.sku.spec_text} {level.sku.code}".strip(), ""]

    @display(description=_("state"), label={"out": "danger", "low": "warning", "well": "success"})
    def show_state(self, level: StockLevel) -> tuple[str, str]:
        if level.available <= 0:
            return "out", _now("Sold out")
        if level.available <= level.alert_at:
            return "low", _now("Running short")
        return "well", _now("Enough")

    @display(description=_("goods"))
    def say_goods(self, level: StockLevel) -> str:
        return " · ".join(filter(None, self.show_goods(level)))

    @display(description=_("state"))
    def say_state(self, level: StockLevel) -> str:
        return self.show_state(level)[1]

    @display(description=_("pool"), ordering="pool")
    def show_pool(self, level: StockLevel) -> str:
        return str(Pool(level.pool).label)

    @display(description=_("free stock"), ordering="free")
    def show_free(self, level: StockLevel) -> int:
        return level.available

    @display(description=_("latest movements"))
    def show_movements(self, level: StockLevel) -> SafeString:
        more = f"{reverse('admin:catalog_stockmovement_changelist')}?level__id__exact={level.pk}"
        rows = list(level.movements.order_by("-id")[:SHOWN])
        found = names(row.actor for row in rows)
        named = [(row, found.get(row.actor, "")) for row in rows]
        return render_to_string("admin/catalog/movements.html", {"rows": named, "more": more})


class _OfPlacesAdmin(ReadOnlyAdmin):
    """Rows that belong to a level, of the person's places."""

    list_select_related = ("level__sku__product", "level__place")
    list_filter: tuple[Any, ...] = (("level__place", RelatedDropdownFilter),)
    search_fields = ("=reference", "=level__sku__code", "level__sku__product__title")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        mine = places.ids_of_staff(request.user)
        return found if mine is None else found.filter(level__place__in=mine)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "level__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description=_("goods"), header=True)
    def show_goods(self, row: Any) -> list[str]:
        sku = row.level.sku
        return [sku.product.title, f"{sku.spec_text} {sku.code}".strip(), ""]

    @display(description=_("place"))
    def show_place(self, row: Any) -> str:
        return str(row.level.place.name)


@admin.register(StockMovement)
class MovementAdmin(NamedActors, _OfPlacesAdmin):
    list_display = (
        *("created_at", "show_goods", "show_place", "show_reason", "delta_on_hand", "delta_reserved"),
        *("reference", "note", "who"),
    )
    list_filter = ("reason", ("level__place", RelatedDropdownFilter))

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return None if request.user.has_perm("catalog.see_cost") else ["cost"]

    @display(description=_("reason"), ordering="reason")
    def show_reason(self, movement: StockMovement) -> str:
        return movement.get_reason_display()


@admin.register(Reservation)
class ReservationAdmin(_OfPlacesAdmin):
    list_display = (
        *("created_at", "show_state", "reference", "show_goods", "show_place"),
        *("quantity", "consumed_count", "released_count"),
    )
    list_filter = ("status", ("level__place", RelatedDropdownFilter))

    @display(description=_("state"), ordering="status", label=RESERVATION_COLOURS)
    def show_state(self, reservation: Reservation) -> tuple[str, Any]:
        return reservation.status, ReservationStatus(reservation.status).label
