"""`{% icon "basket" %}` draws one of our icons; `{% qr text %}` a code to scan."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.storefront.icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Inline SVG; decoration unless a label is given. An unknown name is a mistake and raises KeyError."""
    drawing = mark_safe(ICONS[name])  # noqa: S308 — our own drawing
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, drawing
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG, dark on white whatever the theme, so that every scanner reads it."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(scale=8, border=2, dark="#000", light="#fff", omitsize=True)
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, mark_safe(drawing))  # noqa: S308 — our own drawing
