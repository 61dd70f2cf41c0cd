"""The member's own pages: where they stand, their name and password, their points."""

from math import ceil
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketing.selectors import coupon_cards
from members.selectors import members
from members.selectors import points as points_book
from members.selectors.members import MemberCard
from members.services import passwords, people
from orders.policies import GROWTH_PER_YUAN
from orders.selectors import orders
from orders.terms import Tab
from shop.core.errors import Refusal
from shop.storefront.forms.profile import NameForm, PasswordForm
from shop.storefront.guards import ShopRequest, members_only
from shop.storefront.reading import whole_or_none

SIGNS = {Tab.TO_PAY: "wallet", Tab.TO_SHIP: "box", Tab.TO_RECEIVE: "truck", Tab.COMPLETED: "done"}


@require_safe
def me(request: ShopRequest) -> HttpResponse:
    member = request.shopper.member
    counts = orders.tab_counts(member) if member else {}
    context: dict[str, Any] = {
        "member": member,
        "shortcuts": [
            {"code": tab.value, "label": tab.label, "sign": sign, "count": counts.get(tab, 0)}
            for tab, sign in SIGNS.items()
        ],
    }
    if member:
        card = members.card(member)
        name = card.name or _("Friend")
        context |= {
            "card": card,
            "name": name,
            "initial": name[:1],
            "points": points_book.balance(member.pk),
            "coupon_count": coupon_cards.usable_count(member.pk),
            "level_words": level_words(card),
        }
    return render(request, "storefront/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def profile(request: ShopRequest) -> HttpResponse:
    user = request.member.user
    has_password = user.has_usable_password()
    done = request.POST.get("do")
    name_form = NameForm(
        request.POST if done == "name" else None, initial={"display_name": user.display_name}
    )
    password_form = PasswordForm(request.POST if done == "password" else None, user=user)
    try:
        if done == "name" and name_form.is_valid():
            people.change_name(user=user, name=name_form.cleaned_data["display_name"])
            return HttpResponseRedirect(reverse("storefront:me"))
        if done == "password" and password_form.is_valid():
            passwords.change(user=user, password=password_form.cleaned_data["new_password1"])
            update_session_auth_hash(request, user)
            return HttpResponseRedirect(reverse("storefront:me"))
    except Refusal as refusal:
        if done == "name":
            name_form.add_error("display_name", refusal.message_text)
        else:
            password_form.add_error("new_password1", refusal.message_text)
    context = {"name_form": name_form, "password_form": password_form, "has_password": has_password}
    return render(request, "storefront/profile.html", context, status=422 if done else 200)


@require_safe
@members_only
def points(request: ShopRequest) -> HttpResponse:
    member = request.member
    card = members.card(member)
    page = points_book.entries(member.pk, after=whole_or_none(request.GET.get("after")))
    ending, first_at = points_book.next_to_expire(member.pk)
    context = {
        "balance": points_book.balance(member.pk),
        "entries": page.entries,
        "next_cursor": page.next_after,
        "ending": ending,
        "ending_at": first_at,
        "growth_words": level_words(card),
        "card": card,
    }
    return render(request, "storefront/points.html", context)


def level_words(card: MemberCard) -> str:
    """How far the next level is, in yuan of shopping; in growth where shopping brings none."""
    if card.next_level is None:
        return _("You have reached the highest level. Thank you.") if card.level else ""
    a_yuan = GROWTH_PER_YUAN.get()
    if not a_yuan:
        return _("{missing} more growth to {level}").format(
            missing=card.growth_missing, level=card.next_level.name
        )
    return _("Spend ¥{amount} more to become {level}").format(
        amount=ceil(card.growth_missing / a_yuan), level=card.next_level.name
    )
