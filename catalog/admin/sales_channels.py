"""Sales channels: what they may sell, what they believe, and how far behind they are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from catalog.admin.base import GoodsAdmin, NeverDeleted
from catalog.models import ChannelPush, ChannelSale, Place, SalesChannel
from catalog.selectors import sales_channels as selector
from catalog.services import sales_channels, stock_pushes
from shop.core import charts, clock
from shop.core.admin import ReadOnlyAdmin, actor, service_action

SHOWN = 100
DRAWN = 60
FIELDS = (*("name", "code", "kind", "is_active", "place", "mode", "share_percent", "buffer", "endpoint"),)


class CodesForm(forms.Form):
    codes = forms.CharField(
        label=_("Codes"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One SKU code a line.")
    )


class AsideForm(forms.Form):
    """Goods the channel offers, a place, and how many pieces are its alone."""

    sku = forms.ChoiceField(label=_("SKU"))
    place = forms.ModelChoiceField(Place.objects.none(), label=_("place"))
    quantity = forms.IntegerField(
        label=_("pieces set aside"),
        min_value=0,
        max_value=sales_channels.MOST,
        help_text=_("0 gives them back."),
    )

    def __init__(self, *args: Any, instance: SalesChannel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = instance.stock.select_related("sku__product").order_by("sku__code")[:1000]
        sku: Any = self.fields["sku"]
        sku.choices = [(row.sku_id, f"{row.sku.code} · {row.sku.product.title}") for row in rows]
        place: Any = self.fields["place"]
        active = Place.objects.filter(is_active=True)
        place.queryset = active.filter(pk=instance.place_id) if instance.place_id else active


@admin.register(SalesChannel)
class SalesChannelAdmin(NeverDeleted, GoodsAdmin):
    list_display = ("name", "show_state", "kind", "mode", "show_waiting", "show_lag", "show_error")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "is_active")}),
        (_("What it may sell"), {"fields": ("place", "mode", ("share_percent", "buffer"))}),
        (_("Where it is told"), {"fields": ("endpoint",)}),
    )
    actions_detail = ("offer", "set_aside", "tell_now", "renew_secret")
    change_form_outer_after_template = "admin/catalog/sales_channel.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SalesChannel]:
        return selector.with_lag(super().get_queryset(request).select_related("place"), clock.page_now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        channel = context.get("original")
        if channel:
            context |= _standing(channel)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        given.pop("place", None)
        saved = sales_channels.save(
            channel=obj if change else None,
            actor=actor(request),
            place_id=obj.place_id,
            **given,
        )
        obj.pk = saved.pk
        if not change:
            messages.info(request, _now("Its secret, shown this once: {secret}").format(secret=saved.secret))

    @service_action(
        _("Offer goods"), permission="catalog.change_saleschannel", form=CodesForm, icon="add_shopping_cart"
    )
    def offer(self, request: HttpRequest, channel: SalesChannel, data: dict[str, Any]) -> str:
        count = sales_channels.offer(channel=channel, codes=data["codes"].splitlines(), actor=actor(request))
        return ngettext("%(count)d SKU more.", "%(count)d SKUs more.", count) % {"count": count}

    @service_action(
        _("Set goods aside"),
        permission="catalog.adjust_stock",
        form=AsideForm,
        icon="inventory",
        when=lambda channel: channel.stock.exists(),
        confirm=_("These pieces are the channel's alone: nobody can buy them here until you give them back."),
    )
    def set_aside(self, request: HttpRequest, channel: SalesChannel, data: dict[str, Any]) -> None:
        sales_channels.set_aside(
            channel=channel,
            sku_id=int(data["sku"]),
            place_id=data["place"].pk,
            quantity=data["quantity"],
            actor=actor(request),
        )

    @service_action(
        _("Tell it everything"),
        permission="catalog.change_saleschannel",
        icon="sync",
        when=lambda channel: bool(channel.endpoint and channel.is_active),
        confirm=_("Every number is sent anew."),
        outside=True,
    )
    def tell_now(self, request: HttpRequest, channel: SalesChannel, data: dict[str, Any]) -> str:
        sales_channels.tell_all(channel=channel)
        count = stock_pushes.push(channel_id=channel.pk)
        channel.refresh_from_db()
        if channel.error:
            return _now("It did not work: {error}").format(error=channel.error)
        return ngettext("%(count)d message sent.", "%(count)d messages sent.", count) % {"count": count}

    @service_action(
        _("New secret"),
        permission="catalog.change_saleschannel",
        icon="key",
        danger=True,
        confirm=_("The old secret stops working at once; the channel has to be given the new one."),
    )
    def renew_secret(self, request: HttpRequest, channel: SalesChannel, data: dict[str, Any]) -> str:
        secret = sales_channels.renew_secret(channel=channel, actor=actor(request))
        return _now("Its secret, shown this once: {secret}").format(secret=secret)

    @display(
        description=_("state"), label={"off": None, "behind": "danger", "well": "success", "asks": "info"}
    )
    def show_state(self, channel: SalesChannel) -> tuple[str, str]:
        if not channel.is_active:
            return "off", _now("Switched off")
        if channel.failed_count:
            return "behind", _now("Can't be reached")
        return ("well", _now("Up to date")) if channel.endpoint else ("asks", _now("Asks us"))

    @display(description=_("SKUs waiting"))
    def show_waiting(self, channel: Any) -> int:
        return int(channel.waiting_count)

    @display(description=_("lag, 95 of 100 (last hour)"))
    def show_lag(self, channel: Any) -> str:
        return _milliseconds(channel.p95_ms)

    @display(description=_("last error"))
    def show_error(self, channel: SalesChannel) -> str:
        return channel.error or "—"


@admin.register(ChannelPush)
class ChannelPushAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "show_outcome", "channel", "sku_count", "show_lag", "error")
    list_filter = ("channel", "is_done")
    list_select_related = ("channel",)

    @display(description=_("outcome"), label={"done": "success", "failed": "danger"})
    def show_outcome(self, push: ChannelPush) -> tuple[str, str]:
        return ("done", _now("Accepted")) if push.is_done else ("failed", _now("Failed"))

    @display(description=_("lag"), ordering="lag_ms")
    def show_lag(self, push: ChannelPush) -> str:
        return _milliseconds(push.lag_ms)


@admin.register(ChannelSale)
class ChannelSaleAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "channel", "number", "show_lines")
    list_filter = ("channel",)
    list_select_related = ("channel",)
    search_fields = ("=number",)

    @display(description=_("goods"))
    def show_lines(self, sale: ChannelSale) -> str:
        return "、".join(f"{code} × {quantity}" for code, quantity in sale.lines)


def _milliseconds(value: float | None) -> str:
    if value is None:
        return "—"
    return (
        _now("{n} ms").format(n=round(value))
        if value < 1000
        else _now("{n} s").format(n=round(value / 1000, 1))
    )


def _standing(channel: Any) -> dict[str, Any]:
    """The goods it offers with what it believes, and its latest messages as a line."""
    rows = list(channel.stock.select_related("sku__product").order_by("sku__code")[: SHOWN + 1])
    ids = [row.sku_id for row in rows]
    true, aside = selector.tellable(channel, ids), selector.set_aside(channel, ids)
    pushes = list(channel.pushes.filter(is_done=True).order_by("-id")[:DRAWN])[::-1]
    return {
        "offered": [
            {"row": row, "true": true[row.sku_id], "aside": aside.get(row.sku_id, 0)} for row in rows[:SHOWN]
        ],
        "has_more": len(rows) > SHOWN,
        "waiting": channel.waiting_count,
        "lag": _milliseconds(channel.p95_ms),
        "chart": charts.line(
            _now("Lag of the latest messages"),
            [date_format(localtime(push.created_at), "H:i:s") for push in pushes],
            [charts.Series(_now("lag (ms)"), [push.lag_ms for push in pushes])],
            definition=_("From the change of stock to the answer of the channel."),
            head=_now("time"),
        ),
    }
