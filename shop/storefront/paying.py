"""Which way of paying fits the place one is in: inside WeChat, a phone's browser, a desktop."""

from dataclasses import dataclass

from django.http import HttpRequest

from orders.terms import PaymentMethod
from shop.storefront import in_wechat
from shop.storefront.reading import is_phone


@dataclass(frozen=True, slots=True)
class Way:
    """`openid` is WeChat's own word in this session and needed inside WeChat alone."""

    method: PaymentMethod
    openid: str = ""


def way_of(request: HttpRequest, *, is_other: bool = False) -> Way:
    """JSAPI inside WeChat, H5 in a phone's browser, a code to scan on a desktop. `is_other` asks for what
    works everywhere when the first choice didn't: the code."""
    if in_wechat.is_on(request) and not is_other:
        openid = in_wechat.payer(request)
        if openid:
            return Way(PaymentMethod.JSAPI, openid)
    if is_phone(request.headers.get("User-Agent", "")) and not is_other:
        return Way(PaymentMethod.H5)
    return Way(PaymentMethod.NATIVE)
