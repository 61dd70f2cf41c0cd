"""What the back office shows of the shop around every page; UNFOLD in the settings names these functions."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.selectors import merchant


def title(request: HttpRequest) -> str:
    return merchant.current().shop_name


def subtitle(request: HttpRequest) -> str | Promise:
    return gettext_lazy("Back office")


def stylesheet(request: HttpRequest) -> str:
    return static("backoffice/backoffice.css")


def favicon(request: HttpRequest) -> str:
    return static("backoffice/favicon.svg")


def environment(request: HttpRequest) -> list[Any] | None:
    """A label beside the title while payments go to the sandbox."""
    return [_("Sandbox payments"), "warning"] if settings.SANDBOX_URL else None
