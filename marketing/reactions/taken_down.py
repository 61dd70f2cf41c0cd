"""What is taken down is offered nowhere any more."""

from catalog.events.shelf import ProductTakenDown
from catalog.services import take_downs
from marketing.services import withdrawals
from shop.core.events import reacts_to


@reacts_to(ProductTakenDown)
def stop_promotions(event: ProductTakenDown) -> None:
    stopped = withdrawals.withdraw(
        product_id=event.product_id, reason=f"catalog.takedown:{event.take_down_id}"
    )
    take_downs.note_stopped(take_down_id=event.take_down_id, promotions=stopped)
