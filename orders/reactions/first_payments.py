from members.services import people
from orders.events import OrderPaid
from orders.models import Order
from shop.core.events import reacts_to


@reacts_to(OrderPaid)
def note_first_payment(event: OrderPaid) -> None:
    order = Order.objects.get(pk=event.order_id)
    if order.paid_at is not None:
        people.mark_first_paid(member_id=order.member_id, at=order.paid_at)
