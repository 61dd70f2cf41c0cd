from marketing.services import coupons
from orders.events import OrderPaid
from orders.models import Order
from shop.core.events import reacts_to


@reacts_to(OrderPaid)
def spend_coupon(event: OrderPaid) -> None:
    order = Order.objects.get(pk=event.order_id)
    if order.coupon_grant_id is not None:
        coupons.spend(reference=order.reference)
