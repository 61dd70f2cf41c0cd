"""Losses: the list of them, and how much of what was handed out they are."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display

from catalog.models import Loss
from catalog.selectors import losses, places
from catalog.terms import LossReason
from shop.core import charts, clock, money
from shop.core.admin import NamedActors, ReadOnlyAdmin

SPANS = (7, 30, 90)
SEEING_COST = "catalog.see_cost"


@admin.register(Loss)
class LossAdmin(NamedActors, ReadOnlyAdmin):
    list_display = (
        *("created_at", "show_goods", "show_place", "quantity", "show_cost"),
        *("show_reason", "batch", "note", "who"),
    )
    list_filter = (
        ("reason", ChoicesDropdownFilter),
        ("level__place", RelatedDropdownFilter),
        ("created_at", RangeDateFilter),
    )
    list_select_related = ("level__sku__product", "level__place")
    search_fields = ("=level__sku__code", "level__sku__product__title", "=batch")
    ordering = ("-id",)
    fields = (
        ("created_at", "reason"),
        ("show_goods", "show_place"),
        ("quantity", "show_cost"),
        ("batch", "note"),
    )
    readonly_fields = ("show_goods", "show_place", "show_cost")

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.user.has_perm(SEEING_COST):
            return self.list_display
        return tuple(name for name in self.list_display if name != "show_cost")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if request.user.has_perm(SEEING_COST):
            return self.fields
        return tuple("quantity" if "show_cost" in row else row for row in self.fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Loss]:
        found = super().get_queryset(request)
        mine = places.ids_of_staff(request.user)
        return found if mine is None else found.filter(level__place__in=mine)

    def get_urls(self) -> list[Any]:
        page = path("rate/", self.admin_site.admin_view(self.rate), name="catalog_loss_rate")
        return [page, *super().get_urls()]

    def rate(self, request: HttpRequest) -> HttpResponse:
        """`?days=7|30|90`; anything else shows thirty."""
        if not request.user.has_perm("catalog.view_loss"):
            raise PermissionDenied
        count = next((span for span in SPANS if request.GET.get("days") == str(span)), 30)
        last = clock.business_day(clock.page_now())
        sees_cost = request.user.has_perm(SEEING_COST)
        context = {
            **self.admin_site.each_context(request),
            "tabs_of": self.model._meta,
            "title": _now("Loss rate"),
            "spans": [(span, span == count) for span in SPANS],
            "sees_cost": sees_cost,
            **_rate(last - timedelta(days=count - 1), last, places.ids_of_staff(request.user), sees_cost),
        }
        return TemplateResponse(request, "admin/catalog/loss_rate.html", context)

    @display(description=_("goods"))
    def show_goods(self, loss: Loss) -> str:
        sku = loss.level.sku
        return f"{sku.product.title} {sku.spec_text} {sku.code}"

    @display(description=_("place"))
    def show_place(self, loss: Loss) -> str:
        return loss.level.place.name

    @display(description=_("cost"))
    def show_cost(self, loss: Loss) -> str:
        return "—" if loss.unit_cost is None else money.show(loss.unit_cost * loss.quantity)

    @display(description=_("reason"), ordering="reason")
    def show_reason(self, loss: Loss) -> str:
        return loss.get_reason_display()


def _rate(first: Any, last: Any, seen: Any, sees_cost: bool) -> dict[str, Any]:
    """What templates/admin/catalog/loss_rate.html shows of these days."""
    count = (last - first).days + 1
    earlier = first - timedelta(days=count), first - timedelta(days=1)
    lost, before = losses.total(first, last, seen), losses.total(*earlier, seen)
    by_day = losses.by_day(first, last, seen)
    days = [first + timedelta(days=number) for number in range(count)]
    reasons = losses.by_reason(first, last, seen)
    labels = dict(LossReason.choices)
    return {
        "first": first,
        "last": last,
        "lost": lost,
        "before": before,
        "share": _percent(lost.share_of(losses.handed_out(first, last, seen))),
        "share_before": _percent(before.share_of(losses.handed_out(*earlier, seen))),
        "daily": _daily(days, by_day, sees_cost),
        "tables": [
            (title, _bars(rows, sees_cost))
            for title, rows in (
                (_now("By reason"), [(str(labels.get(k, k)), part) for k, part in reasons.items()]),
                (_now("By place"), list(losses.by_place(first, last, seen).items())),
                (
                    _now("What is lost most"),
                    [(title, part) for _pk, title, part in losses.by_product(first, last, seen)],
                ),
            )
        ],
    }


def _daily(days: list[date], by_day: dict[date, losses.Part], sees_cost: bool) -> charts.Drawing:
    """Yuan by day, pieces for who may not see costs."""
    parts = [by_day.get(day, losses.Part()) for day in days]
    series = (
        charts.Series(_now("lost, yuan"), [part.cost for part in parts])
        if sees_cost
        else charts.Series(pgettext("lost", "pieces"), [part.pieces for part in parts])
    )
    return charts.bars(
        _now("Losses by day"),
        [f"{day:%m-%d}" for day in days],
        [series],
        definition=_now("What was written off that day, at the cost of the goods.") if sees_cost else "",
        head=_now("Day"),
    )


def _bars(rows: list[tuple[str, losses.Part]], sees_cost: bool) -> list[tuple[str, int, Decimal, int]]:
    """Name, pieces, cost, and the share of the longest bar in per cent."""
    sizes = [part.cost if sees_cost else Decimal(part.pieces) for _, part in rows]
    longest = max(sizes, default=Decimal(1)) or Decimal(1)
    return [
        (name, part.pieces, part.cost, round(size * 100 / longest))
        for (name, part), size in zip(rows, sizes, strict=True)
    ]


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * 100).quantize(Decimal("0.01"))
