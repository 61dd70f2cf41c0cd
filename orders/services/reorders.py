"""Buying an order once more: what is sold goes into the basket, the rest is named."""

from dataclasses import dataclass

from orders.models import Basket, Order
from orders.services import baskets
from shop.core.errors import Refusal


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that could not be put into the basket, and why, in words."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """How many kinds of goods went into the basket, and what stayed out."""

    added_count: int
    left_out: tuple[LeftOut, ...]


def buy_again(*, order: Order, basket: Basket) -> Reorder:
    """Adds every line of the order to the basket; one that can't be bought stops no other."""
    added, left_out = 0, []
    for line in order.lines.all():
        try:
            baskets.add(basket=basket, sku_id=line.sku_id, quantity=line.quantity)
        except Refusal as refusal:
            title = f"{line.title} {line.spec_text}".strip()
            left_out.append(LeftOut(title, refusal.message_text))
        else:
            added += 1
    return Reorder(added, tuple(left_out))
