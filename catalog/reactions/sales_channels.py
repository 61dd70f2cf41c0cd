"""Channels hear of stock that changed, at once; what fails is tried again by the clock."""

from catalog.events.sales_channels import FreeStockChanged
from catalog.services import stock_pushes
from shop.core.events import reacts_to


@reacts_to(FreeStockChanged, outside=True, queue="critical")
def tell_channels(event: FreeStockChanged) -> None:
    for channel_id in stock_pushes.note_changed(level_ids=event.level_ids):
        stock_pushes.push(channel_id=channel_id)
