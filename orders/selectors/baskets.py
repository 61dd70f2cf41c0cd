"""A basket as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.selectors import bundles, skus
from catalog.selectors.bundles import Contents
from catalog.selectors.skus import SkuFact
from marketing import wording
from marketing.pricing import hints
from marketing.pricing.quote import Quote
from marketing.selectors import quotes
from members.models import Address, Member
from orders.models import Basket, BasketLine
from orders.terms import DeliveryMode


@dataclass(frozen=True, slots=True)
class BasketLineView:
    """`unit_price` is what the quote makes of it, the list price while it isn't selected.

    `trouble` says why it can't be bought as it is (few left, below the minimum), empty when it can. `inside`
    names what a bundle is made of.
    """

    id: int
    sku_id: int
    product_id: int
    title: str
    spec_text: str
    image_path: str
    sale_unit: str
    quantity: int
    minimum_quantity: int
    quantity_multiple: int
    available: int
    list_price: Decimal
    unit_price: Decimal
    due: Decimal
    is_selected: bool
    trouble: str
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvalidLine:
    """A line that can't be bought at all; `reason` says why."""

    id: int
    sku_id: int
    product_id: int
    title: str
    spec_text: str
    image_path: str
    quantity: int
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class BasketPage:
    """`quote` prices the selected lines, freight to the default address; None when nothing is selected."""

    lines: tuple[BasketLineView, ...]
    invalid: tuple[InvalidLine, ...]
    quote: Quote | None
    hints: tuple[str, ...]
    selected_count: int
    piece_count: int

    @property
    def is_all_selected(self) -> bool:
        return bool(self.lines) and all(line.is_selected for line in self.lines)

    @property
    def has_trouble(self) -> bool:
        return any(line.trouble for line in self.lines if line.is_selected)

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.invalid


def find(*, member: Member | None = None, guest_key: str | None = None) -> Basket | None:
    """The basket there is; none is made."""
    if member is not None:
        return Basket.objects.filter(member=member).first()
    return Basket.objects.filter(guest_key=guest_key).first() if guest_key else None


def count(*, member: Member | None = None, guest_key: str | None = None) -> int:
    """Pieces in the basket, for the badge; one query."""
    if member is None and not guest_key:
        return 0
    lines = BasketLine.objects.filter(
        **({"basket__member": member} if member is not None else {"basket__guest_key": guest_key})
    )
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def page(basket: Basket | None, member: Member | None) -> BasketPage:
    """A fixed number of queries however many lines there are."""
    rows = list(basket.lines.all()) if basket else []
    facts = skus.facts([row.sku_id for row in rows])
    contents = bundles.of_facts(facts)
    valid, invalid = [], []
    for row in rows:
        fact = facts.get(row.sku_id)
        reason = _why_invalid(fact, contents.get(row.sku_id))
        if reason:
            invalid.append(_invalid(row, fact, *reason))
        elif fact is not None:
            valid.append((row, fact))
    quote = _quote(member, [row for row, _fact in valid if row.is_selected], facts)
    lines = tuple(_view(row, fact, quote, contents.get(row.sku_id)) for row, fact in valid)
    return BasketPage(
        lines=lines,
        invalid=tuple(invalid),
        quote=quote,
        hints=tuple(wording.explain_why_not(one) for one in hints.next_steps(quote)) if quote else (),
        selected_count=sum(line.quantity for line in lines if line.is_selected),
        piece_count=sum(row.quantity for row in rows),
    )


def _quote(member: Member | None, selected: Sequence[BasketLine], facts: dict[int, SkuFact]) -> Quote | None:
    if not selected:
        return None
    address = None
    if member is not None:
        address = Address.objects.filter(member=member, is_default=True, deleted_at=None).first()
    return quotes.make(
        member=member,
        wants=[(str(row.sku_id), row.sku_id, row.quantity) for row in selected],
        delivery_mode=DeliveryMode.EXPRESS,
        region_code=address.region_code if address else "",
        points=None,
        facts=facts,
    )


def inside_words(contents: Contents | None) -> tuple[str, ...]:
    """What a bundle is made of, such as “Jasmine tea 100 g × 2”."""
    return tuple(f"{part.name} × {part.quantity}" for part in contents.parts) if contents else ()


def short_words(contents: Contents | None, quantity: int, words: str) -> str:
    """Names the component that runs out before there are so many bundles."""
    short = contents.short_of(quantity) if contents else None
    return _("{trouble}: {goods} is short").format(trouble=words, goods=short.name) if short else words


def _why_invalid(fact: SkuFact | None, contents: Contents | None) -> tuple[str, str] | None:
    if fact is None or not fact.is_on_sale:
        return "not_on_sale", _("No longer on sale")
    if fact.available < fact.minimum_quantity:
        return "sold_out", short_words(contents, fact.minimum_quantity, _("Sold out"))
    return None


def _invalid(row: BasketLine, fact: SkuFact | None, code: str, reason: str) -> InvalidLine:
    return InvalidLine(
        id=row.pk,
        sku_id=row.sku_id,
        product_id=fact.product_id if fact else 0,
        title=fact.title if fact else "",
        spec_text=fact.spec_text if fact else "",
        image_path=fact.image_path if fact else "",
        quantity=row.quantity,
        reason_code=code,
        reason=reason,
    )


def _view(row: BasketLine, fact: SkuFact, quote: Quote | None, contents: Contents | None) -> BasketLineView:
    price = quote.line(str(row.sku_id)) if quote and row.is_selected else None
    return BasketLineView(
        id=row.pk,
        sku_id=row.sku_id,
        product_id=fact.product_id,
        title=fact.title,
        spec_text=fact.spec_text,
        image_path=fact.image_path,
        sale_unit=fact.sale_unit,
        quantity=row.quantity,
        minimum_quantity=fact.minimum_quantity,
        quantity_multiple=fact.quantity_multiple,
        available=fact.available,
        list_price=fact.list_price,
        unit_price=price.unit_price if price else fact.list_price,
        due=price.due if price else fact.list_price * row.quantity,
        is_selected=row.is_selected,
        trouble=_trouble(row, fact, contents),
        inside=inside_words(contents),
    )


def _trouble(row: BasketLine, fact: SkuFact, contents: Contents | None) -> str:
    if row.quantity > fact.available:
        few = _("Only {count} left").format(count=fact.available)
        return short_words(contents, row.quantity, few)
    if row.quantity < fact.minimum_quantity:
        return _("Sold from {count} pieces").format(count=fact.minimum_quantity)
    if row.quantity % fact.quantity_multiple:
        return _("Sold in steps of {count}").format(count=fact.quantity_multiple)
    return ""
