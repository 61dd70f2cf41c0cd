"""Competitors: who they are, which goods compare, what was seen, by hand, from a file or from their pages."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.admin.base import GoodsAdmin
from catalog.models import Competitor, CompetitorGoods, PriceObservation
from catalog.policies.prices import OBSERVATION_DAYS
from catalog.selectors import competitors as market
from catalog.services import competitor_fetching, competitors, observation_import
from catalog.terms.prices import ObservationSource
from shop.core import clock, money
from shop.core.admin import NamedActors, ReadOnlyAdmin, actor, dress, service_action
from shop.core.errors import Refusal

MAY_SEE = "catalog.add_priceobservation"


class SeenForm(forms.Form):
    price = forms.DecimalField(label=_("Price (yuan)"), max_digits=9, decimal_places=2, min_value=0)
    promotion_text = forms.CharField(label=_("Promotion"), max_length=120, required=False)
    rating = forms.DecimalField(
        label=_("Rating"), max_digits=2, decimal_places=1, min_value=0, max_value=5, required=False
    )
    review_count = forms.IntegerField(label=_("Reviews"), min_value=0, max_value=100_000_000, required=False)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV (UTF-8 or GBK), at most 5 MB and 2,000 rows."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


@admin.register(Competitor)
class CompetitorAdmin(GoodsAdmin):
    list_display = ("name", "show_state", "goods_count", "show_fetched", "show_last")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "is_active")}),
        (_("Their pages"), {"fields": ("is_fetched", "price_selector", "promotion_selector")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Competitor]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                goods_number=Count("goods", distinct=True), last=Max("goods__observations__observed_at")
            )
        )

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        hosts = ", ".join(settings.COMPETITOR_HOSTS) or _now("none")
        told = _now("Hosts this server may read: {hosts}.").format(hosts=hosts)
        return super().get_form(request, obj, **kwargs | {"help_texts": {"is_fetched": told}})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        competitors.save(competitor=obj, actor=actor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("state"), label={"on": "success", "off": "danger"})
    def show_state(self, shop: Competitor) -> tuple[str, str]:
        return ("on", _now("Compared")) if shop.is_active else ("off", _now("Left out"))

    @display(description=_("goods"))
    def goods_count(self, shop: Any) -> int:
        return int(shop.goods_number)

    @display(description=_("pages are fetched"), boolean=True)
    def show_fetched(self, shop: Competitor) -> bool:
        return shop.is_fetched

    @display(description=_("last seen"))
    def show_last(self, shop: Any) -> Any:
        return shop.last


class ObservationInline(TabularInline):
    model = PriceObservation
    fields = readonly_fields = (
        *("observed_at", "price", "promotion_text", "rating", "review_count", "source"),
    )
    extra = 0
    max_num = 0
    can_delete = False
    tab = True
    hide_title = True
    per_page = 20

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CompetitorGoods)
class CompetitorGoodsAdmin(GoodsAdmin):
    list_display = ("show_goods", "show_age", "competitor", "show_theirs", "show_ours", "show_error")
    list_filter = ("competitor", "is_active")
    search_fields = ("=sku__code", "sku__product__title", "name")
    search_help_text = _("Code of a SKU or part of the title")
    autocomplete_fields = ("sku", "competitor")
    fields = ("competitor", "sku", "name", "url", "is_active")
    inlines = (ObservationInline,)
    actions_detail = ("note_price", "read_page")
    change_list_template = "admin/catalog/competitor_goods_list.html"

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        return [
            path("import/", door(self.bring_in), name="catalog_competitorgoods_import"),
            path("import/template.csv", door(self.template), name="catalog_competitorgoods_template"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CompetitorGoods]:
        return market.goods()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["competitor", "sku"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = competitors.pair(
            competitor_id=obj.competitor_id,
            sku_id=obj.sku_id,
            actor=actor(request),
            url=obj.url,
            name=obj.name,
            is_active=obj.is_active,
        ).pk

    @service_action(_("Note a price"), permission=MAY_SEE, form=SeenForm, icon="visibility")
    def note_price(self, request: HttpRequest, goods: CompetitorGoods, data: dict[str, Any]) -> str:
        competitors.observe(goods_id=goods.pk, actor=actor(request), source=ObservationSource.HAND, **data)
        return _now("The price is noted.")

    @service_action(
        _("Read their page now"),
        permission=MAY_SEE,
        icon="travel_explore",
        when=lambda goods: bool(goods.url and settings.COMPETITOR_HOSTS),
        confirm=_("Their robots.txt is asked first; only hosts allowed on this server are read."),
        outside=True,
    )
    def read_page(self, request: HttpRequest, goods: CompetitorGoods, data: dict[str, Any]) -> str:
        seen = competitor_fetching.fetch(goods_id=goods.pk, actor=actor(request))
        return _now("It costs {price} there.").format(price=money.show(seen.price))

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        problems: tuple[observation_import.Problem, ...] = ()
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                report = observation_import.load(content=file.read(), name=file.name, actor=actor(request))
            except Refusal as refusal:
                form.add_error("file", refusal.message_text)
            else:
                if not report.problems:
                    messages.success(request, _now("Prices kept: {n}.").format(n=report.kept_count))
                    return HttpResponseRedirect(reverse("admin:catalog_competitorgoods_changelist"))
                problems = report.problems
        heads = {name: words[0] for name, words in observation_import.COLUMNS}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Competitors' prices from a file"),
            "tabs_of": self.model._meta,
            "form": dress(form),
            "heads": [
                (words[0], words[-1], name in observation_import.NEEDED)
                for name, words in observation_import.COLUMNS
            ],
            "problems": [(one.row, heads[one.column], one.words) for one in problems[:200]],
            "back": reverse("admin:catalog_competitorgoods_changelist"),
        }
        return TemplateResponse(request, "admin/catalog/observation_import.html", context)

    def template(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        return HttpResponse(
            observation_import.template(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="competitors.csv"'},
        )

    @display(description=_("our goods"), ordering="sku__product__title")
    def show_goods(self, goods: CompetitorGoods) -> str:
        return f"{goods.sku.product.title} {goods.sku.spec_text}".strip()

    @display(
        description=_("state"), label={"fresh": "success", "stale": "warning", "never": None, "off": "danger"}
    )
    def show_age(self, goods: Any) -> tuple[str, str]:
        if not goods.is_active:
            return "off", _now("Left out")
        if goods.last_seen is None:
            return "never", _now("Not seen yet")
        is_stale = goods.last_seen < clock.page_now() - timedelta(days=OBSERVATION_DAYS.get())
        return ("stale", _now("Stale")) if is_stale else ("fresh", _now("Fresh"))

    @display(description=_("their price"), ordering="last_price")
    def show_theirs(self, goods: Any) -> str:
        return "—" if goods.last_price is None else money.show(goods.last_price)

    @display(description=_("our price"), ordering="sku__list_price")
    def show_ours(self, goods: CompetitorGoods) -> str:
        return money.show(goods.sku.list_price)

    @display(description=_("last error"))
    def show_error(self, goods: CompetitorGoods) -> str:
        return goods.error or "—"


@admin.register(PriceObservation)
class ObservationAdmin(NamedActors, ReadOnlyAdmin):
    list_display = (
        "observed_at",
        "show_goods",
        "show_shop",
        "price",
        "promotion_text",
        "rating",
        "source",
        "who",
    )
    list_filter = ("source", "goods__competitor")
    list_select_related = ("goods__competitor", "goods__sku__product")
    search_fields = ("=goods__sku__code", "goods__sku__product__title")

    @display(description=_("goods"))
    def show_goods(self, seen: PriceObservation) -> str:
        return f"{seen.goods.sku.product.title} {seen.goods.sku.spec_text}".strip()

    @display(description=_("competitor"), ordering="goods__competitor__name")
    def show_shop(self, seen: PriceObservation) -> str:
        return seen.goods.competitor.name
