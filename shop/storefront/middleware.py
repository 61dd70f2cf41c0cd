"""Knows the shopper of a request, signed in or not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from shop.storefront import in_wechat
from shop.storefront.shopper import Shopper

PAYING = ("/checkout/", "/orders/")


class KnowsShopper:
    """Gives `request.shopper` to views and templates and keeps the guest's signed cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shopper = Shopper(request)
        request.shopper = shopper  # type: ignore[attr-defined]
        response = self.get_response(request)
        shopper.write_cookie(response)
        return response


class SignsInByWechat:
    """Inside WeChat nobody is asked to sign in: WeChat says who opens a page, before the page. One attempt;
    when WeChat is silent the shopper is a guest for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if in_wechat.is_on(request) and in_wechat.is_page(request):
            purpose = self._errand(request)
            if purpose:
                path = request.get_full_path()
                return HttpResponseRedirect(in_wechat.way_out(request, purpose=purpose, path=path))
        return self.get_response(request)

    def _errand(self, request: HttpRequest) -> str:
        if in_wechat.is_paused(request):
            return ""
        if not request.user.is_authenticated:
            return "enter"
        is_paying = request.path.startswith(PAYING)
        return "pay" if is_paying and not in_wechat.payer(request) else ""
