"""Addresses that keep what is already chosen: `{% url_with sort="new" page=None %}`."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template import Context
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """The present query string with some parameters changed; None or "" takes one away."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def checkout_link(carried: dict[str, str], **changes: Any) -> str:
    """The checkout with the same wish and some choices changed; "" takes one away."""
    chosen = {name: str(value) for name, value in (carried | changes).items() if value not in (None, "")}
    return f"{reverse('storefront:checkout')}?{urlencode(chosen)}"
