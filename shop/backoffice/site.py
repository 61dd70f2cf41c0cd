"""What the back office shows of the shop around every page; UNFOLD in the settings names these functions."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
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


def desk_stylesheet(request: HttpRequest) -> str:
    return static("backoffice/desk.css")


def desk_script(request: HttpRequest) -> str:
    return static("backoffice/desk.js")


def live_script(request: HttpRequest) -> str:
    return static("backoffice/live.js")


def help_script(request: HttpRequest) -> str:
    return static("backoffice/help.js")


def reading_script(request: HttpRequest) -> str:
    return static("backoffice/reading.js")


def favicon(request: HttpRequest) -> str:
    return static("backoffice/favicon.svg")


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Instead of the door, after too many wrong passwords; AXES_LOCKOUT_CALLABLE names it."""
    context = {**admin.site.each_context(request), "minutes": round(settings.AXES_COOLOFF_TIME * 60)}
    return TemplateResponse(request, "admin/locked.html", context, status=429).render()


def environment(request: HttpRequest) -> list[Any] | None:
    """A label beside the title while payments go to the sandbox."""
    return [_("Sandbox payments"), "warning"] if settings.SANDBOX_URL else None
