"""Pages that bring products in from a file and take them out into one."""

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

from catalog.models import Category, Place
from catalog.selectors import staff_lists
from catalog.services import exports
from catalog.services.imports import running
from catalog.services.imports.columns import COLUMNS
from catalog.terms import ProductStatus
from shop.core.admin import actor, dress
from shop.core.errors import Refusal
from shop.core.models import Job

IMPORTING = ("catalog.import_products", "catalog.add_product", "catalog.change_product", "catalog.set_price")
EXPORTING = ("catalog.export_products",)
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV (UTF-8 or GBK), at most 5 MB and 2,000 rows."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("Opening stock lies in"),
        required=False,
        help_text=_("Needed only when the file names opening stock."),
    )

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Category of goods whose own is not known here"),
        required=False,
        help_text=_("For files of other systems. Empty: such rows are named as mistakes."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.order_by("name")  # type: ignore[attr-defined]
        if user.has_perm("catalog.adjust_stock"):
            self.fields["place"].queryset = staff_lists.visible_places(user)  # type: ignore[attr-defined]
        else:
            del self.fields["place"]


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "XLSX (Excel, WPS)"), ("csv", "CSV (UTF-8)")]
    )
    status = forms.ChoiceField(
        label=_("Products"), required=False, choices=[("", _("All")), *ProductStatus.choices]
    )


class ExchangePages:
    """Under the list of products: import/, import/<check>/load/, import/template.<format>, export/."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("import/", door(self.bring_in), name="catalog_product_import"),
            path("import/<int:job_id>/load/", door(self.load), name="catalog_product_import_load"),
            path("import/template.<str:kind>", door(self.template), name="catalog_product_template"),
            path("export/", door(self.take_out), name="catalog_product_export"),
        ]

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        _demand(request, IMPORTING)
        form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            file, place = form.cleaned_data["file"], form.cleaned_data.get("place")
            try:
                category = form.cleaned_data["category"]
                job = running.ask_check(
                    file=file,
                    name=file.name,
                    place_id=place.pk if place else None,
                    category_id=category.pk if category else None,
                    actor=actor(request),
                )
            except Refusal as refusal:
                form.add_error("file", refusal.message_text)
            else:
                return _to(job)
        context = self._context(request, _now("Import products")) | {
            "form": dress(form),
            "columns": [(one.zh, one.en, one.is_needed, one.guide) for one in COLUMNS],
            "recent": Job.objects.filter(kind__in=(running.CHECK, running.LOAD)).order_by("-id")[:5],
        }
        return TemplateResponse(request, "admin/catalog/import.html", context)

    def load(self, request: HttpRequest, job_id: int) -> HttpResponse:
        _demand(request, IMPORTING)
        check = Job.objects.filter(pk=job_id, kind=running.CHECK).first()
        if check is None or request.method != "POST":
            raise Http404
        place_id = check.arguments.get("place")
        if place_id and not _may_stock(request, place_id):
            raise PermissionDenied
        try:
            return _to(running.ask_load(check=check, actor=actor(request)))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return _to(check)

    def template(self, request: HttpRequest, kind: str) -> HttpResponse:
        _demand(request, IMPORTING)
        if kind not in TYPES:
            raise Http404
        language = "en" if request.GET.get("language") == "en" else "zh-hans"
        with translation.override(language):
            content = exports.template(file_format=kind, language=language)
        name = f"products-{'en' if language == 'en' else 'zh'}.{kind}"
        return HttpResponse(
            content,
            content_type=TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def take_out(self, request: HttpRequest) -> HttpResponse:
        _demand(request, EXPORTING)
        form = ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            return _to(exports.ask(file_format=data["format"], status=data["status"], actor=actor(request)))
        context = self._context(request, _now("Export products")) | {"form": dress(form)}
        return TemplateResponse(request, "admin/catalog/export.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {
            **self.admin.admin_site.each_context(request),
            "title": title,
            "back": reverse("admin:catalog_product_changelist"),
        }


def _demand(request: HttpRequest, permissions: tuple[str, ...]) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def _may_stock(request: HttpRequest, place_id: int) -> bool:
    """Whether who loads what somebody else had checked may put opening stock into that place."""
    theirs = staff_lists.visible_places(request.user).filter(pk=place_id)
    return request.user.has_perm("catalog.adjust_stock") and theirs.exists()


def _to(job: Job) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:core_job_progress", args=[job.pk]))
