"""What one piece costs this shopper, and why: the words behind "why this price"."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.selectors.products import ProductPage, SkuView
from catalog.selectors.skus import SkuFact
from marketing import wording
from marketing.pricing import pipeline
from marketing.pricing.facts import Facts, Line
from marketing.pricing.quote import Quote
from marketing.selectors import limited, quotes
from marketing.selectors.limited import LimitedOffer
from members.models import Member
from orders.terms import DeliveryMode
from shop.core import clock, money
from shop.storefront.choice import Choice

KEY = "one"


@dataclass(frozen=True, slots=True)
class PiecePrice:
    """`list_price` is set where the shopper pays less than it; badges are short, reasons are sentences.
    `limited` is the discount that runs on it, `has_limited` says that this price is made of it."""

    price: Decimal | None
    list_price: Decimal | None
    badges: tuple[str, ...]
    reasons: tuple[str, ...]
    basis: str
    limited: LimitedOffer | None = None
    has_limited: bool = False

    @property
    def was(self) -> Decimal | None:
        """What may be struck through beside the price."""
        return self.limited.was if self.limited and self.has_limited else None


def of(page: ProductPage, chosen: Choice, member: Member | None) -> PiecePrice:
    """The pipeline's price of the least quantity that can be bought; two queries, one more where a limited
    discount runs."""
    sku = chosen.sku
    if sku is None:
        return PiecePrice(page.product.lowest_price, None, (), (), "")
    facts = quotes.gather(
        member=member,
        wants=[(KEY, sku.id, page.product.minimum_quantity)],
        delivery_mode=DeliveryMode.PICKUP,
        points=None,
        at=clock.page_now(),
        facts={sku.id: _fact(page, sku)},
    )
    if not facts.lines:
        return PiecePrice(sku.list_price, None, (), (), _basis(chosen, sku.list_price))
    quote = pipeline.quote(facts)
    price = quote.line(KEY).unit_price
    return PiecePrice(
        price=price,
        list_price=sku.list_price if price < sku.list_price else None,
        badges=tuple(_badges(facts, facts.lines[0])),
        reasons=tuple(_reasons(quote, sku.list_price)),
        basis=_basis(chosen, price),
        limited=_limited(facts, quote, sku.id, member),
        has_limited=any(one.code == "limited_price" for one in quote.adjustments),
    )


def _fact(page: ProductPage, sku: SkuView) -> SkuFact:
    """What the page knows of a SKU already, as far as the price of goods depends on it."""
    product = page.product
    return SkuFact(
        id=sku.id,
        product_id=product.pk,
        title=product.title,
        spec_text=sku.spec_text,
        image_path="",
        list_price=sku.list_price,
        is_on_sale=page.is_on_sale,
        weight_grams=sku.weight_grams,
        volume_cm3=0,
        available=sku.available,
        minimum_quantity=product.minimum_quantity,
        quantity_multiple=product.quantity_multiple,
        category_ids=tuple(node.id for node in page.trail),
        freight_template_id=None,
        sale_unit=product.sale_unit,
        is_weighed=product.is_weighed,
        no_reason_return=product.no_reason_return,
        promised_ship_hours=product.promised_ship_hours,
        nominal_grams=sku.nominal_grams,
        price_basis_grams=sku.price_basis_grams,
        code=sku.code,
        floor_price=None,
    )


def _limited(facts: Facts, quote: Quote, sku_id: int, member: Member | None) -> LimitedOffer | None:
    """The discount the price is made of, else the lowest there is."""
    if not facts.limiteds:
        return None
    found = limited.of_skus([sku_id], member.pk if member else None)
    used = {one.rule for one in quote.adjustments}
    return next((one for one in found if one.rule in used), found[0] if found else None)


def _badges(facts: Facts, line: Line) -> list[str]:
    tiers = [step for tier in facts.tiers if tier.scope.covers(line) for step in tier.steps]
    reductions = [
        wording.reduction_step(threshold, off, is_cumulative=reduction.is_cumulative)
        for reduction in facts.reductions
        if reduction.scope.covers(line)
        for threshold, off in reduction.steps
    ]
    level = facts.level
    named = [f"{level.level_name} {wording.discount(level.rate)}"] if level and level.rate else []
    return [*named, *(wording.tier_step(pieces, rate) for pieces, rate in tiers), *reductions]


def _reasons(quote: Quote, list_price: Decimal) -> list[str]:
    start = _("List price {price}").format(price=money.show(list_price))
    off = [f"{wording.explain(one)}: −{money.show(share)}" for one, share in quote.shares_of(KEY)]
    return [start, *off, *(wording.explain_why_not(one) for one in quote.why_nots)]


def _basis(chosen: Choice, price: Decimal) -> str:
    sku = chosen.sku
    if not sku or not sku.nominal_grams or not sku.price_basis_grams:
        return ""
    each = money.yuan(price * sku.price_basis_grams / sku.nominal_grams)
    return _(
        "About {weight} each, {price} per {basis}. If it weighs less, you get the difference back."
    ).format(weight=weight(sku.nominal_grams), price=money.show(each), basis=weight(sku.price_basis_grams))


def weight(grams: int) -> str:
    """Grams, or kilograms from one on."""
    if grams >= 1000:
        return _("{weight} kg").format(weight=f"{grams / 1000:g}")
    return _("{weight} g").format(weight=grams)
