"""What staff fill in before a button acts. Nothing is decided here."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Place
from catalog.selectors import held
from catalog.services import reallocation
from orders.models import Order
from orders.terms import Carrier, Flag
from shop.core import money, numbers
from shop.core.admin import ReasonForm

PIECES = "pieces_"
INSIDE = "inside_"


class PiecesForm(forms.Form):
    """A field for the pieces of each line of an order, and of each component of a bundle."""

    def add_pieces(
        self,
        order: Order,
        counts: dict[int, int],
        inside: dict[int, int],
        *,
        filled: bool,
        by_component: bool = False,
    ) -> None:
        """`counts` by line, `inside` by component. With `by_component` a bundle has no field of its own."""
        for line in order.lines.all():
            parts = list(line.components.all())
            name = f"{line.title} {line.spec_text}".strip()
            if (count := counts.get(line.pk)) and not (by_component and parts):
                self._add(f"{PIECES}{line.pk}", name, count, filled=filled)
            for one in parts:
                if count := inside.get(one.pk):
                    label = _now("{component} (in {bundle})").format(component=one.name, bundle=line.title)
                    self._add(f"{INSIDE}{one.pk}", label, count, filled=filled)

    def _add(self, field: str, label: str, count: int, *, filled: bool) -> None:
        self.fields[field] = forms.IntegerField(
            label=label,
            help_text=_now("of {count}").format(count=count),
            min_value=0,
            max_value=count,
            initial=count if filled else 0,
            required=False,
        )

    def pieces(self, prefix: str = PIECES) -> dict[int, int]:
        """Line id → pieces (component id → pieces for `INSIDE`), those without any left out."""
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
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
        here = self._first_parcel(instance)
        lines = list(instance.lines.all())
        self.add_pieces(
            instance,
            {line.pk: line.to_ship_count for line in lines},
            {one.pk: one.to_ship_count for line in lines for one in line.components.all()},
            filled=True,
            by_component=True,
        )
        if here is not None:
            for line in lines:
                keys = {f"{INSIDE}{one.pk}": one.key for one in line.components.all()}
                for name, key in (keys or {f"{PIECES}{line.pk}": line.key}).items():
                    if field := self.fields.get(name):
                        field.initial = here.get(key, 0)

    def _first_parcel(self, order: Order) -> dict[str, int] | None:
        """With goods in several places the form proposes the parcel of the place with most of them."""
        stored = held.by_place(order.reference)
        if len(stored) < 2:
            return None
        place_id = max(sorted(stored), key=lambda pk: sum(stored[pk].values()))
        name = Place.objects.get(pk=place_id).name
        self.fields["carrier"].help_text = _now(
            "The goods lie in several places. This is the parcel of {place}; send the others after it."
        ).format(place=name)
        return stored[place_id]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.pieces() and not self.pieces(INSIDE):
            raise forms.ValidationError(_("Put at least one piece into the parcel."))
        return self.cleaned_data | {"lines": self.pieces(), "pieces_of": self.pieces(INSIDE)}


class MoveForm(ReasonForm):
    """Another place for what has not left yet; those that have everything, the best first."""

    place = forms.ChoiceField(label=_("Send it from"))
    field_order = ("place", "reason")

    def __init__(self, *args: Any, instance: Order) -> None:
        super().__init__(*args)
        plan = reallocation.plan(
            reference=instance.reference, mode=instance.delivery_mode, region_code=instance.region_code
        )
        stored = held.by_place(instance.reference)
        already = next(iter(stored)) if len(stored) == 1 else None
        full = [score for score in plan.scores if score.share == 100] if plan else []
        scores = [score for score in full if score.place_id != already]
        names = dict(Place.objects.filter(pk__in=[one.place_id for one in scores]).values_list("pk", "name"))
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (
                one.place_id,
                _now("{place} · score {score}").format(place=names[one.place_id], score=round(one.score)),
            )
            for one in scores
        ]
        self.fields["place"].help_text = _now(
            "Places that have all of it now. The score weighs distance, cost of a parcel and load."
        )


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
        inside = {
            one.pk: one.quantity - one.refunded_count
            for line in instance.lines.all()
            for one in line.components.all()
        }
        self.add_pieces(instance, left, inside, filled=False)
        rest = money.show(instance.paid_amount - instance.refunded_amount)
        self.fields["reason"].help_text = _now(
            "At most {amount}. The money goes back to where it came from; this can't be undone."
        ).format(amount=rest)

    def clean(self) -> dict[str, Any]:
        chosen = self.pieces() or self.pieces(INSIDE)
        if not self.errors and self.cleaned_data.get("amount") and chosen:
            raise forms.ValidationError(_("Give pieces or an amount, not both."))
        return self.cleaned_data | {
            "quantities": self.pieces() or None,
            "pieces_of": self.pieces(INSIDE) or None,
        }


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
