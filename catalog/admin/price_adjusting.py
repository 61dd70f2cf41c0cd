"""The page on which many prices are moved at once: a preview first, every price still to be corrected."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import PriceRule
from catalog.selectors import categories
from catalog.services import price_adjusting
from catalog.terms.prices import Tail
from shop.core.admin import actor, dress

MAY = "catalog.set_price"


class AdjustForm(forms.Form):
    category = forms.ChoiceField(label=_("Category"), required=False)
    q = forms.CharField(label=_("Part of the title, or a code"), max_length=40, required=False)
    percent = forms.DecimalField(
        label=_("Move by (%)"),
        max_digits=4,
        decimal_places=1,
        min_value=-price_adjusting.MOST_PERCENT,
        max_value=price_adjusting.MOST_PERCENT,
        initial=0,
        help_text=_("0 only changes how prices end."),
    )
    tail = forms.ChoiceField(
        label=_("Prices end on"),
        required=False,
        choices=[("", _("As the goods or the shop say")), *Tail.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [
            ("", _("All")),
            *((str(node.id), "　" * (len(node.path) - 1) + node.name) for node in categories.walk()),
        ]


def page(admin: Any, request: HttpRequest) -> HttpResponse:
    """GET shows the preview for the form; POST applies the ticked rows at the prices typed."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    refused: dict[int, str] = {}
    typed: dict[str, str] = {}
    reason = request.POST.get("reason", "").strip()[:200]
    if request.method == "POST":
        refused, typed = _apply(request, reason)
    asked = "percent" in request.GET
    form = AdjustForm(request.GET if asked else None)
    rows: list[dict[str, Any]] = []
    if asked and form.is_valid():
        given = form.cleaned_data
        found = price_adjusting.preview(
            category_id=int(given["category"]) if given["category"] else None,
            query=given["q"].strip(),
            percent=given["percent"],
            tail=given["tail"],
        )
        rows = [
            {
                "row": one,
                "goods": f"{one.sku.product.title} {one.sku.spec_text}".strip(),
                "price": typed.get(str(one.sku.pk), "" if one.price is None else str(one.price)),
                "is_ticked": str(one.sku.pk) in typed if typed else one.is_moved,
                "refused": refused.get(one.sku.pk, ""),
            }
            for one in found
        ]
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Move and round prices"),
        "tabs_of": PriceRule._meta,
        "form": dress(form),
        "asked": asked,
        "rows": rows,
        "moved_count": sum(one["row"].is_moved for one in rows),
        "reason": reason,
        "most": price_adjusting.MOST,
    }
    return TemplateResponse(request, "admin/catalog/price_adjusting.html", context)


def _apply(request: HttpRequest, reason: str) -> tuple[dict[int, str], dict[str, str]]:
    """What was refused by SKU, and what was typed in ticked rows while something was."""
    ticked = [key for key in request.POST.getlist("sku") if key.isascii() and key.isdigit()]
    typed = {key: request.POST.get(f"price-{key}", "").strip() for key in ticked[: price_adjusting.MOST]}
    chosen: dict[int, Decimal] = {}
    refused: dict[int, str] = {}
    for key, text in typed.items():
        try:
            chosen[int(key)] = Decimal(text)
        except InvalidOperation:
            refused[int(key)] = _now("This is not a price.")
    if not reason:
        messages.error(request, _now("Say why the prices change."))
        return refused, typed
    outcome = price_adjusting.apply(chosen=chosen, actor=actor(request), reason=reason)
    refused |= outcome.refused
    if outcome.done_count:
        messages.success(request, _now("Prices changed: %(n)d.") % {"n": outcome.done_count})
    if refused:
        messages.warning(
            request, _now("Prices not changed: %(n)d. Why stands beside them.") % {"n": len(refused)}
        )
    return refused, {key: text for key, text in typed.items() if int(key) in refused}
