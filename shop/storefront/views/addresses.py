"""Addresses: list, choose, write, paste."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.errors import InvalidAddress
from members.models import Address
from members.selectors import addresses as book
from members.services import addresses
from shop.core.errors import Refusal
from shop.storefront.forms.addresses import AddressForm
from shop.storefront.guards import ShopRequest, members_only, missing_is_404, safe_next

FIELDS = (
    "recipient",
    "phone",
    "province_code",
    "city_code",
    "district_code",
    "street",
    "detail",
    "tag",
    "is_default",
)


@require_safe
@members_only
def listing(request: ShopRequest) -> HttpResponse:
    """With `next` it is a choice: each address leads back there."""
    back = safe_next(request, "")
    found = [
        {
            "row": row,
            "tag": row.get_tag_display() if row.tag else "",
            "choose_url": _with_address(back, row.pk),
        }
        for row in book.of(request.member)
    ]
    context = {
        "addresses": found,
        "next": back,
        "choose": bool(back),
        "back": back or reverse("storefront:me"),
    }
    return render(request, "storefront/addresses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@missing_is_404
def edit(request: ShopRequest, pk: int | None = None) -> HttpResponse:
    """Saves; or, without saving, reads a pasted text or offers the next level of divisions."""
    row = book.get(request.member, pk) if pk else None
    back = safe_next(request, "")
    if request.method != "POST":
        return _drawn(request, AddressForm(initial=_initial(row)), row, back)
    do = request.POST.get("do")
    if do == "parse":
        return _parsed(request, row, back)
    if do == "regions":
        return _drawn(request, AddressForm(initial=request.POST.dict()), row, back)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            saved = addresses.save(member=request.member, address_id=pk, **form.cleaned_data)
            return HttpResponseRedirect(_with_address(back, saved.pk) or reverse("storefront:addresses"))
        except InvalidAddress as refusal:
            for name in refusal.extra.get("fields", []):
                form.add_error("district_code" if name == "region" else name, _("Please look at this again."))
        except Refusal as refusal:
            form.add_error(None, refusal.message_text)
    return _drawn(request, form, row, back, status=422)


@require_safe
@members_only
def regions(request: ShopRequest) -> HttpResponse:
    """The three selects for what is chosen so far."""
    return render(request, "storefront/regions.html", {"form": AddressForm(initial=request.GET.dict())})


@require_POST
@members_only
@missing_is_404
def make_default(request: ShopRequest, pk: int) -> HttpResponse:
    addresses.make_default(member=request.member, address_id=pk)
    return _list(request)


@require_POST
@members_only
@missing_is_404
def remove(request: ShopRequest, pk: int) -> HttpResponse:
    addresses.remove(member=request.member, address_id=pk)
    return _list(request)


def _parsed(request: ShopRequest, row: Address | None, back: str) -> HttpResponse:
    """Fills in what the text says; what was typed stays where the text says nothing."""
    pasted = request.POST.get("pasted", "")[:500]
    found = addresses.parse(pasted)
    initial = request.POST.dict() | {name: value for name in FIELDS[:7] if (value := getattr(found, name))}
    names = {
        "recipient": _("recipient"),
        "phone": _("mobile number"),
        "province": _("province"),
        "city": _("city"),
        "district": _("district"),
        "detail": _("street and house"),
    }
    missing = "、".join(names[name] for name in found.missing if name in names)
    words = (
        _("Still missing: {names}").format(names=missing)
        if missing
        else _("Filled in. Please check it once.")
    )
    return _drawn(request, AddressForm(initial=initial), row, back, pasted=pasted, missing=words)


def _drawn(
    request: ShopRequest, form: AddressForm, row: Address | None, back: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "editing": row, "next": back, **more}
    return render(request, "storefront/address_form.html", context, status=status)


def _initial(row: Address | None) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS} if row else {}


def _list(request: ShopRequest) -> HttpResponse:
    back = safe_next(request, "")
    query = f"?{urlencode({'next': back})}" if back else ""
    return HttpResponseRedirect(reverse("storefront:addresses") + query)


def _with_address(address: str, pk: int) -> str:
    """The way back with this address chosen; empty stays empty."""
    if not address:
        return ""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "address"]
    return urlunsplit(("", "", parts.path, urlencode([*kept, ("address", str(pk))]), ""))
