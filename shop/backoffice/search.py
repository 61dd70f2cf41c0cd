"""The search of the back office (Ctrl K): orders, parcels, products, members; a handful of each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from catalog.models import Product
from members.models import Member
from members.selectors import people
from orders.models import Order, Shipment
from orders.selectors import finding
from orders.selectors.todo import scoped
from shop.core import money

AT_MOST = 8


def find(request: HttpRequest, text: str) -> list[SearchResult]:
    """What the person may see that fits the text."""
    text = text.strip()
    user = request.user
    if len(text) < 2:
        return []
    found: list[SearchResult] = []
    if user.has_perm("orders.view_order"):
        found += _orders(user, text)
    if user.has_perm("orders.view_shipment"):
        found += _parcels(user, text)
    if user.has_perm("catalog.view_product"):
        found += _products(text)
    if user.has_perm("members.view_member"):
        found += _members(text)
    return found


def _orders(user: Any, text: str) -> Iterable[SearchResult]:
    rows = scoped(Order.objects.filter(finding.matches(text)), user).order_by("-pk")[:AT_MOST]
    return [
        _result(
            order, order.number, f"{order.get_status_display()} · {money.show(order.due)}", "receipt_long"
        )
        for order in rows
    ]


def _parcels(user: Any, text: str) -> Iterable[SearchResult]:
    rows = scoped(Shipment.objects.filter(tracking_no=text.upper()), user, "order__place")
    return [
        _result(parcel.order, parcel.tracking_no, f"{parcel.carrier_name} · {parcel.order}", "package_2")
        for parcel in rows.select_related("order")[:AT_MOST]
    ]


def _products(text: str) -> Iterable[SearchResult]:
    by_code = Q(skus__code__iexact=text) | Q(skus__barcode=text)
    rows = Product.objects.filter(Q(title__icontains=text) | by_code).distinct().order_by("-sold_count", "pk")
    return [
        _result(product, product.title, str(product.get_status_display()), "grocery")
        for product in rows[:AT_MOST]
    ]


def _members(text: str) -> Iterable[SearchResult]:
    known = people.find_by_phone(text)
    rows = Member.objects.filter(user=known) if known else _by_tail_or_name(text)
    return [
        _result(member, member.user.display_name or "–", member.user.masked_phone, "person")
        for member in rows.select_related("user")[:AT_MOST]
    ]


def _by_tail_or_name(text: str) -> Any:
    if len(text) == 4 and text.isascii() and text.isdigit():
        return Member.objects.filter(user__phone_tail=text).order_by("-pk")
    if text.isascii() and text.isdigit():
        return Member.objects.none()
    return Member.objects.filter(user__display_name__icontains=text).order_by("-pk")


def _result(thing: Any, title: str, description: str, icon: str) -> SearchResult:
    meta = thing._meta
    link = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
    return SearchResult(title=title, description=description, link=link, icon=icon)
