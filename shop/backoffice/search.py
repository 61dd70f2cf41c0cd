"""The search of the back office (Ctrl K): orders, parcels, products, members; a handful of each.

What was typed decides which questions are asked, and each of them stays within one index: four digits are
the end of a phone number, longer ones a number, words a title, a name or a note.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from catalog.selectors import lookup
from members.models import Member
from members.selectors import people
from orders.models import Order, Shipment
from orders.selectors import finding
from orders.selectors.todo import scoped
from shop.core import money

AT_MOST = 8
CANDIDATES = 2000
SHORTEST_WORDS = 3
SHORTEST_PARCEL = 6


def find(request: HttpRequest, text: str) -> list[SearchResult]:
    """What the person may see that fits the text."""
    text = " ".join(text.split())[:60]
    user = request.user
    if len(text) < 2:
        return []
    found: list[SearchResult] = []
    if user.has_perm("orders.view_order"):
        found += _orders(user, text)
    if user.has_perm("orders.view_shipment"):
        found += _parcels(user, text)
    if user.has_perm("catalog.view_product"):
        found += _goods(text)
    if user.has_perm("members.view_member"):
        found += _members(text)
    return found


def _orders(user: Any, text: str) -> Iterable[SearchResult]:
    digits = text.replace(" ", "")
    if len(digits) < (4 if _is_number(digits) else SHORTEST_WORDS):
        return []
    rows = Order.objects.filter(finding.matches(text))
    is_beginning = _is_number(digits) and len(digits) > 4
    rows = _within(rows.order_by("-number" if is_beginning else "-pk"), user)
    return [
        _result(
            order,
            order.number,
            f"{order.get_status_display()} · {money.show(order.due)} · {order.created_at:%m-%d}",
            "receipt_long",
        )
        for order in rows[:AT_MOST]
    ]


def _within(rows: QuerySet[Order], user: Any) -> QuerySet[Order]:
    """Only those of the person's places; for bound people the newest candidates are looked through."""
    mine = scoped(rows, user)
    if mine is rows:
        return rows
    candidates = rows.values("pk")[:CANDIDATES]
    return scoped(Order.objects.filter(pk__in=candidates), user).order_by("-pk")


def _parcels(user: Any, text: str) -> Iterable[SearchResult]:
    number = text.replace(" ", "").upper()
    if len(number) < SHORTEST_PARCEL or not number.isascii():
        return []
    rows = Shipment.objects.filter(tracking_no__startswith=number).values("pk")[:CANDIDATES]
    parcels = scoped(Shipment.objects.filter(pk__in=rows), user, "order__place")
    return [
        _result(parcel.order, parcel.tracking_no, f"{parcel.carrier_name} · {parcel.order}", "package_2")
        for parcel in parcels.select_related("order").order_by("-pk")[:AT_MOST]
    ]


def _goods(text: str) -> Iterable[SearchResult]:
    results = {}
    if text.isascii():
        for sku in lookup.by_code(text, AT_MOST):
            words = f"{sku.code} {sku.spec_text}".strip()
            results[sku.product_id] = _result(sku.product, sku.product.title, words, "barcode")
    if not _is_number(text):
        for product in lookup.by_words(text, AT_MOST):
            state = str(product.get_status_display())
            results.setdefault(product.pk, _result(product, product.title, state, "grocery"))
    return list(results.values())[:AT_MOST]


def _members(text: str) -> Iterable[SearchResult]:
    return [
        _result(member, member.user.display_name or "–", member.user.masked_phone, "person")
        for member in _known(text)
    ]


def _known(text: str) -> Iterator[Member]:
    person = people.find_by_phone(text)
    ids = [person.pk] if person else people.ids_by_tail_or_name(text, AT_MOST)
    members = {
        member.user_id: member for member in Member.objects.filter(user__in=ids).select_related("user")
    }
    return (members[pk] for pk in ids if pk in members)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _result(thing: Any, title: str, description: str, icon: str) -> SearchResult:
    meta = thing._meta
    link = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
    return SearchResult(title=title, description=description, link=link, icon=icon)
