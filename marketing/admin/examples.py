"""The example on a rule's page: what the pipeline makes of the form as it stands, before it is saved."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from marketing.selectors.examples import Example

Rows = dict[str, list[dict[str, Any]]]


class ExampleMixin:
    """Adds a live example to a ModelAdmin; it is made by `examples(rule, rows)` from an unsaved rule."""

    change_form_after_template = "admin/marketing/example.html"
    model: Any
    admin_site: Any

    def examples(self, rule: Any, rows: Rows) -> Sequence[Example]:
        """`rows` are the cleaned rows of the inlines by prefix; a failing lookup means: not complete yet."""
        raise NotImplementedError

    def stored_rows(self, rule: Any) -> Rows:
        """The rows as they are stored, in the shape `examples` wants."""
        return {}

    def get_urls(self) -> list[Any]:
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}_example"
        return [
            path("example/", self.admin_site.admin_view(self.example_view), name=name),
            path(
                "<path:object_id>/example/", self.admin_site.admin_view(self.example_view), name=f"{name}_of"
            ),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"example_url": self._example_url(object_id), **(extra_context or {})}
        if object_id and request.method == "GET":
            rule = self.get_object(request, object_id)  # type: ignore[attr-defined]
            context["examples"] = self._try(rule, self.stored_rows(rule)) if rule else []
        return super().changeform_view(request, object_id, form_url, context)  # type: ignore[misc,no-any-return]

    def example_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The example box for the posted form; nothing is saved."""
        rule = self._rule(request, object_id)
        form = self.get_form(request, rule, change=bool(object_id))(request.POST, instance=rule)  # type: ignore[attr-defined]
        problems = _wrong(form.errors)
        rows: Rows = {}
        for formset_class, _inline in self.get_formsets_with_inlines(request, rule if object_id else None):  # type: ignore[attr-defined]
            prefix = formset_class.get_default_prefix()
            formset = formset_class(request.POST, instance=form.instance, prefix=prefix)
            formset.is_valid()
            problems += _problems(formset)
            rows[prefix] = formset.rows
        shown = [] if problems else self._try(form.instance, rows)
        context = {"examples": shown, "problems": [problem for problem in problems if problem][:3]}
        return TemplateResponse(request, "admin/marketing/example_rows.html", context)

    def _rule(self, request: HttpRequest, object_id: str | None) -> Model:
        if object_id is None:
            if not self.has_add_permission(request):  # type: ignore[attr-defined]
                raise PermissionDenied
            return self.model()  # type: ignore[no-any-return]
        rule = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if rule is None:
            raise Http404
        if not self.has_change_permission(request, rule):  # type: ignore[attr-defined]
            raise PermissionDenied
        return rule  # type: ignore[no-any-return]

    def _try(self, rule: Any, rows: Rows) -> list[Example]:
        try:
            return list(self.examples(rule, rows))
        except (KeyError, TypeError, ValueError, AttributeError):
            return []

    def _example_url(self, object_id: str | None) -> str:
        meta = self.model._meta
        name = f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_example"
        return reverse(f"{name}_of", args=[object_id]) if object_id else reverse(name)


def _wrong(errors: Any) -> list[str]:
    """The messages; an empty one for a field that is merely not filled in yet."""
    return [
        "" if error.code == "required" else message
        for found in errors.as_data().values()
        for error in found
        for message in error.messages
    ]


def _problems(formset: Any) -> list[str]:
    """What is wrong with the rows, each sentence once."""
    by_row = [problem for row in formset.errors for problem in _wrong(row)]
    return list(dict.fromkeys(str(error) for error in [*formset.non_form_errors(), *by_row]))
