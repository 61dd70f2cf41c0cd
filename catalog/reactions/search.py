"""Search sees a product as its shelf label says."""

from catalog.events import ProductPutOnShelf
from catalog.services import search_text
from shop.core.events import reacts_to


@reacts_to(ProductPutOnShelf)
def refresh_search_words(event: ProductPutOnShelf) -> None:
    search_text.rebuild([event.product_id])
