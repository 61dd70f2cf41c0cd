"""How one gets into the account: the number and WeChat, bound and unbound; and joining two accounts."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.errors import InvalidPhone, PhoneHasAccount, WrongCode
from members.models import Member
from members.selectors import members
from members.selectors import wechat as identities
from members.services import numbers, phone_codes
from members.services import wechat as accounts
from members.terms import CodePurpose
from orders.services import baskets
from shop.core.errors import Refusal
from shop.core.http import client_ip
from shop.storefront import entering, in_wechat
from shop.storefront.forms.numbers import NumberCodeForm, NumberForm
from shop.storefront.guards import ShopRequest, members_only, safe_next

PROVED = "number_proved"
PROVED_SECONDS = 600


@require_safe
@members_only
def sign_ins(request: ShopRequest) -> HttpResponse:
    """Which ways are bound."""
    user = request.member.user
    context = {
        "masked_phone": user.masked_phone,
        "has_password": user.has_usable_password(),
        "has_wechat": identities.is_bound(user.pk),
        "can_link": in_wechat.is_on(request),
        "is_wechat_on": in_wechat.apps.is_on("oa"),
    }
    return render(request, "storefront/wechat_sign_ins.html", context)


@require_POST
@members_only
def link(request: ShopRequest) -> HttpResponse:
    """To WeChat, which says who this is, and back."""
    back = reverse("storefront:sign_ins")
    if not in_wechat.is_on(request):
        messages.error(request, _("Open this page in WeChat to link it."))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(in_wechat.way_out(request, purpose="link", path=back))


@require_POST
@members_only
def unlink(request: ShopRequest) -> HttpResponse:
    try:
        accounts.unlink(user=request.member.user)
    except Refusal as refusal:
        messages.error(request, refusal.message_text)
    else:
        in_wechat.pause(request, in_wechat.LONG_SECONDS)
        messages.success(request, _("WeChat is no longer linked to this account."))
    return HttpResponseRedirect(reverse("storefront:sign_ins"))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def number(request: ShopRequest) -> HttpResponse:
    """Binds the number, or asks whether to join the account it has."""
    back = safe_next(request, reverse("storefront:sign_ins"))
    if request.member.user.phone_tail:
        return HttpResponseRedirect(back)
    if request.method != "POST":
        return _drawn(request, NumberForm(), back)
    form = NumberCodeForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, back, status=422)
    try:
        numbers.bind(
            user=request.member.user,
            phone=form.cleaned_data["phone"],
            code=form.cleaned_data["code"],
            session_key=entering.session_key(request),
        )
    except PhoneHasAccount as found:
        request.session[PROVED] = [found.user_id, request.member.pk, int(time.time())]
        return _asked(request, found.user_id, back)
    except Refusal as refusal:
        _say(form, refusal)
        return _drawn(request, form, back, status=refusal.status)
    entering.agree(request, request.member.user)
    messages.success(request, _("Your number is bound. Thank you."))
    return HttpResponseRedirect(back)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def number_code(request: ShopRequest) -> HttpResponse:
    """Has a code sent and shows the form again, the number kept."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("storefront:number"))
    back = safe_next(request, reverse("storefront:sign_ins"))
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, back, status=422)
    try:
        phone_codes.send(
            phone=form.cleaned_data["phone"],
            purpose=CodePurpose.BIND,
            session_key=entering.session_key(request),
            ip=client_ip(request),
        )
    except Refusal as refusal:
        _say(form, refusal)
        return _drawn(request, form, back, status=refusal.status)
    return _drawn(request, form, back, sent=form.cleaned_data["phone"].strip()[-4:])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def join(request: ShopRequest) -> HttpResponse:
    """Two accounts become one: this session proves the one, the code just typed the other."""
    back = safe_next(request, reverse("storefront:sign_ins"))
    owner_id, member_id, at = request.session.get(PROVED) or (0, 0, 0)
    is_proved = member_id == request.member.pk and time.time() - at < PROVED_SECONDS
    if request.method != "POST" or not is_proved:
        return HttpResponseRedirect(f"{reverse('storefront:number')}")
    request.session.pop(PROVED)
    gone: Member = request.member
    try:
        user = numbers.join(user=gone.user, owner_id=owner_id)
    except Refusal as refusal:
        messages.error(request, refusal.message_text)
        return HttpResponseRedirect(reverse("storefront:sign_ins"))
    openid = in_wechat.payer(request)
    entering.enter(request, user, has_agreed=True)
    baskets.join_members(gone=gone, kept=user.member)
    if openid:
        in_wechat.remember_payer(request, openid)
    messages.success(request, _("Both accounts are one now. Everything is here."))
    return HttpResponseRedirect(back)


def _asked(request: ShopRequest, owner_id: int, back: str) -> HttpResponse:
    owner = Member.objects.select_related("user").filter(user_id=owner_id).first()
    context = {"next": back, "owner": members.card(owner) if owner else None}
    return render(request, "storefront/wechat_join.html", context)


def _say(form: Any, refusal: Refusal) -> None:
    field = (
        "phone" if isinstance(refusal, InvalidPhone) else "code" if isinstance(refusal, WrongCode) else None
    )
    form.add_error(field, refusal.message_text)


def _drawn(request: ShopRequest, form: Any, back: str, sent: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "next": back, "sent": sent, "sandbox_url": settings.SANDBOX_URL}
    return render(request, "storefront/wechat_number.html", context, status=status)
