"""What the product page promises, and its facts, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.policies import SOLD_SHOWN_FROM
from catalog.selectors.products import ProductPage
from marketing import wording
from marketing.selectors import limits as limit_facts
from members.models import Member
from shop.core import clock
from shop.storefront.choice import Choice
from shop.storefront.piece_price import weight


@dataclass(frozen=True, slots=True)
class Promise:
    """`sign` names an icon."""

    sign: str
    headline: str
    words: str = ""


def promises(page: ProductPage) -> list[Promise]:
    """When it leaves, how it can be had, whether it can be sent back."""
    product = page.product
    leaves = _("Leaves us within {hours} hours").format(hours=product.promised_ship_hours)
    found = [Promise("truck", leaves, _("By parcel, or collect it yourself in one of our stores."))]
    if product.no_reason_return:
        words = _("From the day after it arrives; unused and complete.")
        found.append(Promise("shield", _("7 days to send it back without a reason"), words))
    else:
        words = _("Something wrong with it? Show us a picture and we make it good.")
        found.append(Promise("leaf", _("Fresh goods: no return without a reason"), words))
    return found


def sold(page: ProductPage) -> int:
    """Pieces sold, once they are enough to say something; else 0."""
    count: int = page.product.sold_count
    return count if count >= SOLD_SHOWN_FROM.get() else 0


def parameters(page: ProductPage) -> list[tuple[str, str]]:
    """Facts of the product as pairs of name and value."""
    product = page.product
    sku = page.single_sku
    pairs = [
        (_("Brand"), product.brand.name if product.brand else ""),
        (_("Category"), " / ".join(node.name for node in page.trail)),
        (_("Sold by"), product.sale_unit),
        (_("Weight"), weight(sku.weight_grams) if sku and sku.weight_grams else ""),
        (_("Least quantity"), str(product.minimum_quantity) if product.minimum_quantity > 1 else ""),
        (_("In steps of"), str(product.quantity_multiple) if product.quantity_multiple > 1 else ""),
        (pgettext("parameter", "Specification"), sku.spec_text if sku else ""),
    ]
    shown = [(name, value) for name, value in pairs if value]
    return [*shown, *page.parameters]


def limits(page: ProductPage, choice: Choice, member: Member | None = None) -> list[str]:
    """Least quantity, steps, what one person and what this member may still buy: said before the basket."""
    product = page.product
    unit = product.sale_unit
    said = []
    if product.minimum_quantity > 1:
        said.append(_("From {least} {unit}").format(least=product.minimum_quantity, unit=unit))
    if product.quantity_multiple > 1:
        said.append(_("In steps of {multiple}").format(multiple=product.quantity_multiple))
    sku_ids = [choice.sku.id] if choice.sku else [sku.id for sku in page.skus]
    announced = limit_facts.announced(product.pk, sku_ids)
    said += [wording.purchase_limit(one.per_member, one.period_days, unit) for one in announced]
    if announced and member is not None:
        said += _own_rest(page, sku_ids, member, unit)
    return said


def _own_rest(page: ProductPage, sku_ids: list[int], member: Member, unit: str) -> list[str]:
    """What the narrowest limit leaves this member, where some of it is used up."""
    products = dict.fromkeys(sku_ids, page.product.pk)
    states = limit_facts.of_skus(sku_ids, member.pk, clock.page_now(), products)
    used = [state.left for state in states if state.left < state.limit.per_member]
    if not used:
        return []
    left = min(used)
    return [
        _("You may still buy {count} {unit}").format(count=left, unit=unit)
        if left
        else _("You have yours already")
    ]
