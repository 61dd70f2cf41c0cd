"""The promise about work: what a killed worker had in its hands arrives all the same, once."""

from django.utils.translation import gettext as _

from catalog.models import Product
from members.models import PointsEntry
from orders.models import Order, Payment
from orders.services import payments, receipts, shipments
from orders.terms import Carrier, OrderStatus, PaymentMethod
from shop.backoffice.proof import bank, shopping
from shop.backoffice.proof.programs import Programs, wait_until
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town
from shop.core import numbers
from shop.core.models import OutboxDelivery

ORDERS = 8
SLOWLY = "outbox_acted=sleep:0.3"


def killed_worker(town: Town, programs: Programs, *, orders: int = ORDERS) -> Scene:
    """Orders are paid and received while the worker that does everything afterwards is killed."""
    sku = town.product("当季草莓", price="29.90", stocked=100, objects="1f353")
    placed = [shopping.order(town.member(), {sku.pk: 1}) for _number in range(orders)]
    programs.kill("worker")
    for order in placed:
        bank.pay(_opened(order).number)
    ids = [order.pk for order in placed]
    wait_until(lambda: Order.objects.filter(pk__in=ids, status=OrderStatus.PAID).count() == orders)
    for order in placed:
        _deliver(order)
    waiting = OutboxDelivery.objects.filter(done_at=None)
    before = waiting.count()
    programs.start_worker(SLOWLY)
    is_caught = wait_until(lambda: waiting.exclude(locked_until=None).exists() and waiting.count() < before)
    programs.kill("worker")
    left = waiting.count()
    in_hand = waiting.exclude(locked_until=None).count()
    programs.start_worker()
    is_empty = wait_until(lambda: not waiting.exists(), seconds=60)
    counted = Product.objects.get(pk=sku.product_id).sold_count
    rewarded = PointsEntry.objects.filter(source__in=[order.reference for order in placed], amount__gt=0)
    lots = rewarded.values("member_id").distinct().count()
    return Scene(
        title=_("A worker is killed in the middle"),
        done=_(
            "{count} orders are paid and received. While the worker counts sales and credits points it is "
            "killed (kill -9): {in_hand} pieces of work in its hands, {left} still to do of {before}."
        ).format(count=orders, in_hand=in_hand, left=left, before=before),
        expected=_("Its successor finishes everything. Nothing is lost, nothing is done twice."),
        came=_(
            "{open} pieces of work left over. Sold: {sold} of {count}. Points credited {rewarded} times to "
            "{lots} members."
        ).format(open=waiting.count(), sold=counted, count=orders, rewarded=rewarded.count(), lots=lots),
        is_kept=is_caught
        and is_empty
        and left > 0
        and (counted, rewarded.count(), lots) == (orders, orders, orders),
    )


def _opened(order: Order) -> Payment:
    return payments.start(order_id=order.pk, method=PaymentMethod.NATIVE, client_ip="127.0.0.1")


def _deliver(order: Order) -> None:
    """Shipped, and received by the shopper."""
    shipments.ship(
        order_id=order.pk, carrier=Carrier.SF, tracking_no=f"SF{numbers.new_code()}", actor="system"
    )
    receipts.confirm(order_id=order.pk, actor=f"user:{order.member.user_id}")
