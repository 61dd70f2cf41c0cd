from catalog.models import Reservation
from catalog.services import stock_alerts
from orders.events import OrderClosed, OrderPlaced
from orders.models import Order
from shop.core.events import reacts_to


@reacts_to(OrderPlaced, OrderClosed)
def judge_stock(event: OrderPlaced | OrderClosed) -> None:
    """Warns of what an order made short, and takes back a warning when it gave the goods back."""
    order = Order.objects.get(pk=event.order_id)
    held = Reservation.objects.filter(reference=order.reference)
    stock_alerts.check(set(held.values_list("level_id", flat=True)))
