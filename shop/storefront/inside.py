"""What is in a bundle product or a gift box, as a shopper reads it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.selectors import bundles
from catalog.selectors.bundles import Contents, Part
from catalog.selectors.products import ProductPage
from catalog.terms.bundles import BundleKind
from shop.core import money


@dataclass(frozen=True, slots=True)
class Inside:
    """The contents of one SKU of a product page. `saving` is zero where some part isn't sold by itself."""

    headline: str
    partner: str
    parts: tuple[Part, ...]
    missing: tuple[Part, ...]
    missing_words: str
    list_amount: Decimal
    saving: Decimal


def of_page(page: ProductPage) -> list[Inside]:
    """What the bundles of this page are made of; no query when there is none, else two."""
    skus = {sku.id: sku for sku in page.skus if sku.bundle_version}
    contents = bundles.of(list(skus)) if skus else {}
    return [
        _inside(contents[pk], sku.spec_text, sku.list_price, page.product.minimum_quantity)
        for pk, sku in skus.items()
        if pk in contents
    ]


def _inside(contents: Contents, spec_text: str, price: Decimal, least: int) -> Inside:
    is_box = contents.kind == BundleKind.GIFT_BOX
    headline = _("What is in the gift box") if is_box else _("What is in the bundle")
    missing = tuple(part for part in contents.parts if not part.lasts_for(least))
    are_all_sold = all(part.fact.is_on_sale for part in contents.parts)
    return Inside(
        headline=f"{headline} · {spec_text}" if spec_text else headline,
        partner=contents.partner_name,
        parts=contents.parts,
        missing=missing,
        missing_words=_("Sold out until there is more of: {goods}").format(
            goods="、".join(part.name for part in missing)
        ),
        list_amount=contents.list_amount,
        saving=contents.saving(price) if are_all_sold else money.ZERO,
    )
