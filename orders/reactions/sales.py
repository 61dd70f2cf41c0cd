from catalog.services import sales
from orders.events import OrderPaid
from orders.models import Order
from shop.core import clock
from shop.core.events import reacts_to


@reacts_to(OrderPaid)
def count_sales(event: OrderPaid) -> None:
    order = Order.objects.get(pk=event.order_id)
    sales.record(
        on_date=clock.business_day(order.paid_at or order.created_at),
        deals=[
            sales.Deal(line.sku_id, line.product_id, line.quantity, line.unit_price)
            for line in order.lines.all()
        ],
    )
