from orders.events import OrderPaid
from orders.services import pickups
from shop.core.events import reacts_to


@reacts_to(OrderPaid)
def make_code(event: OrderPaid) -> None:
    pickups.open_for(order_id=event.order_id)
