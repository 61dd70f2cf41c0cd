"""Paying: the code to scan, the way into WeChat or its own sheet, "confirming" until the server knows, what
comes after."""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.models import Payment
from orders.selectors import orders
from orders.services import payments, settling
from orders.terms import OrderStatus, PaymentMethod, PaymentStatus
from shop.core import clock
from shop.core.errors import Refusal
from shop.core.http import client_ip
from shop.storefront import in_wechat, order_words, paying
from shop.storefront.guards import ShopRequest, members_only, missing_is_404

ASK_AFTER_FIRST = timedelta(seconds=4)
POLL_SECONDS = 8
PRESSES_A_MINUTE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@missing_is_404
def pay(request: ShopRequest, number: str) -> HttpResponse:
    """GET shows how to pay; POST opens a payment or goes on with the open one."""
    if request.method != "POST":
        return _drawn(request, number, goes="go" in request.GET, is_back="back" in request.GET)
    order = orders.page(request.member, number).order
    if order.status != OrderStatus.UNPAID:
        return _elsewhere(order.status, number)
    is_other = request.POST.get("way") == "other"
    if in_wechat.is_on(request) and not (
        is_other or in_wechat.payer(request) or in_wechat.is_paused(request)
    ):
        return HttpResponseRedirect(in_wechat.sign_in_address(_address(number)))
    way = paying.way_of(request, is_other=is_other)
    try:
        payments.start(
            order_id=order.pk, method=way.method, client_ip=client_ip(request), payer_openid=way.openid
        )
    except Refusal as refusal:
        return _drawn(request, number, refusal=refusal)
    return HttpResponseRedirect(_address(number) + "?go=1")


@require_POST
@members_only
@missing_is_404
def check(request: ShopRequest, number: str) -> HttpResponse:
    """Asks the gateway whether the money has come. htmx polls it, people press "I have paid"."""
    order = orders.page(request.member, number).order
    payment = _payment(number)
    if order.status == OrderStatus.UNPAID and payment and _may_ask(request, payment):
        try:
            settling.ask(payment_id=payment.pk)
        except Refusal as refusal:
            return _drawn(request, number, refusal=refusal)
        order.refresh_from_db()
    if order.status != OrderStatus.UNPAID:
        return _elsewhere(order.status, number, is_htmx=request.htmx)
    if request.htmx:
        return _drawn(request, number, is_back=bool(request.POST.get("said_paid")))
    return HttpResponseRedirect(_address(number) + "?back=1")


@require_safe
@members_only
@missing_is_404
def paid(request: ShopRequest, number: str) -> HttpResponse:
    page = orders.page(request.member, number)
    if page.order.status == OrderStatus.UNPAID:
        return HttpResponseRedirect(_address(number))
    context = {
        "order": page.order,
        "pickup": order_words.pickup(page.pickup),
        "next_words": order_words.next_words(page.order),
    }
    return render(request, "storefront/paid.html", context)


def _drawn(
    request: ShopRequest,
    number: str,
    *,
    goes: bool = False,
    is_back: bool = False,
    refusal: Refusal | None = None,
) -> HttpResponse:
    # in this order: what is settled in between must not look like an order without a payment
    payment = _payment(number)
    order = orders.page(request.member, number).order
    if order.status != OrderStatus.UNPAID:
        return _elsewhere(order.status, number, is_htmx=request.htmx)
    h5_url = code_url = ""
    sheet: dict[str, str] = {}
    if payment and payment.status == PaymentStatus.PENDING:
        returns = f"{settings.SHOP_URL}{_address(number)}?back=1"
        h5_url = payments.h5_address(payment, returns) if payment.method == PaymentMethod.H5 else ""
        code_url = str(payment.prepay.get("code_url", ""))
        if payment.method == PaymentMethod.JSAPI and payment.payer == in_wechat.payer(request):
            sheet = payment.prepay.get("client") or {}
    stage = _stage(payment, is_back=is_back, has_sheet=bool(sheet))
    context = {
        "order": order,
        "stage": stage,
        "code_url": code_url,
        "h5_url": h5_url,
        "open_url": h5_url if goes and stage == "phone" else "",
        "sheet": sheet,
        "opens_sheet": goes and stage == "sheet",
        "is_waiting": stage in ("scan", "phone", "sheet", "confirming"),
        "is_in_wechat": in_wechat.is_inside(request),
        "sandbox_url": settings.SANDBOX_URL,
        "here": _address(number),
        "error": refusal.message_text if refusal else "",
        "now": clock.page_now(),
    }
    template = "storefront/pay_state.html" if request.htmx and not refusal else "storefront/pay.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _stage(payment: Payment | None, *, is_back: bool, has_sheet: bool) -> str:
    """start: nothing open here; scan, phone or sheet: waiting for the shopper; confirming: waiting for the
    gateway."""
    if payment is None or payment.status in (PaymentStatus.CLOSED, PaymentStatus.FAILED):
        return "start"
    if is_back or payment.is_unknown or payment.status != PaymentStatus.PENDING:
        return "confirming"
    if payment.method == PaymentMethod.JSAPI:
        return "sheet" if has_sheet else "start"  # opened in WeChat, looked at elsewhere
    return "phone" if payment.method == PaymentMethod.H5 else "scan"


def _payment(number: str) -> Payment | None:
    """The attempt that is open for the order of this number, if any."""
    return Payment.objects.filter(shares__order__number=number, shares__is_open=True).first()


def _may_ask(request: ShopRequest, payment: Payment) -> bool:
    """People are asked for at once, within reason. A poll leaves the gateway alone for the first seconds, and
    altogether while it is silent: then our own job asks, and no page waits for it."""
    if not request.htmx:
        cache.add(f"asked:{payment.pk}", 0, 60)
        return cache.incr(f"asked:{payment.pk}") <= PRESSES_A_MINUTE
    if payment.is_unknown or clock.page_now() - payment.created_at <= ASK_AFTER_FIRST:
        return False
    return cache.add(f"polled:{payment.pk}", 1, POLL_SECONDS)


def _elsewhere(status: str, number: str, is_htmx: bool = False) -> HttpResponse:
    name = "order" if status == OrderStatus.CLOSED else "order_paid"
    address = reverse(f"storefront:{name}", args=[number])
    if is_htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _address(number: str) -> str:
    return reverse("storefront:order_pay", args=[number])
