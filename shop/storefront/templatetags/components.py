"""The parts pages are made of, each a template in `templates/parts/`: `{% button _("Pay") kind="main" %}`,
`{% card title=… %}…{% endcard %}`. A part sees its own arguments and nothing of the page around it. All of
them side by side, in every state: /admin/design/."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def button(words: str, **values: Any) -> SafeString:
    """A link with `href`, else a button. `kind`: main (one a screen), soft, line or none. Also `sign` (icon),
    `small`, `wide`, `disabled`, `name`, `value`, `form` (id), `opens` (a sheet's name)."""
    return _part("button", words=words, **values)


@register.simple_tag
def badge(words: str, **values: Any) -> SafeString:
    """A few words on what is special. `tone`: none (brand), leaf, amber, sky, plain; `sign` (icon)."""
    return _part("badge", words=words, **values)


@register.simple_tag(takes_context=True)
def countdown(context: Context, until: datetime, **values: Any) -> SafeString:
    """Runs by the shop's clock, not the phone's. `words` before it (default: ends in), `reload` the page when
    it is over. Without JavaScript the instant is shown."""
    return _part("countdown", until=until, now=context["shop"].now, **values)


@register.simple_tag
def stepper(value: object, **values: Any) -> SafeString:
    """A quantity with − and +. `name`, `id` (both quantity), `least`, `by`, `most`, `label` (or a <label>),
    `described` (id), `wrong`."""
    return _part("stepper", value=value, **values)


@register.simple_tag
def cell(words: str, href: str, **values: Any) -> SafeString:
    """One row of a menu. `sign` (icon), `help` (small, below), `more` (quiet, at the end)."""
    return _part("cell", words=words, href=href, **values)


@register.simple_tag
def tabs(items: Any, label: str) -> SafeString:
    """`items`: href, label, count, is_current each; `label` says what they divide."""
    return _part("tabs", items=items, label=label)


@register.simple_tag
def skeleton(shape: str = "text") -> SafeString:
    """The shape of what comes: goods, lines or text."""
    return _part("skeleton", shape=shape)


@register.simple_block_tag
def card(content: SafeString, **values: Any) -> SafeString:
    """A surface. `title`, `more` with `href` (the way to all of it), `kind`: flush (rows to the edge) or
    lines; `name` (id)."""
    return _part("card", content=content, **values)


@register.simple_block_tag
def sheet(content: SafeString, name: str, title: str) -> SafeString:
    """A sheet that opens by `<button type="button" popovertarget="name">`, without JavaScript; a tap beside
    it closes it."""
    return _part("sheet", content=content, name=name, title=title)


@register.simple_block_tag
def ticket(content: SafeString, worth: str, **values: Any) -> SafeString:
    """The frame of a coupon: on the stub what it is worth ("¥20", "8.5 折") and its `condition`, beside it
    the rest. `off` shows it as not usable, `stamp` says why in a word (used, expired)."""
    return _part("ticket", content=content, worth=worth, **values)


def _part(template_name: str, **values: Any) -> SafeString:
    return render_to_string(f"parts/{template_name}.html", values)
