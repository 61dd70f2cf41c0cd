"""Pages that bring price lists in from a file and take them out into one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.services.supplier_files import running
from catalog.services.supplier_files.columns import COLUMNS
from shop.core.admin import actor, dress
from shop.core.errors import Refusal
from shop.core.models import Job

PERMISSIONS = ("catalog.exchange_suppliers", "catalog.see_cost")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV (UTF-8 or GBK), at most 5 MB and 2,000 rows."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "XLSX (Excel, WPS)"), ("csv", "CSV (UTF-8)")]
    )


class ExchangePages:
    """Under the list of suppliers: import/, import/<check>/load/, import/template.<format>, export/."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("import/", door(self.bring_in), name="catalog_supplier_import"),
            path("import/<int:job_id>/load/", door(self.load), name="catalog_supplier_import_load"),
            path("import/template.<str:kind>", door(self.template), name="catalog_supplier_template"),
            path("export/", door(self.take_out), name="catalog_supplier_export"),
        ]

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        _demand(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                return _to(running.ask_check(file=file, name=file.name, actor=actor(request)))
            except Refusal as refusal:
                form.add_error("file", refusal.message_text)
        context = {
            "form": dress(form),
            "columns": [(one.zh, one.en, one.is_needed, one.guide) for one in COLUMNS],
            "recent": Job.objects.filter(kind__in=(running.CHECK, running.LOAD)).order_by("-id")[:5],
        }
        return self._page(request, "supplier_import.html", _now("Import price lists"), context)

    def load(self, request: HttpRequest, job_id: int) -> HttpResponse:
        _demand(request)
        check = Job.objects.filter(pk=job_id, kind=running.CHECK).first()
        if check is None or request.method != "POST":
            raise Http404
        try:
            return _to(running.ask_load(check=check, actor=actor(request)))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return _to(check)

    def template(self, request: HttpRequest, kind: str) -> HttpResponse:
        _demand(request)
        if kind not in TYPES:
            raise Http404
        language = "en" if request.GET.get("language") == "en" else "zh-hans"
        with translation.override(language):
            content = running.template(file_format=kind, language=language)
        name = f"suppliers-{'en' if language == 'en' else 'zh'}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=TYPES[kind], headers=headers)

    def take_out(self, request: HttpRequest) -> HttpResponse:
        _demand(request)
        form = FormatForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _to(running.ask_export(file_format=form.cleaned_data["format"], actor=actor(request)))
        context = {"form": dress(form)}
        return self._page(request, "supplier_export.html", _now("Export price lists"), context)

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        common = {
            **self.admin.admin_site.each_context(request),
            "title": title,
            "back": reverse("admin:catalog_supplier_changelist"),
            "opts": self.admin.model._meta,
        }
        return TemplateResponse(request, f"admin/catalog/{template}", common | context)


def _to(job: Job) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:core_job_progress", args=[job.pk]))


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied
