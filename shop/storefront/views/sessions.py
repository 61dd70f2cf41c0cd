"""Signing in and out. The guest's basket comes along; the session gets a new key."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members.errors import InvalidPhone, WrongCode
from members.models import User
from members.services import people, phone_codes
from members.terms import CodePurpose
from shop.core.errors import Refusal
from shop.core.http import client_ip
from shop.storefront import entering, in_wechat
from shop.storefront.forms.login import CodeForm, PasswordForm, PhoneForm
from shop.storefront.guards import ShopRequest, safe_next


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: ShopRequest) -> HttpResponse:
    back = safe_next(request, "")
    if request.shopper.member is not None:
        return HttpResponseRedirect(back or reverse("storefront:me"))
    if in_wechat.is_preview(request):
        return HttpResponseRedirect(reverse("storefront:wechat_preview"))
    way = _way(request)
    if request.method != "POST":
        return _drawn(request, _blank(way), way, back)
    form: Any = PasswordForm(request.POST) if way == "password" else CodeForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, way, back, status=422)
    try:
        user = _by_password(request, form) if way == "password" else _by_code(request, form)
    except Refusal as refusal:
        _say(form, refusal)
        return _drawn(request, form, way, back, status=refusal.status)
    entering.enter(request, user, has_agreed=True)
    return HttpResponseRedirect(back or reverse("storefront:me"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_code(request: ShopRequest) -> HttpResponse:
    """Has a code sent and shows the form again, the number kept."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("storefront:login"))
    back = safe_next(request, "")
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, "code", back, status=422)
    try:
        phone_codes.send(
            phone=form.cleaned_data["phone"],
            purpose=CodePurpose.LOGIN,
            session_key=entering.session_key(request),
            ip=client_ip(request),
        )
    except Refusal as refusal:
        _say(form, refusal)
        return _drawn(request, form, "code", back, status=refusal.status)
    return _drawn(request, form, "code", back, sent=form.cleaned_data["phone"].strip()[-4:])


@require_POST
def logout(request: ShopRequest) -> HttpResponse:
    auth.logout(request)
    if in_wechat.is_inside(request):
        in_wechat.pause(request, in_wechat.LONG_SECONDS)
    return HttpResponseRedirect(reverse("storefront:me"))


def _by_code(request: ShopRequest, form: CodeForm) -> User:
    return people.sign_in_by_phone(
        phone=form.cleaned_data["phone"],
        code=form.cleaned_data["code"],
        session_key=entering.session_key(request),
        ip=client_ip(request),
    )


def _by_password(request: ShopRequest, form: PasswordForm) -> User:
    return people.sign_in_by_password(
        login=form.cleaned_data["login"], password=form.cleaned_data["password"], ip=client_ip(request)
    )


def _say(form: Any, refusal: Refusal) -> None:
    if isinstance(refusal, InvalidPhone):
        form.add_error("phone", refusal.message_text)
    elif isinstance(refusal, WrongCode):
        form.add_error("code", refusal.message_text)
    else:
        form.add_error(None, refusal.message_text)


def _way(request: HttpRequest) -> str:
    return "password" if (request.POST.get("way") or request.GET.get("way")) == "password" else "code"


def _blank(way: str) -> Any:
    return PasswordForm() if way == "password" else PhoneForm()


def _drawn(
    request: ShopRequest, form: Any, way: str, back: str, sent: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "way": way,
        "next": back,
        "sent": sent,
        "sandbox_url": settings.SANDBOX_URL,
        "wechat_phone": f"{settings.SANDBOX_URL}/phone/?to=/" if settings.SANDBOX_PHONE_URL else "",
        "query": urlencode({"next": back}) if back else "",
        "by_wechat": in_wechat.sign_in_address(back or reverse("storefront:me"))
        if in_wechat.is_on(request)
        else "",
    }
    return render(request, "storefront/login.html", context, status=status)
