"""Knows the shopper of a request, signed in or not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shop.storefront.shopper import Shopper


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
