"""The scenes behind the buttons. Each does its part at once and leaves the rest to the shop."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from catalog.models import Product, Sku, StockLevel
from catalog.services import stock, stock_alerts
from catalog.terms import MovementReason, Pool, ProductStatus
from marketing.models import PurchaseLimit
from members.models import Member
from orders.models import Order, Payment
from orders.services import closing, payments
from orders.terms import PaymentMethod
from shop.backoffice.proof import bank, crowd, shopping
from shop.backoffice.stage.acts import Act
from shop.core import clock
from shop.core.errors import Refusal

BUYERS = 20
PIECES = 5
FEW = 3
LATE_SECONDS = 4


class NothingToPlayWith(Refusal):
    """The demo's goods or members are not there."""

    code = "nothing_to_play_with"


def flash(actor: str) -> Act:
    """Twenty members want one of five pieces in the same moment; who gets one pays at once."""
    sku = _sku(0)
    taken = _leave(sku, PIECES, actor)
    try:
        wishes = [shopping.wish(member, {sku.pk: 1}) for member in _members(BUYERS)]
        outcome = crowd.together([one.place for one in wishes])
        for order in outcome.results:
            bank.pay(_opened(order).number)
    finally:
        _put_back(taken, actor)
    return Act(
        "flash",
        {
            "product": sku.product_id,
            "title": sku.product.title,
            "buyers": len(wishes),
            "pieces": PIECES,
            "orders": [order.number for order in outcome.results],
            "refused": len(outcome.refusals),
            "crashed": len(outcome.failures),
        },
    )


def run_short(actor: str) -> Act:
    """A best seller falls to three pieces in all places together; the alarm rings."""
    sku = _sku(1)
    taken = _leave(sku, FEW, actor)
    stock_alerts.scan()
    facts = {"product": sku.product_id, "sku": sku.pk, "title": sku.product.title, "left": FEW}
    return Act("run_short", facts | {"taken": {str(level): count for level, count in taken.items()}})


def fill_up(act: Act, actor: str) -> None:
    """What `run_short` took away comes back."""
    _put_back({int(level): count for level, count in act.facts.get("taken", {}).items()}, actor)


def lose_notice(actor: str) -> Act:
    """A shopper pays, WeChat never says so; the shop finds out by asking."""
    payment, order = _ordered()
    bank.misbehave("callback_never", scope=payment.number, times=1)
    bank.pay(payment.number)
    return Act("lose_notice", {"order": order.number, "payment": payment.number})


def pay_late(actor: str) -> Act:
    """An order is cancelled while its money is on the way; it arrives seconds later."""
    payment, order = _ordered()
    bank.misbehave("callback_after_close", scope=payment.number, value=str(LATE_SECONDS), times=1)
    bank.pay(payment.number)
    closing.cancel(order_id=order.pk, actor=f"user:{order.member.user_id}")
    return Act("pay_late", {"order": order.number, "payment": payment.number})


PLAYS: dict[str, Callable[[str], Act]] = {
    "flash": flash,
    "run_short": run_short,
    "lose_notice": lose_notice,
    "pay_late": pay_late,
}


def _ordered() -> tuple[Payment, Order]:
    member = secrets.choice(_members(BUYERS))
    order = shopping.order(member, {_sku(0).pk: 1})
    return _opened(order), order


def _opened(order: Order) -> Payment:
    return payments.start(order_id=order.pk, method=PaymentMethod.NATIVE, client_ip="127.0.0.1")


def _members(count: int) -> list[Member]:
    """Neighbours with an address who are nobody's login: not the demo's three shoppers."""
    joined = Member.objects.filter(
        user__phone_tail__gt="0003", user__is_active=True, user__joined_at__lte=clock.page_now()
    )
    found = joined.filter(addresses__deleted_at=None).distinct().order_by("pk")[:count]
    if not found:
        raise NothingToPlayWith()
    return list(found)


def _sku(rank: int) -> Sku:
    """The only SKU of a best seller of this rank, without a purchase limit and with plenty in stock."""
    limited = PurchaseLimit.objects.exclude(product=None).values("product_id")
    products = (
        Product.objects.filter(
            status=ProductStatus.ON_SHELF, on_shelf_at__lte=clock.page_now() - timedelta(days=20)
        )
        .exclude(pk__in=limited)
        .order_by("-sold_count", "pk")
    )
    for product in products:
        skus = list(product.skus.filter(is_active=True))
        if len(skus) == 1 and sum(level.available for level in _levels(skus[0])) > 10 * PIECES:
            if rank == 0:
                return skus[0]
            rank -= 1
    raise NothingToPlayWith()


def _levels(sku: Sku) -> list[StockLevel]:
    """The fullest first."""
    rows = StockLevel.objects.filter(sku=sku, pool=Pool.SPOT).select_related("place")
    return sorted(rows, key=lambda level: (level.place.kind != "warehouse", -level.available, level.pk))


def _leave(sku: Sku, count: int, actor: str) -> dict[int, int]:
    """Counts the stock down to so many pieces over all places; what was taken, by level."""
    taken: dict[int, int] = {}
    for level in _levels(sku):
        stays = min(count, level.available)
        count -= stays
        if level.available > stays:
            taken[level.pk] = level.available - stays
            stock.adjust(
                level_id=level.pk,
                delta=-taken[level.pk],
                reason=MovementReason.COUNTED,
                actor=actor,
                note="舞台",
            )
    return taken


def _put_back(taken: dict[int, int], actor: str) -> None:
    for level_id, count in taken.items():
        stock.adjust(level_id=level_id, delta=count, reason=MovementReason.COUNTED, actor=actor, note="舞台")
