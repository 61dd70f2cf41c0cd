"""What the catalogue shows: every part with its states, as the lines a template would hold."""

# ruff: noqa: E501 - lines to copy stay whole
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Specimen:
    """`states` are (what it shows, template code). The code sees `values` and `soon`, an instant `ahead`."""

    name: str
    title: Words
    use: Words
    states: tuple[tuple[Words, str], ...]
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    ahead: timedelta = timedelta(hours=7, minutes=28)


class _Form(forms.Form):
    name = forms.CharField(label=_("Recipient"), help_text=_("The name on the parcel."))
    city = forms.ChoiceField(label=_("City"), choices=[("", _("Choose"))])


def _refused() -> _Form:
    form = _Form({"name": "", "city": ""})
    form.errors["name"] = form.error_class([str(_("Please write the name."))])
    return form


TABS = (
    {"href": "#", "label": _("All"), "count": 0, "is_current": True},
    {"href": "#", "label": _("To pay"), "count": 2, "is_current": False},
)
SPECIMENS: tuple[Specimen, ...] = (
    Specimen(
        "button",
        _("Button"),
        _("One main button a screen. At least 44 pixels high, also the small one."),
        (
            (_("main"), '{% button _("Buy now") kind="main" %}'),
            (_("soft"), '{% button _("Add to basket") kind="soft" %}'),
            (_("line"), '{% button _("Look around") kind="line" href="/" %}'),
            (
                _("plain, small, with a sign"),
                '{% button _("My coupons") sign="ticket" small=True href="/" %}',
            ),
            (_("can't be pressed"), '{% button _("Sold out") disabled=True %}'),
        ),
    ),
    Specimen(
        "price",
        _("Price"),
        _("Small sign, large yuan, small decimals; figures of equal width."),
        (
            (
                _("sizes"),
                '{% price amount size="s" %} {% price amount size="m" %} {% price amount size="l" %} {% price amount size="xl" %}',
            ),
            (_("with a unit"), '{% price amount size="l" unit=_("box") %}'),
            (_("plain, very large"), '{% price large size="l" plain=True %}'),
            (_("none"), "{% price None %}"),
        ),
        values={"amount": Decimal("15.80"), "large": Decimal("99999.99")},
    ),
    Specimen(
        "badge",
        _("Badge"),
        _("A few words on what is special; at most two on a card."),
        (
            (_("offer"), '{% badge _("¥10 off from ¥100") %}'),
            (_("fresh, done"), '{% badge _("Just in") tone="leaf" %}'),
            (_("running out"), '{% badge _("3 left") tone="amber" sign="clock" %}'),
            (_("information"), '{% badge _("Collect it") tone="sky" %}'),
            (_("quiet"), '{% badge _("Used") tone="plain" %}'),
        ),
    ),
    Specimen(
        "countdown",
        _("Countdown"),
        _("Runs by the shop's clock. Only for things that really end."),
        (
            (_("to an end"), "{% countdown soon %}"),
            (_("to a beginning"), '{% countdown soon words=_("begins in") reload=True %}'),
        ),
    ),
    Specimen(
        "card",
        _("Card"),
        _("The one surface. No boxes within boxes."),
        (
            (
                _("with a title"),
                '{% card title=_("My orders") more=_("All") href="/orders/" %}<p class="t14">…</p>{% endcard %}',
            ),
            (
                _("rows"),
                '{% card kind="flush" %}{% cell _("My addresses") "/addresses/" sign="pin" %}{% cell _("My points") "/me/points/" sign="star" more="1261" %}{% endcard %}',
            ),
        ),
    ),
    Specimen(
        "field",
        _("Field"),
        _("Label above, help below, what is wrong beside it, in words that say what to write."),
        (
            (_("with help"), '{% include "parts/field.html" with field=form.name %}'),
            (_("refused"), '{% include "parts/field.html" with field=wrong.name %}'),
            (_("a choice"), '{% include "parts/field.html" with field=form.city %}'),
        ),
        values={"form": _Form(), "wrong": _refused()},
    ),
    Specimen(
        "stepper",
        _("Stepper"),
        _("Quantities; can be typed too."),
        (
            (_("from one"), '{% stepper 2 id="one" label=_("Quantity") %}'),
            (_("in steps of six"), '{% stepper 12 id="six" least=6 by=6 label=_("Quantity") %}'),
        ),
    ),
    Specimen(
        "chips",
        _("Chips"),
        _("Choosing one of a few; what can't be had says why."),
        (
            (
                _("chosen, free, not to be had"),
                '<div class="chips"><label class="chip"><input type="radio" name="size" checked><span>500 g</span></label><label class="chip"><input type="radio" name="size"><span>1 kg</span></label><label class="chip chip--column"><input type="radio" name="size" disabled><span>2 kg</span><span class="chip__why">{% translate "Sold out" %}</span></label></div>',
            ),
        ),
    ),
    Specimen(
        "tabs",
        _("Tabs"),
        _("Parts of one list, with counts."),
        ((_("with a count"), '{% tabs items _("Orders") %}'),),
        values={"items": TABS},
    ),
    Specimen(
        "sheet",
        _("Sheet"),
        _("Rises from below, for a choice that belongs to the page. Works without JavaScript."),
        (
            (
                _("opened by a button"),
                '{% button _("Open") opens="example" small=True kind="line" %}{% sheet name="example" title=_("Coupons to claim") %}<p class="t14 mt2">…</p>{% endsheet %}',
            ),
        ),
    ),
    Specimen(
        "ticket",
        _("Ticket"),
        _("A coupon: worth and condition on the stub, scope and date beside it."),
        (
            (
                _("usable"),
                '{% ticket worth="¥20" condition=_("from ¥100") %}<b>{% translate "Fruit" %}</b><span class="t12 ink-2">2026-12-31</span>{% endticket %}',
            ),
            (
                _("used"),
                '{% ticket worth="¥20" condition=_("from ¥100") off=True stamp=_("Used") %}<b>{% translate "Fruit" %}</b><span class="t12 ink-2">2026-12-31</span>{% endticket %}',
            ),
        ),
    ),
    Specimen(
        "notice",
        _("Notice"),
        _("What happened, what was not lost, what to do."),
        (
            (
                _("information"),
                '{% include "parts/notice.html" with words=_("Prices have changed since you looked.") %}',
            ),
            (
                _("waiting"),
                '{% include "parts/notice.html" with words=_("The order closes in 12 minutes.") kind="amber" sign="clock" %}',
            ),
            (
                _("done"),
                '{% include "parts/notice.html" with words=_("It is in your basket.") kind="leaf" sign="done" %}',
            ),
            (
                _("went wrong"),
                '{% include "parts/notice.html" with words=_("Nothing was charged. Please try again.") kind="danger" sign="warn" %}',
            ),
        ),
    ),
    Specimen(
        "toast",
        _("Toast"),
        _("Says what happened and goes away; with undo where that is possible."),
        (
            (
                _("staying"),
                '<div class="toast toast--stay">{% translate "It is in your basket." %}<button type="button">{% translate "Undo" %}</button></div>',
            ),
        ),
    ),
    Specimen(
        "empty",
        _("Empty state"),
        _("One sentence why, one useful thing to do."),
        (
            (
                _("with an action"),
                '{% include "parts/empty.html" with headline=_("Your basket is empty") words=_("What you put in stays here, also when you sign in later.") action=_("Look around") href="/" picture="basket" %}',
            ),
        ),
    ),
    Specimen(
        "skeleton",
        _("Skeleton"),
        _("The shape of what comes, so that nothing jumps."),
        tuple((shape, f'{{% skeleton "{shape}" %}}') for shape in ("goods", "lines", "text")),
    ),
    Specimen(
        "tabbar",
        _("Tab bar"),
        _("The four rooms of the shop; gives way to an action bar where something is being bought."),
        ((_("on Me"), '<div class="specimen__bar">{% include "parts/tabbar.html" with tab="me" %}</div>'),),
    ),
)
