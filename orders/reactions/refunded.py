from orders.events import RefundFailed, RefundSucceeded
from orders.models import Refund
from orders.services import closing, shipments
from shop.core.events import reacts_to


@reacts_to(RefundSucceeded, queue="critical")
def close_or_free(event: RefundSucceeded) -> None:
    """The order closes when all its money is back; else the withdrawn pieces are free again."""
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=event.refund_id)
    if not closing.close_refunded(order_id=order_id):
        shipments.forget_withdrawn(refund_id=event.refund_id)


@reacts_to(RefundFailed, queue="critical")
def free(event: RefundFailed) -> None:
    """What it withdrew from an order that is over by now stays at home; the rest is shipped after all."""
    shipments.forget_withdrawn(refund_id=event.refund_id)
