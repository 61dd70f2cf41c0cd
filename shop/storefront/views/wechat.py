"""Signing in by WeChat: silently, before anything is asked, and back to where one was going."""

import json
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from members.errors import WechatTaken
from members.services import wechat as accounts
from shop.core.errors import Refusal
from shop.core.wechat import apps, jssdk, sign_in
from shop.core.wechat.sign_in import WebPerson
from shop.storefront import entering, in_wechat
from shop.storefront.guards import ShopRequest, safe_next
from shop.storefront.in_wechat import Errand

log = structlog.get_logger(__name__)

LONGEST_PATH = 500


@never_cache
@require_safe
def start(request: ShopRequest) -> HttpResponse:
    """Pressed by the shopper: to WeChat and back. Where WeChat isn't, the ordinary sign-in is."""
    back = safe_next(request, reverse("storefront:me"))
    in_wechat.resume(request)
    if not in_wechat.is_on(request):
        return HttpResponseRedirect(reverse("storefront:login"))
    purpose = "pay" if request.user.is_authenticated else "enter"
    return HttpResponseRedirect(in_wechat.way_out(request, purpose=purpose, path=back))


@never_cache
@require_safe
def callback(request: ShopRequest) -> HttpResponse:
    """The way back from WeChat. Only with a state this very browser was sent out with, once."""
    errand = in_wechat.way_back(request, request.GET.get("state", ""))
    code = request.GET.get("code", "")
    if errand is None:
        return render(request, "storefront/wechat_stale.html", status=400)
    if not code or not apps.is_on("oa"):
        in_wechat.pause(request)
        return HttpResponseRedirect(errand.path)
    try:
        person = sign_in.exchange(code)
        _receive(request, errand, person)
    except WechatTaken as refusal:
        messages.error(request, refusal.message_text)
    except Refusal as refusal:
        log.warning("wechat_sign_in_failed", refusal=refusal.code)
        in_wechat.pause(request)
    return HttpResponseRedirect(errand.path)


@require_safe
def preview(request: ShopRequest) -> HttpResponse:
    """WeChat shows a preview of the shop: looking is possible, buying needs the whole of WeChat."""
    back = safe_next(request, reverse("storefront:home"))
    return render(request, "storefront/wechat_preview.html", {"again": in_wechat.sign_in_address(back)})


@never_cache
@require_safe
def configuration(request: ShopRequest) -> HttpResponse:
    """What WeChat's JavaScript needs on a page of ours (`path` with its query); nothing where it is off."""
    path = request.GET.get("path", "")
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith("//") and not parts.netloc and not parts.fragment
    if not is_ours or "\\" in path or len(path) > LONGEST_PATH or not in_wechat.is_on(request):
        return HttpResponse(status=204)
    try:
        signed = jssdk.configuration(settings.SHOP_URL + path)
    except Refusal:
        return HttpResponse(status=204)
    icon = static("storefront/icons/icon-512.png")
    return JsonResponse({"config": signed, "base": settings.SHOP_URL, "icon": settings.SHOP_URL + icon})


@never_cache
@require_safe
def basket_count(request: ShopRequest) -> HttpResponse:
    """Pieces in the basket, for a page that came back from the browser's memory."""
    answer = JsonResponse({"count": request.shopper.basket_count})
    answer["HX-Trigger"] = json.dumps({"basketChanged": {"count": request.shopper.basket_count}})
    return answer


def _receive(request: ShopRequest, errand: Errand, person: WebPerson) -> None:
    """Raises what the services refuse."""
    if person.is_snapshotuser:
        in_wechat.begin_preview(request)
        return
    who = {"app_id": apps.app_id("oa"), "openid": person.openid, "unionid": person.unionid}
    if errand.purpose == "enter":
        if not request.user.is_authenticated:
            entering.enter(request, accounts.sign_in(**who), has_agreed=False)
    elif not request.user.is_authenticated or request.user.pk != errand.user_id:
        return
    elif errand.purpose == "link":
        accounts.link(user=request.user, **who)
        messages.success(request, _("This WeChat is linked to your account now."))
    in_wechat.resume(request)
    in_wechat.remember_payer(request, person.openid)
