"""What a store sells and for how much, where it differs from the shop."""

from collections.abc import Collection
from decimal import Decimal

from catalog.errors import BelowFloor
from catalog.errors.prices import AboveCeiling
from catalog.models import Place, PlaceGoods, PriceRule, Sku
from catalog.services import prices
from catalog.terms import PlaceKind
from shop.core import audit
from shop.core.errors import Forbidden, Invalid, NotFound
from shop.core.transactions import unit


@unit
def save(
    *,
    place_id: int,
    sku_id: int,
    is_sold: bool,
    price: Decimal | None,
    actor: str,
    place_ids: Collection[int] | None = None,
) -> None:
    """Whether the store sells the SKU, and for how much (yuan; None: as the shop).

    `place_ids` are the stores this person works for, None for all. Raises Forbidden for another one,
    NotFound, BelowFloor, AboveCeiling, Invalid for what is no price or ¥0.
    """
    if place_ids is not None and place_id not in place_ids:
        raise Forbidden()
    if not Place.objects.filter(pk=place_id).exclude(kind=PlaceKind.WAREHOUSE).exists():
        raise NotFound(place_id=place_id)
    sku = Sku.objects.filter(pk=sku_id).first()
    if sku is None:
        raise NotFound(sku_id=sku_id)
    if price is not None:
        _check(sku, price)
    here = PlaceGoods.objects.filter(place=place_id, sku=sku_id)
    before = here.values("is_sold", "price").first() or {"is_sold": True, "price": None}
    if is_sold and price is None:
        here.delete()
    else:
        PlaceGoods.objects.update_or_create(
            place_id=place_id, sku_id=sku_id, defaults={"is_sold": is_sold, "price": price}
        )
    after = {"is_sold": is_sold, "price": price}
    if after != before:
        audit.record(
            actor=actor,
            verb="set_place_goods",
            target=f"place:{place_id}",
            before={**before, "sku": sku_id},
            after={**after, "sku": sku_id},
        )


def _check(sku: Sku, price: Decimal) -> None:
    if prices.checked(price) == 0:
        raise Invalid(field="price")
    if sku.floor_price is not None and price < sku.floor_price:
        raise BelowFloor(floor=str(sku.floor_price))
    rule = PriceRule.objects.filter(sku=sku).exclude(ceiling_price=None).first()
    if rule and rule.ceiling_price is not None and price > rule.ceiling_price:
        raise AboveCeiling(ceiling=str(rule.ceiling_price))
