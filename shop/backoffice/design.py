"""The living catalogue of the shop's parts: each in its states, drawn by the very line one would copy."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from shop.backoffice import tokens
from shop.backoffice.specimens import SPECIMENS, Specimen
from shop.core import clock

LANGUAGES = {"zh": "zh-hans", "en": "en"}
LOADS = "{% load components i18n icons money pictures %}"
COLOURS = (
    ("brand", gettext_lazy("one main action a screen, prices")),
    ("on-brand", gettext_lazy("words on it")),
    ("brand-soft", gettext_lazy("badges, chosen things")),
    ("paper", gettext_lazy("the page")),
    ("card", gettext_lazy("surfaces")),
    ("sunk", gettext_lazy("grounds of quiet things")),
    ("ink", gettext_lazy("words")),
    ("ink-2", gettext_lazy("second words")),
    ("leaf", gettext_lazy("fresh, done, saved")),
    ("amber", gettext_lazy("waiting, running out")),
    ("sky", gettext_lazy("links, information")),
    ("danger", gettext_lazy("what went wrong")),
    ("line", gettext_lazy("hairlines")),
    ("field", gettext_lazy("edges of fields")),
)
SIZES = ("12", "14", "16", "18", "22", "28")
SPACES = ("1", "2", "3", "4", "6", "8")


@dataclass(frozen=True, slots=True)
class Shown:
    """A state of a part: its words, the line to copy, what the line draws."""

    label: str | Promise
    code: str
    drawn: SafeString


def page(request: HttpRequest) -> HttpResponse:
    """The frame around the two themes. Open to everybody on the staff."""
    language = _language(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Design"),
        "language": language,
        "languages": LANGUAGES,
        "names": [(one.name, one.title) for one in SPECIMENS],
    }
    return TemplateResponse(request, "admin/backoffice/design.html", context)


@require_safe
@xframe_options_sameorigin
def parts(request: HttpRequest) -> HttpResponse:
    """All parts on a page of the shop, in the language asked for."""
    if not request.user.is_staff:
        raise PermissionDenied
    with translation.override(LANGUAGES[_language(request)]):
        context: dict[str, Any] = {
            "tokens": tokens.forced(request.GET.get("theme", "")),
            "colours": [(name, str(words)) for name, words in COLOURS],
            "sizes": SIZES,
            "spaces": SPACES,
            "specimens": [(one, [_draw(request, one, *state) for state in one.states]) for one in SPECIMENS],
        }
        return TemplateResponse(request, "admin/backoffice/parts.html", context).render()


def _draw(request: HttpRequest, specimen: Specimen, label: str | Promise, code: str) -> Shown:
    template = engines["django"].from_string(LOADS + code)
    drawn = template.render({"soon": clock.page_now() + specimen.ahead, **specimen.values}, request)
    return Shown(label, code, SafeString(drawn))


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return "en" if translation.get_language() == "en" else "zh"
