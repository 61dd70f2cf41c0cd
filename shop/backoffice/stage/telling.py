"""An act in plain words, from the rows as they are now, with links to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import StockLevel
from catalog.selectors import stock_alerts
from orders.models import Notice, Order, Payment, Refund
from orders.terms import OrderStatus, PaymentStatus, RefundStatus
from shop.backoffice.stage.acts import Act
from shop.core import money


@dataclass(frozen=True, slots=True)
class Step:
    """One line: `tone` is done, waiting or broken."""

    words: str
    tone: str = "done"


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """`can_refill` offers to put the stock back."""

    id: str
    title: str
    began_at: datetime
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    can_refill: bool = False

    @property
    def is_over(self) -> bool:
        return all(step.tone != "waiting" for step in self.steps)


def tell(act: Act) -> Told:
    return _TELLERS[act.kind](act)


def _flash(act: Act) -> Told:
    facts = act.facts
    orders = Order.objects.filter(number__in=facts["orders"])
    paid = orders.exclude(status=OrderStatus.UNPAID).count()
    got = len(facts["orders"])
    steps = [
        Step(
            _("{buyers} members pressed “Submit order” for {pieces} pieces of {title} at once.").format(
                **facts
            )
        ),
        Step(
            _("{got} got one, {refused} were told it is sold out, {crashed} saw an error.").format(
                got=got, **facts
            ),
            "done" if got <= facts["pieces"] and not facts["crashed"] else "broken",
        ),
        Step(
            _("{paid} of {got} orders are paid.").format(paid=paid, got=got),
            "done" if paid == got else "waiting",
        ),
    ]
    links = [_product(facts["product"], facts["title"]), Link(_("The newest orders"), _list("orders.order"))]
    return Told(act.id, _("A flash of buyers"), act.began_at, tuple(steps), tuple(links))


def _run_short(act: Act) -> Told:
    facts = act.facts
    levels = StockLevel.objects.filter(sku_id=facts["sku"])
    left = sum(level.available for level in levels)
    rung = stock_alerts.standing().filter(level__in=levels).count()
    is_refilled = not facts.get("taken")
    steps = [Step(_("{title}: counted down to {left} pieces in all places together.").format(**facts))]
    if is_refilled:
        steps.append(Step(_("It was filled up again: {count} pieces.").format(count=left)))
    else:
        steps.append(Step(_("The shop's page shows how few are left: {count} now.").format(count=left)))
        steps.append(
            Step(
                _("The alarm rang for {count} places; “Stock running short” names them.").format(count=rung),
                "done" if rung else "waiting",
            )
        )
    links = (
        _product(facts["product"], facts["title"]),
        Link(_("Stock running short"), f"{_list('catalog.stocklevel')}?todo=stock_short"),
    )
    return Told(act.id, _("Stock falls to three"), act.began_at, tuple(steps), links, not is_refilled)


def _lose_notice(act: Act) -> Told:
    payment, order = _rows(act)
    steps = [
        Step(
            _("Order {number} was paid at WeChat, {amount}.").format(
                number=order.number, amount=_yuan(payment)
            )
        ),
        Step(_("WeChat's notice was lost on the way.")),
    ]
    if payment.status != PaymentStatus.PAID:
        steps.append(
            Step(_("The shop asks by itself after 10 seconds, then 30, then every minute …"), "waiting")
        )
    elif Notice.objects.filter(number=payment.number).exists():
        steps.append(Step(_("A notice came after all."), "broken"))
    else:
        found = payment.transitions.filter(to_status=PaymentStatus.PAID).latest("pk").created_at
        seconds = max(1, round((found - act.began_at).total_seconds()))
        steps.append(Step(_("Found by asking after {seconds} s. The order is paid.").format(seconds=seconds)))
    return Told(act.id, _("A lost notice"), act.began_at, tuple(steps), _money_links(order, payment))


def _pay_late(act: Act) -> Told:
    payment, order = _rows(act)
    refund = Refund.objects.filter(payment=payment).order_by("pk").first()
    is_closed = order.status == OrderStatus.CLOSED
    steps = [
        Step(
            _("Order {number} over {amount} was cancelled while the payment was on its way.").format(
                number=order.number, amount=_yuan(payment)
            ),
            "done" if is_closed else "waiting",
        )
    ]
    if payment.status != PaymentStatus.PAID:
        steps.append(Step(_("The money is on its way …"), "waiting"))
    else:
        steps.append(Step(_("The money arrived after the order had been closed.")))
        if refund is not None and refund.status == RefundStatus.SUCCEEDED:
            steps.append(Step(_("{amount} went back by itself.").format(amount=money.show(refund.amount))))
        else:
            steps.append(Step(_("It goes back by itself …"), "waiting"))
    return Told(act.id, _("A late payment"), act.began_at, tuple(steps), _money_links(order, payment))


_TELLERS: dict[str, Callable[[Act], Told]] = {
    "flash": _flash,
    "run_short": _run_short,
    "lose_notice": _lose_notice,
    "pay_late": _pay_late,
}


def _rows(act: Act) -> tuple[Payment, Order]:
    return Payment.objects.get(number=act.facts["payment"]), Order.objects.get(number=act.facts["order"])


def _yuan(payment: Payment) -> str:
    return money.show(payment.amount)


def _product(product_id: int, title: str) -> Link:
    return Link(title, reverse("storefront:product", args=[product_id]))


def _list(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist")


def _money_links(order: Order, payment: Payment) -> tuple[Link, ...]:
    return (
        Link(_("The order"), reverse("admin:orders_order_change", args=[order.pk])),
        Link(_("The payment"), reverse("admin:orders_payment_change", args=[payment.pk])),
        Link(_("Refunds"), _list("orders.refund")),
    )
