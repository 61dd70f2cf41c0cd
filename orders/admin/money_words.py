"""How the pages about money show amounts, links, steps and small tables."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

from orders.selectors import actors
from shop.core import money


def amount(value: Decimal) -> SafeString:
    return format_html('<span class="tabular-nums">{}</span>', money.show(value))


def links(things: Iterable[Model], words: str = "") -> SafeString:
    """Links to the admin pages of these things."""
    return format_html_join(
        ", ", '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
        ((_address(thing), words or str(thing)) for thing in things),
    )  # fmt: skip


def table(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> SafeString:
    """A small table; instants are shown in shop time."""
    shown = [[_cell(cell) for cell in row] for row in rows]
    return render_to_string("admin/orders/small_table.html", {"heads": heads, "rows": shown})


def trail(steps: Iterable[Any], words: Any) -> SafeString:
    """The rows of a transition model, oldest first; `words` is the enum of the states."""
    rows = list(steps)
    who = actors.names(step.actor for step in rows)
    heads = (
        pgettext_lazy("step", "at"),
        pgettext_lazy("step", "from"),
        pgettext_lazy("step", "to"),
        pgettext_lazy("step", "by"),
        pgettext_lazy("step", "reason"),
    )
    return table(
        heads,
        [
            (
                step.created_at,
                words(step.from_status).label,
                words(step.to_status).label,
                who.get(step.actor, step.actor),
                step.reason,
            )
            for step in rows
        ],
    )


def raw(value: Any) -> SafeString:
    """Text or JSON as it is, readable."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre class="whitespace-pre-wrap break-all text-xs">{}</pre>', text)


def _cell(value: Any) -> Any:
    return date(localtime(value), "Y-m-d H:i:s") if isinstance(value, datetime) else value


def _address(thing: Model) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
