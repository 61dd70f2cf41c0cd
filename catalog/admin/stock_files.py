"""Pages that take stock out into a file and bring counted figures in from one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.selectors import places, staff_lists
from catalog.services.stock_files import running
from catalog.services.stock_files.reading import COLUMNS
from shop.core.admin import actor, dress
from shop.core.errors import Refusal
from shop.core.models import Job

SEEING, CHANGING = "catalog.view_stocklevel", "catalog.adjust_stock"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV (UTF-8 or GBK), at most 5 MB and 2,000 rows."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


class FilePages:
    """Below the list of stock levels: files/ and files/<check>/load/."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("files/", door(self.files), name="catalog_stocklevel_files"),
            path("files/<int:job_id>/load/", door(self.load), name="catalog_stocklevel_import_load"),
        ]

    def files(self, request: HttpRequest) -> HttpResponse:
        """POST with a file checks it, without one asks for an export."""
        if not request.user.has_perm(SEEING):
            raise PermissionDenied
        may_change = request.user.has_perm(CHANGING)
        form = UploadForm()
        if request.method == "POST" and "format" in request.POST:
            return self._export(request)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            form = UploadForm(request.POST, request.FILES)
            if form.is_valid():
                file = form.cleaned_data["file"]
                try:
                    return _to(
                        running.ask_check(
                            file=file, name=file.name, place_ids=_places(request), actor=actor(request)
                        )
                    )
                except Refusal as refusal:
                    form.add_error("file", refusal.message_text)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _now("Stock as a file"),
            "form": dress(form),
            "may_change": may_change,
            "places": staff_lists.visible_places(request.user).filter(is_active=True),
            "columns": [(one.zh, one.en, one.is_needed, one.guide) for one in COLUMNS],
            "recent": Job.objects.filter(kind__in=(running.CHECK, running.LOAD)).order_by("-id")[:5],
        }
        return TemplateResponse(request, "admin/catalog/stock_files.html", context)

    def load(self, request: HttpRequest, job_id: int) -> HttpResponse:
        if not request.user.has_perm(CHANGING):
            raise PermissionDenied
        check = Job.objects.filter(pk=job_id, kind=running.CHECK).first()
        if check is None or request.method != "POST":
            raise Http404
        try:
            return _to(running.ask_load(check=check, place_ids=_places(request), actor=actor(request)))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return _to(check)

    def _export(self, request: HttpRequest) -> HttpResponse:
        mine = list(staff_lists.visible_places(request.user).values_list("pk", flat=True))
        asked = [int(one) for one in request.POST.getlist("place") if one.isdecimal()]
        chosen = [pk for pk in mine if pk in asked] or mine
        try:
            return _to(
                running.ask_export(file_format=request.POST["format"], place_ids=chosen, actor=actor(request))
            )
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return HttpResponseRedirect(reverse("admin:catalog_stocklevel_files"))


def _places(request: HttpRequest) -> list[int] | None:
    mine = places.ids_of_staff(request.user)
    return None if mine is None else sorted(mine)


def _to(job: Job) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:core_job_progress", args=[job.pk]))
