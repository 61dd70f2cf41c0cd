"""Doors of the pages: who may enter, where one may be sent to, how a refusal is said."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import Member
from shop.core.errors import NotFound
from shop.storefront import in_wechat
from shop.storefront.shopper import Shopper

P = ParamSpec("P")
View = Callable[Concatenate["ShopRequest", P], HttpResponse]


class ShopRequest(HttpRequest):
    """A request as our middleware leaves it (for type checking only)."""

    shopper: Shopper
    member: Member
    htmx: bool


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where `next` leads, if it stays in this shop; never another host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if is_ours else otherwise


def members_only(view: View[P]) -> View[P]:
    """Signed-in shoppers get `request.member`; others go to the sign-in page and come back."""

    @wraps(view)
    def guarded(request: ShopRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.shopper.member is None:
            back = (
                request.get_full_path()
                if request.method == "GET"
                else safe_next(request, reverse("storefront:me"))
            )
            name = "wechat_preview" if in_wechat.is_preview(request) else "login"
            address = f"{reverse(f'storefront:{name}')}?{urlencode({'next': back})}"
            if request.htmx:
                return HttpResponse(status=204, headers={"HX-Redirect": address})
            return HttpResponseRedirect(address)
        request.member = request.shopper.member
        return view(request, *args, **kwargs)

    return guarded


def missing_is_404(view: View[P]) -> View[P]:
    """What isn't there, or isn't theirs, is not found."""

    @wraps(view)
    def guarded(request: ShopRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as missing:
            raise Http404 from missing

    return guarded
