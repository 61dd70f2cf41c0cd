"""A supplier gets its order on the phone."""

from catalog.events.purchasing import SupplierToBeTold
from catalog.services import supplier_texts
from shop.core.events import reacts_to


@reacts_to(SupplierToBeTold, outside=True)
def text_link_to_supplier(event: SupplierToBeTold) -> None:
    supplier_texts.send_link(order_id=event.order_id)
