from members.services import growth
from orders.events import OrderReceived, RefundSucceeded
from orders.models import Order, Refund
from orders.selectors import rewards
from shop.core.events import reacts_to


@reacts_to(OrderReceived)
def award(event: OrderReceived) -> None:
    order = Order.objects.get(pk=event.order_id)
    earned = rewards.growth_for(rewards.kept(order))
    if earned:
        growth.add(member_id=order.member_id, amount=earned, source=order.reference)


@reacts_to(RefundSucceeded)
def take_back(event: RefundSucceeded) -> None:
    """Only for money granted after the growth was: what was refunded before never earned any."""
    refund = Refund.objects.select_related("order").get(pk=event.refund_id)
    order = refund.order
    lost = rewards.growth_for(rewards.returned(refund))
    if order.received_at is not None and refund.created_at > order.received_at and lost:
        growth.add(member_id=order.member_id, amount=-lost, source=f"refund:{refund.number}")
