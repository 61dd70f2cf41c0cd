"""The shopper's orders: list, page, cancel, confirm, buy again."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from marketing.pricing.quote import Quote
from orders import policies
from orders.models import OrderLine
from orders.selectors import nudges as waiting
from orders.selectors import orders, recalls
from orders.selectors.orders import OrderPage
from orders.services import closing, nudges, receipts, reorders
from orders.terms import ShopperStateCode, Tab
from shop.core import clock, refs
from shop.core.errors import Refusal
from shop.storefront import ledgers, order_words
from shop.storefront.guards import ShopRequest, members_only, missing_is_404

TABS = (Tab.ALL, Tab.TO_PAY, Tab.TO_SHIP, Tab.TO_RECEIVE, Tab.COMPLETED)
CANCEL_REASONS = (
    ("", _("No reason")),
    ("changed_mind", _("Changed my mind")),
    ("wrong_address", _("Wrong address or time")),
    ("wrong_goods", _("Ordered the wrong thing")),
    ("cheaper_elsewhere", _("Found it cheaper")),
)


@require_safe
@members_only
def listing(request: ShopRequest) -> HttpResponse:
    chosen = request.GET.get("tab", Tab.ALL)
    chosen = chosen if chosen in Tab.values else Tab.ALL
    found = orders.listing(member=request.member, tab=chosen, cursor=request.GET.get("cursor"))
    counts = orders.tab_counts(request.member)
    context = {
        "tabs": [{"code": tab.value, "label": tab.label, "count": counts.get(tab, 0)} for tab in TABS],
        "chosen": chosen,
        "cards": [{"card": card, "tone": order_words.TONES.get(card.state.code, "")} for card in found.cards],
        "next_cursor": found.next_cursor,
        "now": clock.page_now(),
    }
    return render(request, "storefront/orders.html", context)


@require_safe
@members_only
@missing_is_404
def order(request: ShopRequest, number: str) -> HttpResponse:
    return _drawn(request, orders.page(request.member, number))


@require_POST
@members_only
@missing_is_404
def cancel(request: ShopRequest, number: str) -> HttpResponse:
    found = orders.page(request.member, number)
    reason = dict(CANCEL_REASONS).get(request.POST.get("reason", ""), "")
    try:
        closing.cancel(
            order_id=found.order.pk,
            actor=refs.user(request.user),
            reason=str(reason) if request.POST.get("reason") else "",
        )
    except Refusal as refusal:
        return _refused(request, number, refusal)
    return _back(number)


@require_POST
@members_only
@missing_is_404
def confirm(request: ShopRequest, number: str) -> HttpResponse:
    found = orders.page(request.member, number)
    try:
        receipts.confirm(order_id=found.order.pk, actor=refs.user(request.user))
    except Refusal as refusal:
        return _refused(request, number, refusal)
    return _back(number)


@require_POST
@members_only
@missing_is_404
def extend(request: ShopRequest, number: str) -> HttpResponse:
    found = orders.page(request.member, number)
    try:
        receipts.extend(order_id=found.order.pk, actor=refs.user(request.user))
    except Refusal as refusal:
        return _refused(request, number, refusal)
    return _back(number)


@require_POST
@members_only
@missing_is_404
def again(request: ShopRequest, number: str) -> HttpResponse:
    """Puts the goods of an order into the basket and names what is no longer sold."""
    found = orders.page(request.member, number)
    done = reorders.buy_again(order=found.order, basket=request.shopper.make_basket())
    for line in done.left_out:
        messages.error(request, _now("Left out: {title}. {why}").format(title=line.title, why=line.why))
    if not done.added_count:
        return _back(number)
    words = ngettext(
        "{count} kind of goods is in your basket.",
        "{count} kinds of goods are in your basket.",
        done.added_count,
    )
    messages.success(request, words.format(count=done.added_count))
    return HttpResponseRedirect(reverse("storefront:basket"))


@require_POST
@members_only
@missing_is_404
def nudge(request: ShopRequest, number: str) -> HttpResponse:
    """The shopper asks for shipping."""
    found = orders.page(request.member, number)
    try:
        nudges.nudge(order_id=found.order.pk)
    except Refusal as refusal:
        return _refused(request, number, refusal)
    messages.success(request, _now("The shop knows that you are waiting."))
    return _back(number)


def _drawn(request: ShopRequest, page: OrderPage, refusal: Refusal | None = None) -> HttpResponse:
    code = page.state.code
    now = clock.page_now()
    cancel_text, cancel_label = order_words.cancel_words(page.order, code)
    context = {
        "page": page,
        "order": page.order,
        "state": page.state,
        "lines": [(line, _after_offers(line)) for line in page.lines],
        "headline": order_words.headline(page),
        "pickup": order_words.pickup(page.pickup),
        "ledger": ledgers.of_order(Quote.from_json(page.order.quote), page.ledger),
        "timeline": list(reversed(page.timeline)),
        "recalls": recalls.of_order(page.order.pk),
        "cancel_reasons": CANCEL_REASONS,
        "cancel_words": cancel_text,
        "cancel_label": cancel_label,
        "actions": page.next_actions,
        "asked": order_words.asked(page.order) if waiting.makes_sense(page.order, now) else "",
        "extended": order_words.extended(page.order) if code == ShopperStateCode.TO_RECEIVE else "",
        "extend_days": policies.EXTEND_DAYS.get(),
        "has_bar": code == ShopperStateCode.TO_PAY,
        "error": refusal.message_text if refusal else "",
        "now": now,
    }
    return render(request, "storefront/order.html", context, status=refusal.status if refusal else 200)


def _after_offers(line: OrderLine) -> Decimal | None:
    """What the line came to, when that isn't plainly price times quantity."""
    return None if line.due == line.unit_price * line.quantity else line.due


def _refused(request: ShopRequest, number: str, refusal: Refusal) -> HttpResponse:
    return _drawn(request, orders.page(request.member, number), refusal)


def _back(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("storefront:order", args=[number]))
