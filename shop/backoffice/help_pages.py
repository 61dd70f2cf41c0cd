"""The help of the back office: the guide of a page, all guides, a search, and whom to ask."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.backoffice import guides, policies


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`?at=/admin/…` shows the guide of that page, `?q=` searches, neither lists everything."""
    language = get_language()
    query = request.GET.get("q", "").strip()[:60]
    if query:
        return _drawn(request, {"query": query, "found": guides.search(query, language)})
    if at := request.GET.get("at", ""):
        return _drawn(request, {"guide": guides.of_page(at[:200], language)})
    return _drawn(request, {"found": list(guides.all_of(language).values())})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    guide = guides.find(slug, get_language())
    if guide is None:
        raise Http404
    return _drawn(request, {"guide": guide})


def _drawn(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    """The whole page, or only its inside for the panel (`?part=1`)."""
    context = {
        "query": "",
        "guide": None,
        "found": [],
        "is_part": "part" in request.GET,
        "support": {
            "name": policies.SUPPORT_NAME.get(),
            "phone": policies.SUPPORT_PHONE.get(),
            "email": policies.SUPPORT_EMAIL.get(),
        },
    } | found
    if context["is_part"]:
        return render(request, "admin/backoffice/help_body.html", context)
    title = context["guide"].title if context["guide"] else _("Help")
    page = {**admin.site.each_context(request), "title": title} | context
    return TemplateResponse(request, "admin/backoffice/help.html", page)


index_view = admin.site.admin_view(index)
article_view = admin.site.admin_view(article)
