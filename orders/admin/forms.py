"""What staff fill in before a button acts. Nothing is decided here."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from orders.terms import Carrier, Flag
from shop.core import money, numbers
from shop.core.admin import ReasonForm

PIECES = "pieces_"


class PiecesForm(forms.Form):
    """A field for the pieces of each line of an order."""

    def add_pieces(self, order: Order, counts: dict[int, int], *, filled: bool) -> None:
        for line in order.lines.all():
            if count := counts.get(line.pk):
                self.fields[f"{PIECES}{line.pk}"] = forms.IntegerField(
                    label=f"{line.title} {line.spec_text}".strip(),
                    help_text=_now("of {count}").format(count=count),
                    min_value=0,
                    max_value=count,
                    initial=count if filled else 0,
                    required=False,
                )

    def pieces(self) -> dict[int, int]:
        """Line id → pieces, lines without any left out."""
        return {
            int(name.removeprefix(PIECES)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PIECES) and value
        }


class ShipForm(PiecesForm):
    carrier = forms.ChoiceField(label=_("Carrier"), choices=Carrier.choices)
    tracking_no = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        help_text=_("Only our own courier needs none."),
    )

    def __init__(self, *args: Any, instance: Order) -> None:
        super().__init__(*args)
        self.add_pieces(instance, {line.pk: line.to_ship_count for line in instance.lines.all()}, filled=True)

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.pieces():
            raise forms.ValidationError(_("Put at least one piece into the parcel."))
        return self.cleaned_data | {"lines": self.pieces()}


class CancelForm(ReasonForm):
    def __init__(self, *args: Any, instance: Order) -> None:
        super().__init__(*args)
        if instance.paid_amount > instance.refunded_amount:
            amount = money.show(instance.paid_amount - instance.refunded_amount)
            self.fields["reason"].help_text = _now(
                "{amount} go back to where they came from. This can't be undone."
            ).format(amount=amount)


class RefundForm(PiecesForm):
    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        max_digits=10,
        decimal_places=2,
        min_value=money.FEN,
        required=False,
        help_text=_("Leave amount and pieces empty to refund everything that is left."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=80)
    key = forms.CharField(widget=forms.HiddenInput, initial=numbers.token, max_length=40)

    def __init__(self, *args: Any, instance: Order) -> None:
        super().__init__(*args)
        left = {line.pk: line.quantity - line.refunded_count for line in instance.lines.all()}
        self.add_pieces(instance, left, filled=False)
        rest = money.show(instance.paid_amount - instance.refunded_amount)
        self.fields["reason"].help_text = _now(
            "At most {amount}. The money goes back to where it came from; this can't be undone."
        ).format(amount=rest)

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.cleaned_data.get("amount") and self.pieces():
            raise forms.ValidationError(_("Give pieces or an amount, not both."))
        return self.cleaned_data | {"quantities": self.pieces() or None}


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Staff note"), widget=forms.Textarea, max_length=500, required=False)
    flag = forms.ChoiceField(label=_("Flag"), choices=Flag.choices, required=False)

    def __init__(self, *args: Any, instance: Order) -> None:
        super().__init__(*args)
        self.fields["note"].initial = instance.staff_note
        self.fields["flag"].initial = instance.flag


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Pickup code"),
        max_length=20,
        help_text=_("Twelve digits; spaces don't matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
