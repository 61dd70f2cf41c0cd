"""Moving the prices of many goods at once: looked at first, with the end of each price, then applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catalog.models import PriceRule, Sku
from catalog.policies.prices import PRICE_TAIL
from catalog.pricing import tails
from catalog.selectors import categories
from catalog.services import prices
from catalog.terms import ProductStatus
from shop.core.errors import Refusal

MOST = 300
MOST_PERCENT = Decimal(90)


@dataclass(frozen=True, slots=True)
class Row:
    """One SKU: `price` is what it would cost, None where no price of that end fits its bounds."""

    sku: Sku
    price: Decimal | None
    tail: str

    @property
    def is_moved(self) -> bool:
        """Whether there is a price, and another one than now."""
        return self.price is not None and self.price != self.sku.list_price


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many prices moved, and why others did not, by SKU."""

    done_count: int
    refused: Mapping[int, str]


def preview(*, category_id: int | None, query: str, percent: Decimal, tail: str) -> list[Row]:
    """What a move by so many percent would make of the goods on the shelf, at most 300 SKUs; three queries.

    `tail` empty: as each SKU's rule or the shop says. Floor and ceiling bound the result.
    """
    on_shelf = Sku.objects.filter(is_active=True, product__status=ProductStatus.ON_SHELF)
    skus = on_shelf.select_related("product")
    if category_id is not None:
        inside = [node.id for node in categories.walk() if category_id in node.path]
        skus = skus.filter(product__category__in=inside)
    if query:
        skus = skus.filter(product__title__icontains=query) | skus.filter(code__iexact=query)
    found = list(skus.order_by("product__title", "position", "pk")[:MOST])
    rules = {rule.sku_id: rule for rule in PriceRule.objects.filter(sku__in=found)}
    return [_row(sku, rules.get(sku.pk), percent, tail) for sku in found]


def apply(*, chosen: Mapping[int, Decimal], actor: str, reason: str) -> Outcome:
    """Set these prices by SKU, each by itself: what is refused says why and keeps its price."""
    refused: dict[int, str] = {}
    for sku_id, price in sorted(chosen.items()):
        try:
            prices.set_price(sku_id=sku_id, list_price=price, actor=actor, reason=reason)
        except Refusal as refusal:
            refused[sku_id] = refusal.message_text
    return Outcome(len(chosen) - len(refused), refused)


def _row(sku: Sku, rule: PriceRule | None, percent: Decimal, tail: str) -> Row:
    end = tail or (rule.tail if rule else "") or PRICE_TAIL.get()
    moved = (sku.list_price * (100 + percent) / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    low = sku.floor_price or tails.FEN
    high = rule.ceiling_price if rule else None
    held = max(moved, low) if high is None else min(max(moved, low), high)
    return Row(sku, tails.nearest(held, end, lowest=low, highest=high), end)
