"""The list price of a SKU: who changed it, from what to what, and why."""

from decimal import Decimal

from catalog import locks
from catalog.errors import BelowFloor
from catalog.events import PriceChanged
from catalog.models import PriceChange, Sku
from catalog.services import products
from shop.core import audit, clock, money, outbox
from shop.core.errors import Invalid, NotFound
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
    note_change(sku, old=old, actor=actor, reason=reason)
    products.refresh_prices(sku.product_id)
    return sku


def note_change(sku: Sku, *, old: Decimal | None, actor: str, reason: str) -> None:
    """History, audit and the fact, for a price that was just written."""
    PriceChange.objects.create(
        sku=sku,
        old_price=old,
        new_price=sku.list_price,
        actor=actor,
        reason=reason[:200],
        created_at=clock.page_now(),
    )
    if old is None:
        return
    audit.record(
        actor=actor,
        verb="set_price",
        target=f"sku:{sku.pk}",
        before={"list_price": old},
        after={"list_price": sku.list_price},
        reason=reason,
    )
    outbox.publish(PriceChanged(sku_id=sku.pk))


def checked(price: Decimal) -> Decimal:
    """The price with two places; Invalid when it is not a price."""
    if not isinstance(price, Decimal) or not price.is_finite() or not 0 <= price <= HIGHEST:
        raise Invalid(field="list_price")
    if money.yuan(price) != price:
        raise Invalid(field="list_price")
    return money.yuan(price)
