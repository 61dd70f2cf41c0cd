"""Who waits for a lower price hears of it."""

from catalog.events import PriceChanged
from catalog.services import goods_notices
from shop.core.events import reacts_to


@reacts_to(PriceChanged)
def tell_of_lower_price(event: PriceChanged) -> None:
    goods_notices.tell_drop(sku_id=event.sku_id)
