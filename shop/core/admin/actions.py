"""Buttons on an object's page that call a service: confirm page, POST, refusal as a message, audit."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, RADIO_CLASSES, SELECT_CLASSES, TEXTAREA_CLASSES

from shop.core.errors import Refusal
from shop.core.transactions import unit_of_work

Words = str | Promise
Work = Callable[[Any, HttpRequest, Any, dict[str, Any]], Words | None]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


def service_action(
    label: Words,
    *,
    permission: str | Iterable[str],
    form: type[forms.Form] | None = None,
    confirm: Words = "",
    when: Callable[[Any], bool] | None = None,
    icon: str | None = None,
    danger: bool = False,
    outside: bool = False,
) -> Callable[[Work], Any]:
    """Makes `def verb(self, request, obj, data) -> message | None` a button; name it in `actions_detail`.

    GET shows a page with `confirm` and the form, POST calls the function with the form's cleaned data; a
    Refusal becomes a message. The call and its audit entry (verb = the function's name) share a transaction;
    with `outside` the call talks to the world outside, so the entry is written before it and there is no
    transaction. `when(obj)` says whether the button makes sense. `form` may take an `instance` keyword for
    choices that depend on the object.
    """
    permissions = (permission,) if isinstance(permission, str) else tuple(permission)

    def make(work: Work) -> Any:
        @wraps(work)
        def view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            obj = self.get_object(request, object_id)
            if obj is None:
                raise Http404
            if not self.has_view_permission(request, obj):
                raise PermissionDenied
            bound = _form(form, request, obj)
            if request.method == "POST" and (bound is None or bound.is_valid()):
                data = bound.cleaned_data if bound else {}
                _run(self, request, obj, data, work, outside)
                return HttpResponseRedirect(_page_of(self, obj))
            context = {
                **self.admin_site.each_context(request),
                "title": label,
                "subtitle": str(obj),
                "opts": self.model._meta,
                "original": obj,
                "confirm": confirm,
                "form": bound,
                "danger": danger,
                "back": _page_of(self, obj),
            }
            return TemplateResponse(request, "admin/core/service_action.html", context)

        view.short_description = label  # type: ignore[attr-defined]
        view.permissions = permissions  # type: ignore[attr-defined]
        view.url_path = work.__name__.replace("_", "-")  # type: ignore[attr-defined]
        view.icon = icon  # type: ignore[attr-defined]
        view.variant = ActionVariant.DANGER if danger else ActionVariant.DEFAULT  # type: ignore[attr-defined]
        view.attrs = {}  # type: ignore[attr-defined]
        view.when = when  # type: ignore[attr-defined]
        return view

    return make


def dress(form: forms.Form) -> forms.Form:
    """Gives the widgets of a plain form the back office's look."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput):
            classes = CHECKBOX_CLASSES
        elif isinstance(widget, forms.RadioSelect):
            classes = RADIO_CLASSES
        elif isinstance(widget, forms.Select):
            classes = SELECT_CLASSES
        elif isinstance(widget, forms.Textarea):
            classes = TEXTAREA_CLASSES
        else:
            classes = INPUT_CLASSES
        widget.attrs.setdefault("class", " ".join(classes))
    return form


def _form(form: type[forms.Form] | None, request: HttpRequest, obj: Model) -> forms.Form | None:
    if form is None:
        return None
    data = request.POST if request.method == "POST" else None
    if "instance" in form.__init__.__code__.co_varnames:
        return dress(form(data, instance=obj))  # type: ignore[call-arg]
    return dress(form(data))


def _run(
    page: Any, request: HttpRequest, obj: Model, data: dict[str, Any], work: Work, outside: bool
) -> None:
    reason = str(data.get("reason", ""))

    def note() -> None:
        page.audit(request, work.__name__, obj, reason=reason)

    @unit_of_work
    def together() -> Words | None:
        note()
        return work(page, request, obj, data)

    try:
        if outside:
            note()
            message = work(page, request, obj, data)
        else:
            message = together()
    except Refusal as refusal:
        messages.error(request, refusal.message_text)
    else:
        messages.success(request, str(message or _("Done.")))


def _page_of(page: Any, obj: Model) -> str:
    meta = obj._meta
    return reverse(f"{page.admin_site.name}:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])
