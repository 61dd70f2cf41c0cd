"""Parts that hold other markup: `{% card %}…{% endcard %}`, `{% sheet %}`, `{% ticket %}`; their HTML is in
`templates/parts/`. Parts that hold nothing are plain includes, shown side by side at /admin/design/."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(takes_context=True)
def card(
    context: Context, content: SafeString, title: str = "", id: str = "", kind: str = "", more: str = "",
    href: str = "",
) -> SafeString:  # fmt: skip
    """A surface with an optional title and a way to more. `kind`: "", "flush" (rows to the edge), "lines"."""
    return _part(context, "card", content=content, title=title, id=id, kind=kind, more=more, href=href)


@register.simple_block_tag(takes_context=True)
def sheet(context: Context, content: SafeString, id: str, title: str) -> SafeString:
    """A sheet that opens by `<button popovertarget="id">`, without JavaScript; a tap beside it closes it."""
    return _part(context, "sheet", content=content, id=id, title=title)


@register.simple_block_tag(takes_context=True)
def ticket(
    context: Context, content: SafeString, worth: str, condition: str = "", off: bool = False, stamp: str = ""
) -> SafeString:
    """The frame of a coupon: what it is worth on the stub ("¥20", "8.5 折"), its condition below, and the rest
    beside. `off` shows it as not usable, `stamp` is a word across it (used, expired)."""
    return _part(context, "ticket", content=content, worth=worth, condition=condition, off=off, stamp=stamp)


def _part(context: Context, name: str, **values: Any) -> SafeString:
    return render_to_string(f"parts/{name}.html", values, request=context.get("request"))
