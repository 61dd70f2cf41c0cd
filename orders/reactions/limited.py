from marketing.services import limited
from orders.events import RefundSucceeded
from orders.models import Refund
from orders.selectors import refunded
from shop.core.events import reacts_to


@reacts_to(RefundSucceeded)
def give_pieces_back(event: RefundSucceeded) -> None:
    """Pieces that never left the house count against no quota any more; what was delivered does."""
    order = Refund.objects.select_related("order").get(pk=event.refund_id).order
    limited.keep(reference=order.reference, pieces=refunded.not_withdrawn(order))
