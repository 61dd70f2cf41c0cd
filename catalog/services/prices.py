"""The list price of a SKU: who changed it, from what to what, and why."""

from collections.abc import Sequence
from decimal import Decimal

from catalog import locks
from catalog.errors import BelowFloor
from catalog.events import PriceChanged
from catalog.models import PriceChange, Sku
from catalog.services import products
from shop.core import audit, clock, money
from shop.core.errors import Invalid, NotFound
from shop.core.events import publish
from shop.core.transactions import unit

HIGHEST = Decimal("9999999.99")


@unit
def set_price(*, sku_id: int, list_price: Decimal, actor: str, reason: str = "") -> Sku:
    """Change the list price (yuan); the same price again changes nothing.

    Leaves a PriceChange and an audit entry, publishes PriceChanged. Raises NotFound, BelowFloor, Invalid
    for a price below zero or with more than two places.
    """
    price = checked(list_price)
    sku = locks.sku(sku_id)
    if sku is None:
        raise NotFound(sku_id=sku_id)
    if sku.floor_price is not None and price < sku.floor_price:
        raise BelowFloor(floor=str(sku.floor_price))
    old = sku.list_price
    if price == old:
        return sku
    sku.list_price = price
    sku.save(update_fields=["list_price"])
    note_changes([(sku, old)], actor=actor, reason=reason)
    products.refresh_prices(sku.product_id)
    return sku


def note_changes(changes: Sequence[tuple[Sku, Decimal | None]], *, actor: str, reason: str = "") -> None:
    """History of prices that were just written; audit and the fact, where there was a price (old) before."""
    PriceChange.objects.bulk_create(
        PriceChange(
            sku=sku,
            old_price=old,
            new_price=sku.list_price,
            actor=actor,
            reason=reason[:200],
            created_at=clock.page_now(),
        )
        for sku, old in changes
    )
    for sku, old in changes:
        if old is None:
            continue
        audit.record(
            actor=actor,
            verb="set_price",
            target=f"sku:{sku.pk}",
            before={"list_price": old},
            after={"list_price": sku.list_price},
            reason=reason,
        )
        publish(PriceChanged(sku_id=sku.pk))


def checked(price: Decimal) -> Decimal:
    """The price with two places; Invalid when it is not a price."""
    if not isinstance(price, Decimal) or not price.is_finite() or not 0 <= price <= HIGHEST:
        raise Invalid(field="list_price")
    if money.yuan(price) != price:
        raise Invalid(field="list_price")
    return money.yuan(price)
