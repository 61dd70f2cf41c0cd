"""Goods nobody buys: why that may be, and the three answers."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSingleDateWidget

from catalog.admin.shelf_base import AboutProduct, OpenFilter, buttons
from catalog.models import IdleWarning
from catalog.policies.shelf import IDLE_DAYS
from catalog.selectors import idle as selector
from catalog.services import idle
from catalog.terms.shelf import IdleAnswer, IdleCause
from shop.core import clock
from shop.core.admin import actor, names, service_action

CAUSE_COLOURS = {
    IdleCause.OUT_OF_STOCK.value: "danger",
    IdleCause.HIDDEN.value: "danger",
    IdleCause.POOR_PICTURES.value: "warning",
    IdleCause.UNSEEN.value: "warning",
    IdleCause.TOO_DEAR.value: "warning",
    IdleCause.NOT_WANTED.value: "info",
    IdleCause.UNKNOWN.value: None,
}
ADVICE = {
    IdleCause.OUT_OF_STOCK: _("Take goods in, or take it off the shelf."),
    IdleCause.HIDDEN: _("Show its category again."),
    IdleCause.POOR_PICTURES: _("Add pictures of at least 800 pixels: light, close, more than one side."),
    IdleCause.UNSEEN: _("Put it on the home page or into a promotion; a better title helps search."),
    IdleCause.TOO_DEAR: _("Look at what its neighbours cost, or say what makes it worth more."),
    IdleCause.NOT_WANTED: _("People look and leave. Sell off what is there."),
    IdleCause.UNKNOWN: _("Page views have not been counted long enough to say."),
}
MONTH = 30


class ClearForm(forms.Form):
    percent_off = forms.IntegerField(
        label=_("Lower the price by (%)"),
        min_value=1,
        max_value=90,
        initial=20,
        help_text=_("Never below the floor price of a SKU."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, initial=_("Sell off: no sale for a while"))


class IgnoreForm(forms.Form):
    until = forms.DateField(label=_("No warning until"), widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.business_day(clock.page_now())
        self.fields["until"].initial = today + timedelta(days=MONTH)


def _is_open(warning: IdleWarning) -> bool:
    return not warning.answer


@admin.register(IdleWarning)
class IdleWarningAdmin(AboutProduct):
    list_display = ("show_product", "show_cause", "show_facts", "show_answer", "show_result", "raised_at")
    list_filter = (OpenFilter, "cause", "answer")
    ordering = ("answer", "-id")
    actions_detail = ("clear_idle", "retire_idle", "ignore_idle")
    fieldsets = (
        (None, {"fields": (("say_product", "raised_at"), "say_cause", "say_facts", "say_answer")}),
        (_("What came of it"), {"fields": (("say_who", "say_result"),)}),
    )
    readonly_fields = (
        "say_product",
        "say_cause",
        "say_facts",
        "say_answer",
        "say_who",
        "say_result",
        "raised_at",
    )

    @display(description=_("likely cause"), ordering="cause", label=CAUSE_COLOURS)
    def show_cause(self, row: IdleWarning) -> tuple[str, str]:
        return row.cause, row.get_cause_display()

    @display(description=_("what is known"))
    def show_facts(self, row: IdleWarning) -> str:
        return " · ".join(value for _name, value in facts_in_words(row.facts)[:3])

    @display(description=_("answer"), ordering="answer", label={"open": "warning", "done": "success"})
    def show_answer(self, row: IdleWarning) -> tuple[str, Any]:
        return ("done", _answer(row)) if row.answer else ("open", _("waits for you"))

    @display(description=_("sold since"))
    def show_result(self, row: IdleWarning) -> str:
        return str(selector.sold_after(row)) if row.answer == IdleAnswer.CLEAR else "—"

    @display(description=_("likely cause"))
    def say_cause(self, row: IdleWarning) -> SafeString:
        return format_html("<b>{}</b><br>{}", row.get_cause_display(), ADVICE[IdleCause(row.cause)])

    @display(description=_("what is known"))
    def say_facts(self, row: IdleWarning) -> SafeString:
        rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", facts_in_words(row.facts))
        return format_html('<dl class="sh-facts">{}</dl>', rows)

    @display(description=_("answer"))
    def say_answer(self, row: IdleWarning) -> Any:
        if row.answer:
            return _answer(row)
        return buttons(
            ("catalog_idlewarning_clear_idle", _("Sell off")),
            ("catalog_idlewarning_retire_idle", _("Take off the shelf")),
            ("catalog_idlewarning_ignore_idle", _("Leave it until …")),
            pk=row.pk,
        )

    @display(description=_("by"))
    def say_who(self, row: IdleWarning) -> str:
        return names([row.answered_by]).get(row.answered_by, "—")

    @display(description=_("what came of it"))
    def say_result(self, row: IdleWarning) -> str:
        if not row.answered_at:
            return "—"
        sold = selector.sold_after(row)
        return ngettext("%(count)d piece sold since", "%(count)d pieces sold since", sold) % {"count": sold}

    @service_action(
        _("Sell off"),
        permission="catalog.set_price",
        form=ClearForm,
        confirm=_("The new prices hold at once and are kept in the history."),
        when=_is_open,
        icon="sell",
    )
    def clear_idle(self, request: HttpRequest, warning: IdleWarning, data: dict[str, Any]) -> str:
        skus = idle.clear(
            warning=warning, percent_off=data["percent_off"], reason=data["reason"], actor=actor(request)
        )
        done = ngettext("%(count)d price is lower now.", "%(count)d prices are lower now.", len(skus))
        return done % {"count": len(skus)}

    @service_action(
        _("Take off the shelf"),
        permission="catalog.shelve_product",
        confirm=_("It can no longer be bought; orders that exist are not touched."),
        when=_is_open,
        icon="visibility_off",
        danger=True,
    )
    def retire_idle(self, request: HttpRequest, warning: IdleWarning, data: dict[str, Any]) -> str:
        idle.retire(warning=warning, actor=actor(request))
        return _now("It is off the shelf.")

    @service_action(
        _("Leave it until …"),
        permission="catalog.change_idlewarning",
        form=IgnoreForm,
        confirm=_("A seasonal product, or a new one that needs time: nobody is warned before this day."),
        when=_is_open,
        icon="snooze",
    )
    def ignore_idle(self, request: HttpRequest, warning: IdleWarning, data: dict[str, Any]) -> str:
        idle.ignore(warning=warning, until=data["until"], actor=actor(request))
        return _now("No warning until then.")


def facts_in_words(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs of name and value; what nobody counted is left out."""
    views, price, middle = facts.get("views"), facts.get("price"), facts.get("middle_price")
    said = [(_now("In stock"), _count(facts.get("free", 0), _now("{count} in stock")))]
    if views is not None:
        words = _now("{count} views in {days} days").replace("{days}", str(IDLE_DAYS.get()))
        said.append((_now("Page views"), _count(views, words)))
    if price:
        said.append((_now("Price"), f"¥{price}"))
    if price and middle:
        share = (Decimal(price) / Decimal(middle) - 1) * 100
        words = _now("¥{price} in the middle of its category ({share}%)")
        said.append((_now("Neighbours"), words.format(price=middle, share=f"{share:+.0f}")))
    words = _now("{count} pictures, the largest {side} px")
    pictures = words.format(count=facts.get("pictures", 0), side=facts.get("side", 0))
    said.append((_now("Pictures"), pictures))
    said.append((_now("Last sold"), facts.get("last_sold_on") or _now("never")))
    return said


def _count(count: int, words: str) -> str:
    return words.replace("{count}", str(count))


def _answer(row: IdleWarning) -> str:
    if row.answer == IdleAnswer.CLEAR:
        return f"{row.get_answer_display()} −{row.detail.get('percent', '')}%"
    if row.answer == IdleAnswer.IGNORE:
        return f"{row.get_answer_display()} → {row.ignore_until}"
    return row.get_answer_display()
