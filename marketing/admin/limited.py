from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from catalog.models import Category
from marketing import terms, wording
from marketing.admin.examples import Rows
from marketing.admin.forms import CheckedFormSet, OfferForm
from marketing.admin.offers import WINDOW, OfferAdmin
from marketing.models import LimitedDiscount, LimitedPrice
from marketing.pricing import facts
from marketing.selectors import examples, limited_checks
from marketing.selectors.costs import BelowCost
from marketing.selectors.examples import Example
from marketing.services import checks, limited_prices
from shop.core import clock
from shop.core.admin import actor, service_action
from shop.core.money import ZERO

ROWS_AT_MOST = 500
SHOWN = 3


class LimitedForm(OfferForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "ends_at" in self.fields:
            self.fields["ends_at"].help_text = _("Shoppers see the time that is left.")

    def check(self, data: dict[str, Any]) -> None:
        checks.limited_window(data["starts_at"], data["ends_at"])


class LimitedPrices(CheckedFormSet):
    def check(self, rows: list[dict[str, Any]]) -> None:
        known = LimitedPrice.objects.filter(discount=self.instance.pk).values_list("sku", "taken_count")
        taken = dict(known) if self.instance.pk else {}
        for form in self.initial_forms:  # type: ignore[attr-defined]
            sku, is_dropped = form.cleaned_data["sku"], self._should_delete_form(form)  # type: ignore[attr-defined]
            count = taken.get(form.initial["sku"], 0)
            checks.limited_stays(
                str(sku), taken=count, stays=not is_dropped and sku.pk == form.initial["sku"]
            )
        checks.limited_prices(
            [
                (
                    str(row["sku"]),
                    row["sku"].list_price,
                    row["price"],
                    row["quota"],
                    taken.get(row["sku"].pk, 0),
                )
                for row in rows
            ]
        )


class LimitedPriceInline(TabularInline):
    model = LimitedPrice
    formset = LimitedPrices
    fields = ("sku", "show_title", "show_list_price", "price", "quota", "taken_count")
    readonly_fields = ("show_title", "show_list_price", "taken_count")
    autocomplete_fields = ("sku",)
    extra = 1
    max_num = ROWS_AT_MOST
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("sku__product")

    @display(description=_("goods"))
    def show_title(self, price: LimitedPrice) -> str:
        return price.sku.product.title if price.sku_id else "—"

    @display(description=_("list price"))
    def show_list_price(self, price: LimitedPrice) -> str:
        return wording.yuan(price.sku.list_price) if price.sku_id else "—"


class GoodsForm(forms.Form):
    category = forms.ModelChoiceField(
        Category.objects.all(),
        label=_("All goods of a category"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    codes = forms.CharField(
        label=_("SKU codes"),
        help_text=_("One a line; instead of a category or beside it."),
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )
    rate = forms.DecimalField(
        label=_("price factor"),
        help_text=_("0.9 means 90% of the list price, rounded to the fen."),
        max_digits=4,
        decimal_places=3,
    )
    quota = forms.IntegerField(
        label=_("pieces at this price"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget
    )


@admin.register(LimitedDiscount)
class LimitedDiscountAdmin(OfferAdmin):
    form = LimitedForm
    inlines = (LimitedPriceInline,)
    steps_name = "prices__sku__product"
    fieldsets = ((None, {"fields": ("name", "per_member", "is_stackable")}), WINDOW)
    list_display = ("name", "show_state", "show_steps", "show_taken", "starts_at", "ends_at")
    actions_detail = ("add_goods",)

    @display(description=_("goods"))
    def show_steps(self, offer: LimitedDiscount) -> str:
        prices = list(offer.prices.all())
        named = gettext("; ").join(
            f"{price.sku.product.title} {wording.yuan(price.price)}" for price in prices[:SHOWN]
        )
        return (
            named
            if len(prices) <= SHOWN
            else gettext("{names} and {count} more").format(names=named, count=len(prices) - SHOWN)
        )

    @display(description=_("taken"))
    def show_taken(self, offer: LimitedDiscount) -> str:
        prices = list(offer.prices.all())
        taken = sum(price.taken_count for price in prices)
        if not prices or any(price.quota is None for price in prices):
            return str(taken)
        return f"{taken} / {sum(price.quota or 0 for price in prices)}"

    def examples(self, rule: LimitedDiscount, rows: Rows) -> Sequence[Example]:
        prices = [
            (
                facts.LimitedPrice(
                    "limited:0", rule.name or "…", row["sku"].pk, row["price"], is_stackable=rule.is_stackable
                ),
                row["sku"].list_price,
            )
            for row in rows["prices"]
        ]
        return examples.of_limited(prices[:SHOWN])

    def stored_rows(self, rule: LimitedDiscount) -> Rows:
        prices = rule.prices.select_related("sku")[:SHOWN]
        return {"prices": [{"sku": price.sku, "price": price.price} for price in prices]}

    def below_cost(self, offer: LimitedDiscount) -> BelowCost:
        low = [
            (
                f"{price.sku.product.title} {price.sku.spec_text}".strip(),
                price.price,
                price.sku.cost_price or ZERO,
            )
            for price in offer.prices.all()
            if price.sku.cost_price is not None and price.price < price.sku.cost_price
        ]
        return BelowCost(len(low), tuple(low[:SHOWN]))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._say_what_to_know(request, form.instance)

    def _say_what_to_know(self, request: HttpRequest, discount: LimitedDiscount) -> None:
        """What is allowed but should be known: other discounts on the goods, prices not struck through."""
        for overlap in limited_checks.overlaps(discount)[:SHOWN]:
            messages.warning(
                request,
                gettext("{sku} is in “{other}” too at {price} ({days}). The lower price counts.").format(
                    sku=overlap.sku,
                    other=overlap.other,
                    price=wording.yuan(overlap.price),
                    days=f"{_day(overlap.starts_at)} – {_day(overlap.ends_at)}",
                ),
            )
        found = limited_checks.bases(discount)
        for basis in found.not_lower[:SHOWN]:
            messages.warning(
                request,
                gettext(
                    "{sku} was sold at {before} in the seven days before. {price} is not lower, so no former "
                    "price is struck through; the law asks for that."
                ).format(sku=basis.sku, before=wording.yuan(basis.before), price=wording.yuan(basis.price)),
            )
        if found.unsold_count:
            messages.info(
                request,
                ngettext(
                    "{count} SKU was not sold in the seven days before: its list price is said, not struck "
                    "through.",
                    "{count} SKUs were not sold in the seven days before: their list prices are said, not "
                    "struck through.",
                    found.unsold_count,
                ).format(count=found.unsold_count),
            )

    @service_action(
        _("Add goods"),
        permission="marketing.change_limiteddiscount",
        form=GoodsForm,
        confirm=_("Prices that are there already stay as they are."),
        icon="playlist_add",
    )
    def add_goods(self, request: HttpRequest, obj: LimitedDiscount, data: dict[str, Any]) -> str:
        count = limited_prices.add_goods(
            discount_id=obj.pk,
            category_id=data["category"].pk if data["category"] else None,
            codes=data["codes"].split(),
            rate=data["rate"],
            quota=data["quota"],
            actor=actor(request),
        )
        return ngettext("{count} SKU was added.", "{count} SKUs were added.", count).format(count=count)

    def _steps(self, offer: Model) -> dict[str, Any]:
        rows = offer.prices.all()  # type: ignore[attr-defined]
        return {f"sku {price.sku_id}": f"{price.price} × {price.quota or terms.NO_BOUND}" for price in rows}


def _day(moment: Any) -> str:
    return date_format(moment.astimezone(clock.SHANGHAI), "n-j H:i")
