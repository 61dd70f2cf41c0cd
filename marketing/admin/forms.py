"""Forms that ask the services whether a rule can work, and show the answer beside the field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from marketing.errors import RuleUnsound
from marketing.services import checks

START_AND_END = ("starts_at", "ends_at")


class CheckedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Subclasses say in `check` what must hold; a RuleUnsound lands at its field."""

    def check(self, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.errors:
            return data
        try:
            self.check(self.cleaned_data)
        except RuleUnsound as refusal:
            field = refusal.extra["field"]
            self.add_error(field if field in self.fields else None, refusal.message_text)
        return data


class OfferForm(CheckedForm):
    """Window and scope of an offer."""

    def check(self, data: dict[str, Any]) -> None:
        checks.window(data["starts_at"], data["ends_at"])
        if "scope_kind" in data:
            checks.scope(data["scope_kind"], data)


class CheckedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows of a rule, checked together; `rows` are those that stay."""

    def check(self, rows: list[dict[str, Any]]) -> None:
        raise NotImplementedError

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        """Writes what was changed here: a counter of the row may have moved meanwhile."""
        if not commit:
            return super().save_existing(form, obj, commit=commit)
        columns = {field.name for field in obj._meta.concrete_fields if not field.primary_key}
        form.save(commit=False)
        obj.save(update_fields=[name for name in form.changed_data if name in columns])
        form.save_m2m()
        return obj

    @property
    def rows(self) -> list[dict[str, Any]]:
        dropped = self._should_delete_form  # type: ignore[attr-defined]
        kept = [form for form in self.forms if not dropped(form)]
        cleaned = [getattr(form, "cleaned_data", {}) for form in kept]
        return [
            row for row in cleaned if any(value for key, value in row.items() if key not in ("id", "DELETE"))
        ]

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        try:
            self.check(self.rows)
        except KeyError as missing:
            raise ValidationError(_("Fill in every step.")) from missing
        except RuleUnsound as refusal:
            raise ValidationError(refusal.message_text) from refusal
