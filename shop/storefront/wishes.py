"""What somebody wants to buy now: the selected lines of the basket, or one SKU at once."""

from collections.abc import Mapping

from catalog.selectors import skus
from orders.models import Basket
from orders.services.placing import LineRequest
from shop.storefront.reading import typed_number, whole_or_none


def direct(given: Mapping[str, str]) -> list[LineRequest]:
    """One SKU; a quantity that isn't one is left for the service to refuse."""
    sku_id = whole_or_none(given.get("sku"))
    quantity = typed_number(given.get("quantity", "1"))
    return [LineRequest(sku_id, quantity)] if sku_id else []  # type: ignore[arg-type]


def selected(basket: Basket | None) -> list[LineRequest]:
    """The selected lines that can be bought; those set aside in the basket stay there."""
    if basket is None:
        return []
    rows = [row for row in basket.lines.all() if row.is_selected]
    facts = skus.facts([row.sku_id for row in rows])
    return [
        LineRequest(row.sku_id, row.quantity)
        for row in rows
        if (fact := facts.get(row.sku_id)) and fact.is_on_sale and fact.available >= fact.minimum_quantity
    ]
