"""How busy places are: pushed down to the catalog, which chooses the place of the next order by it."""

from django.db.models import Count

from catalog.services import places
from orders.models import Order
from orders.terms import DeliveryMode, OrderStatus, ShippingStatus
from shop.core.transactions import unit


@unit
def refresh() -> int:
    """Counts the paid orders that wait in each place to be sent; how many places changed."""
    waiting = (
        Order.objects.filter(
            status=OrderStatus.PAID, shipping_status__in=[ShippingStatus.NONE, ShippingStatus.PARTIAL]
        )
        .exclude(delivery_mode=DeliveryMode.PICKUP)
        .order_by()
        .values_list("place_id")
        .annotate(count=Count("pk"))
    )
    return places.note_load({pk: count for pk, count in waiting if pk is not None})
