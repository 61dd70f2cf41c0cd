from orders.events import RefundFailed
from orders.models import Refund
from orders.services import notes
from orders.terms import Flag
from shop.core.events import reacts_to


@reacts_to(RefundFailed)
def flag_order(event: RefundFailed) -> None:
    """The shopper was promised money that did not come: somebody has to look."""
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=event.refund_id)
    notes.write(order_id=order_id, flag=Flag.RED)
