"""Filters of a list as chips: the views of orders people use all day, and what else narrows a list."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.terms import Flag, OrderStatus
from shop.backoffice import waiting


@dataclass(frozen=True, slots=True)
class Chip:
    """`code` names the chore it counts, `dot` a colour; `link` is the query that shows it."""

    title: str | Promise
    link: str
    is_current: bool = False
    code: str = ""
    count: int = 0
    dot: str = ""


VIEWS: tuple[tuple[str | Promise, str, str], ...] = (
    (gettext_lazy("To ship"), "todo", "to_ship"),
    (gettext_lazy("Late to ship"), "todo", "late_to_ship"),
    (gettext_lazy("Asked for by shoppers"), "todo", "nudged"),
    (OrderStatus.UNPAID.label, "status__exact", OrderStatus.UNPAID.value),
    (gettext_lazy("With a buyer's note"), "note", "buyer"),
    *((flag.label, "flag__exact", flag.value) for flag in (Flag.RED, Flag.AMBER, Flag.GREEN, Flag.BLUE)),
)
OWN = {(name, value) for _title, name, value in VIEWS}


def of_orders(request: HttpRequest) -> list[Chip]:
    """All orders, then each view; the one on the screen is current."""
    counts = waiting.counts(request.user)
    given = {name: request.GET.getlist(name) for name in request.GET}
    chips = [Chip(_("All"), "?", not any([value] == given.get(name) for name, value in OWN))]
    for title, name, value in VIEWS:
        known = counts.get(value) if name == "todo" else None
        if name == "todo" and known is None:
            continue
        chips.append(
            Chip(
                title=title,
                link=f"?{name}={value}",
                is_current=given.get(name) == [value],
                code=value if known else "",
                count=known.count if known else 0,
                dot=value if name == "flag__exact" else "",
            )
        )
    return chips


def chosen(changelist: Any) -> list[Chip]:
    """What narrows the list beside those views; each link takes one away."""
    chips = []
    for spec in changelist.filter_specs:
        names = [name for name in spec.expected_parameters() if changelist.params.get(name)]
        used = [name for name in names if (name, _value(changelist, name)) not in OWN]
        if used:
            words = " – ".join(_shown(spec, _value(changelist, name)) for name in used)
            link = changelist.get_query_string(remove=used)
            chips.append(Chip(f"{spec.title}: {words}", link, is_current=True))
    return chips


def _value(changelist: Any, name: str) -> str:
    value = changelist.params.get(name)
    return str(value[0] if isinstance(value, list) else value)


def _shown(spec: Any, value: str) -> str:
    """The word for a value, where the filter knows one."""
    field = getattr(spec, "field", None)
    choices = dict(getattr(field, "flatchoices", None) or getattr(spec, "lookup_choices", None) or [])
    return str(choices.get(value) or choices.get(_number(value)) or value)


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() else None
