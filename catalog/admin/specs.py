"""The page on which the specification table of a product is written; works without a script."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.admin.fields import SEPARATORS
from catalog.models import Product, Sku, SpecAxis
from catalog.services import skus
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from catalog.terms import AXES_AT_MOST, SKUS_AT_MOST
from shop.core.admin import actor, dress
from shop.core.errors import Refusal

WEIGHED = ("nominal_grams", "price_basis_grams")
COLUMNS = (
    *("code", "barcode", "list_price", "cost_price", "floor_price"),
    *("weight_grams", "volume_cm3", "is_active"),
)
Values = tuple[str, ...]


class AxisForm(forms.Form):
    """One line: what differs, and its values."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("specification"), required=False, max_length=12)
    values = forms.CharField(label=_("values"), required=False, max_length=20_000)

    def clean_values(self) -> list[str]:
        return [value for value in SEPARATORS.split(self.cleaned_data["values"]) if value]


class RowForm(forms.Form):
    """One SKU."""

    values = forms.JSONField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("code"), required=False, max_length=40)
    barcode = forms.CharField(label=_("barcode"), required=False, max_length=40)
    list_price = forms.DecimalField(label=_("price"), max_digits=9, decimal_places=2, min_value=0)
    cost_price = forms.DecimalField(
        label=_("cost"), max_digits=9, decimal_places=2, min_value=0, required=False
    )
    floor_price = forms.DecimalField(
        label=_("floor price"), max_digits=9, decimal_places=2, min_value=0, required=False
    )
    weight_grams = forms.IntegerField(label=_("weight (g)"), min_value=0, required=False)
    volume_cm3 = forms.IntegerField(label=_("volume (cm³)"), min_value=0, required=False)
    nominal_grams = forms.IntegerField(label=_("nominal grams"), min_value=1, required=False)
    price_basis_grams = forms.IntegerField(label=_("price is per grams"), min_value=1, required=False)
    is_active = forms.BooleanField(label=_("on sale"), required=False)

    def __init__(self, *args: Any, columns: tuple[str, ...] = COLUMNS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"values", *columns}:
            del self.fields[name]
        dress(self)

    @property
    def shown_values(self) -> Values:
        """For the first column."""
        given = self["values"].value()
        return _values_of(given) if isinstance(given, str) else tuple(given or ())

    def clean_values(self) -> Values:
        given = self.cleaned_data["values"] or []
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise forms.ValidationError(_now("This row is not right."))
        return tuple(given)


AxisForms = forms.formset_factory(AxisForm, extra=0, max_num=AXES_AT_MOST, absolute_max=AXES_AT_MOST)
RowForms = forms.formset_factory(RowForm, extra=0, max_num=SKUS_AT_MOST, absolute_max=SKUS_AT_MOST)


@dataclass
class Stored:
    """The table as it is."""

    axes: list[SpecAxis]
    skus: dict[Values, Sku]


class SpecsPage:
    """GET shows the table; "make" builds its rows from the axes, "save" hands it to the service."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def view(self, request: HttpRequest, product_id: int) -> HttpResponse:
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise Http404
        if not self.admin.has_change_permission(request, product):
            raise PermissionDenied
        stored = _read(product)
        columns = COLUMNS + (WEIGHED if product.is_weighed else ())
        if request.method != "POST":
            return self._show(request, product, _axis_forms(stored), _row_forms(stored, columns))
        axes = AxisForms(request.POST, prefix="axis")
        rows = RowForms(request.POST, prefix="row", form_kwargs={"columns": columns})
        if not axes.is_valid():
            return self._show(request, product, axes, rows)
        names = [form.cleaned_data for form in axes if form.cleaned_data.get("name")]
        wanted = list(itertools.islice(_combinations(names), SKUS_AT_MOST + 1))
        if len(wanted) > SKUS_AT_MOST:
            messages.error(request, _now("A product has at most %(limit)d SKUs.") % {"limit": SKUS_AT_MOST})
            return self._show(request, product, axes, rows)
        if rows.is_valid() and "save" in request.POST and _fits(rows, wanted):
            if self._save(request, product, stored, names, rows, columns):
                return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[product.pk]))
            return self._show(request, product, axes, rows)
        if "save" in request.POST and rows.is_valid():
            messages.warning(request, _now("The rows were made anew. Please check them, then save."))
        if "make" in request.POST or rows.is_valid():
            before = _before_renaming(names, stored)
            rows = _made_anew(rows, [(values, before(values)) for values in wanted], stored, columns)
        return self._show(request, product, axes, rows)

    def _show(self, request: HttpRequest, product: Product, axes: Any, rows: Any) -> HttpResponse:
        for form in axes:
            dress(form)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _now("Specifications and prices"),
            "subtitle": product.title,
            "opts": self.admin.model._meta,
            "original": product,
            "axes": axes,
            "rows": rows,
            "back": reverse("admin:catalog_product_change", args=[product.pk]),
            "may_price": request.user.has_perm("catalog.set_price"),
        }
        return TemplateResponse(request, "admin/catalog/specs.html", context)

    def _save(
        self,
        request: HttpRequest,
        product: Product,
        stored: Stored,
        names: list[dict[str, Any]],
        rows: Any,
        columns: tuple[str, ...],
    ) -> bool:
        before = _before_renaming(names, stored)
        try:
            skus.save_matrix(
                product=product,
                axes=_axis_rows(names, stored),
                rows=[self._row(request, form.cleaned_data, stored, columns, before) for form in rows],
                actor=actor(request),
            )
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return False
        messages.success(request, _now("The specifications are saved."))
        return True

    def _row(
        self,
        request: HttpRequest,
        data: dict[str, Any],
        stored: Stored,
        columns: tuple[str, ...],
        before: Callable[[Values], Values],
    ) -> SkuRow:
        sku = stored.skus.get(before(data["values"]))
        price: Decimal = data["list_price"]
        if sku and not request.user.has_perm("catalog.set_price"):
            price = sku.list_price
        given = {name: data[name] for name in columns if name not in ("list_price", "barcode")}
        for name in ("weight_grams", "volume_cm3"):
            given[name] = given[name] or 0
        return SkuRow(
            values=data["values"],
            list_price=price.quantize(Decimal("0.01")),
            barcode=data["barcode"] or None,
            **given,
        )


def _read(product: Product) -> Stored:
    axes = list(product.axes.prefetch_related("values"))
    place = {value.pk: (n, value.name) for n, axis in enumerate(axes) for value in axis.values.all()}
    found: dict[Values, Sku] = {}
    for sku in product.skus.prefetch_related("values"):
        named = sorted(place[value.pk] for value in sku.values.all() if value.pk in place)
        if len(named) == len(axes):
            found[tuple(name for _, name in named)] = sku
    return Stored(axes, found)


def _axis_forms(stored: Stored) -> Any:
    initial = [
        {"id": axis.pk, "name": axis.name, "values": "、".join(value.name for value in axis.values.all())}
        for axis in stored.axes
    ]
    initial += [{}] * (AXES_AT_MOST - len(initial))
    return AxisForms(initial=initial, prefix="axis")


def _row_forms(stored: Stored, columns: tuple[str, ...]) -> Any:
    order = sorted(stored.skus.items(), key=lambda item: item[1].position)
    shown = [_initial(values, sku, columns) for values, sku in order if sku.is_active or stored.axes]
    return RowForms(
        initial=shown or [_initial((), None, columns)] * (not stored.axes),
        prefix="row",
        form_kwargs={"columns": columns},
    )


def _made_anew(
    rows: Any, wanted: list[tuple[Values, Values]], stored: Stored, columns: tuple[str, ...]
) -> Any:
    """A row for each combination of values, with what was typed or stored for it (under its old names)."""
    typed = {}
    for form in rows:
        values = form.data.get(form.add_prefix("values"), "[]")
        typed[_values_of(values)] = {name: form.data.get(form.add_prefix(name), "") for name in columns}
    initial = []
    for values, before in wanted:
        known = typed.get(values) or typed.get(before)
        if known:
            initial.append(known | {"values": list(values)})
        elif before in stored.skus:
            initial.append(_initial(values, stored.skus[before], columns))
        else:
            initial.append(_initial(values, None, columns) | _grown_from(values, typed))
    return RowForms(initial=initial, prefix="row", form_kwargs={"columns": columns})


def _grown_from(values: Values, typed: dict[Values, dict[str, Any]]) -> dict[str, Any]:
    """What a row says whose values are among these, as when an axis is added; a code belongs to one row."""
    found = next((row for old, row in typed.items() if old and set(old) <= set(values)), {})
    return {name: value for name, value in found.items() if name not in ("code", "barcode")}


def _values_of(text: str) -> Values:
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _initial(values: Values, sku: Sku | None, columns: tuple[str, ...]) -> dict[str, Any]:
    given = {name: getattr(sku, name) for name in columns} if sku else {"is_active": True}
    return {"values": list(values), **given}


def _combinations(names: list[dict[str, Any]]) -> Any:
    return itertools.product(*(axis["values"] for axis in names))


def _fits(rows: Any, wanted: list[Values]) -> bool:
    return {form.cleaned_data["values"] for form in rows} <= set(wanted) and bool(len(rows))


def _axis_rows(names: list[dict[str, Any]], stored: Stored) -> list[AxisRow]:
    by_id = {axis.pk: axis for axis in stored.axes}
    found = []
    for axis in names:
        old = by_id.get(axis["id"] or 0)
        ids = _renamed(old, axis["values"]) if old else {}
        values = tuple(ValueRow(name, ids.get(name)) for name in axis["values"])
        found.append(AxisRow(axis["name"], values, old.pk if old else None))
    return found


def _before_renaming(names: list[dict[str, Any]], stored: Stored) -> Callable[[Values], Values]:
    """Turns values of the new axes into those they had before they were renamed."""
    by_id = {axis.pk: axis for axis in stored.axes}
    tables: list[dict[str, str]] = []
    for axis in names:
        old = by_id.get(axis["id"] or 0)
        known = {value.pk: value.name for value in old.values.all()} if old else {}
        ids = _renamed(old, axis["values"]) if old else {}
        tables.append({name: known[pk] for name, pk in ids.items()})
    return lambda values: tuple(table.get(name, name) for table, name in zip(tables, values, strict=True))


def _renamed(axis: SpecAxis, names: list[str]) -> dict[str, int]:
    """Ids of values that stand where one with another name stood: it was renamed, not replaced."""
    old = list(axis.values.all())
    if len(old) != len(names):
        return {}
    known = {value.name for value in old}
    return {
        name: value.pk
        for value, name in zip(old, names, strict=True)
        if value.name not in names and name not in known
    }
