"""Pictures that take their place before they arrive: srcset, sizes, width and height."""

from functools import lru_cache

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.core import uploads
from shop.storefront.templatetags.icons import icon

register = template.Library()


@register.simple_tag
def picture(
    path: str | None,
    alt: str = "",
    sizes: str = "50vw",
    width: int = 480,
    height: int = 480,
    eager: bool = False,
    css: str = "pic",
) -> SafeString:
    """An uploaded picture in the width the screen needs; a quiet tile where there is none."""
    if not path:
        return format_html('<span class="{} pic--none">{}</span>', css, icon("box"))
    image = format_html(
        '<img class="{}" src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" decoding="async"{}>',
        css, uploads.derivative_url(path, 480), uploads.srcset(path), sizes, alt, width or 480, height or 480,
        mark_safe(' fetchpriority="high"' if eager else ' loading="lazy"'),  # noqa: S308 — our own drawing
    )  # fmt: skip
    modern = uploads.srcset(path, "avif")
    if not modern:
        return image
    return format_html(
        '<picture><source type="image/avif" srcset="{}" sizes="{}">{}</picture>', modern, sizes, image
    )


@register.simple_tag
def picture_url(path: str, width: int) -> str:
    """Address of the smallest copy at least so wide."""
    return uploads.derivative_url(path, width)


@register.simple_tag
def media_url(path: str) -> str:
    """Address of a stored file."""
    return uploads.url(path)


@lru_cache(maxsize=256)
def _category_picture(name: str) -> str:
    path = f"storefront/categories/{name}.webp"
    return static(path) if name and finders.find(path) else ""


@register.simple_tag
def category_picture(category: object) -> SafeString:
    """The vendored picture a category names, or its first character."""
    url = _category_picture(getattr(category, "icon", "") or "")
    if url:
        return format_html('<img src="{}" alt="" width="48" height="48" decoding="async">', url)
    return format_html("{}", str(getattr(category, "name", ""))[:1])
