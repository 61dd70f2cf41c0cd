from orders.events import RefundRequested
from orders.services import refunds
from shop.core.events import reacts_to


@reacts_to(RefundRequested, outside=True, queue="critical")
def send_to_gateway(event: RefundRequested) -> None:
    refunds.send(refund_id=event.refund_id)
