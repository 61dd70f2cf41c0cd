"""What is asked when goods are taken in, moved between pools or written off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from catalog.models import StockLevel
from catalog.services.batches import BatchFacts
from catalog.terms import LossReason, Pool
from shop.core import numbers

MOST = 1_000_000
HANDLED = [(one.value, one.label) for one in Pool if one != Pool.TRANSIT]


class ReceiveForm(forms.ModelForm):
    """Goods that arrive at a place, with what their label says."""

    quantity = forms.IntegerField(
        label=_("quantity"), min_value=1, max_value=MOST, widget=UnfoldAdminIntegerFieldWidget
    )
    cost = forms.DecimalField(
        label=_("unit cost"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    to_pool = forms.ChoiceField(
        label=_("pool"), choices=HANDLED, initial=Pool.SPOT, widget=UnfoldAdminSelectWidget
    )
    batch = forms.CharField(
        label=_("batch"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("As printed on the label; empty for goods without batches."),
    )
    made_on = forms.DateField(label=_("made on"), required=False, widget=UnfoldAdminSingleDateWidget)
    expires_on = forms.DateField(
        label=_("expires on"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("The last day on which it may be sold."),
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=numbers.token, max_length=40)

    class Meta:
        model = StockLevel
        fields = ["place", "sku"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("batch") and (data.get("made_on") or data.get("expires_on")):
            self.add_error("batch", _("Dates belong to a batch: write its number, too."))
        return data

    def facts(self) -> BatchFacts | None:
        """What the label says, if anything."""
        data = self.cleaned_data
        if not data["batch"]:
            return None
        return BatchFacts(data["batch"], data["made_on"], data["expires_on"])

    def _get_validation_exclusions(self) -> set[str]:
        """A level that is there already takes the goods in, so that two of the same are no mistake."""
        return {*super()._get_validation_exclusions(), "place", "sku"}  # type: ignore[misc]


class _OfLevel(forms.Form):
    quantity = forms.IntegerField(label=_("pieces"), min_value=1, max_value=MOST)
    batch = forms.ChoiceField(label=_("batch"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial=numbers.token, max_length=40)

    def __init__(self, data: Any = None, *, instance: StockLevel) -> None:
        super().__init__(data)
        lying = instance.batches.filter(on_hand__gt=0).select_related("batch").order_by("batch__expires_on")
        batch: Any = self.fields["batch"]
        batch.choices = [("", _("What expires first")), *((one.batch.code, str(one)) for one in lying)]
        if not lying:
            del self.fields["batch"]
        quantity: Any = self.fields["quantity"]
        quantity.help_text = _("Free: %(count)d.") % {"count": instance.available}


class MoveForm(_OfLevel):
    to_pool = forms.ChoiceField(label=_("to"), choices=HANDLED)
    note = forms.CharField(label=_("Why"), max_length=200, required=False)
    field_order = ("to_pool", "quantity", "batch", "note", "key")

    def __init__(self, data: Any = None, *, instance: StockLevel) -> None:
        super().__init__(data, instance=instance)
        target: Any = self.fields["to_pool"]
        target.choices = [(value, label) for value, label in HANDLED if value != instance.pool]


class LossForm(_OfLevel):
    why = forms.ChoiceField(label=_("Reason"), choices=LossReason.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    field_order = ("why", "quantity", "batch", "note", "key")

    def __init__(self, data: Any = None, *, instance: StockLevel) -> None:
        super().__init__(data, instance=instance)
