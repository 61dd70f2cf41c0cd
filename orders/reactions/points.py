from members.services import points
from orders.events import OrderReceived, RefundSucceeded
from orders.models import Order, Refund
from orders.selectors import rewards
from orders.services import closing
from shop.core.events import reacts_to


@reacts_to(OrderReceived)
def award(event: OrderReceived) -> None:
    order = Order.objects.get(pk=event.order_id)
    earned = rewards.points_for(rewards.kept(order))
    if earned:
        points.earn(member_id=order.member_id, points=earned, source=order.reference)


@reacts_to(RefundSucceeded)
def take_back(event: RefundSucceeded) -> None:
    """Only for money granted after the points were: what was refunded before never earned any."""
    refund = Refund.objects.select_related("order").get(pk=event.refund_id)
    order = refund.order
    lost = rewards.points_for(rewards.returned(refund))
    if order.received_at is not None and refund.created_at > order.received_at and lost:
        points.take_back(member_id=order.member_id, points=lost, source=f"refund:{refund.number}")


@reacts_to(RefundSucceeded)
def give_back(event: RefundSucceeded) -> None:
    """The points that paid a part of the refunded pieces."""
    closing.return_points(refund_id=event.refund_id)
