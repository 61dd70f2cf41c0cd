"""The goods of a limited-time discount, many at once."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Sku
from marketing.errors import RuleUnsound
from marketing.models import LimitedDiscount, LimitedPrice
from marketing.services import checks
from shop.core import audit
from shop.core.money import yuan
from shop.core.transactions import unit

GOODS_AT_MOST = 500


@unit
def add_goods(
    *,
    discount_id: int,
    category_id: int | None,
    codes: Sequence[str],
    rate: Decimal,
    quota: int | None,
    actor: str,
) -> int:
    """Adds the active SKUs of a category (with all below it) and of these codes at `rate` of their list
    prices; how many. SKUs that are there keep their price. Raises RuleUnsound for unknown codes, for nothing
    at all and for more than 500."""
    checks.rate(rate)
    wanted = Q(code__in=codes)
    if category_id is not None:
        wanted |= (
            Q(product__category=category_id)
            | Q(product__category__parent=category_id)
            | Q(product__category__parent__parent=category_id)
        )
    found = list(Sku.objects.filter(wanted, is_active=True).order_by("pk")[: GOODS_AT_MOST + 1])
    unknown = sorted(set(codes) - {sku.code for sku in found})
    if unknown:
        raise RuleUnsound(
            field="codes", detail=_("No such SKU: {codes}").format(codes=", ".join(unknown[:5]))
        )
    if not found:
        raise RuleUnsound(field="category", detail=_("Choose a category with goods, or give SKU codes."))
    discount = LimitedDiscount.objects.get(pk=discount_id)
    there = set(discount.prices.values_list("sku_id", flat=True))
    new = [sku for sku in found if sku.pk not in there]
    if len(there) + len(new) > GOODS_AT_MOST:
        detail = _("At most {count} SKUs in one discount.").format(count=GOODS_AT_MOST)
        raise RuleUnsound(field="category", detail=detail)
    prices = [(sku, yuan(sku.list_price * rate)) for sku in new]
    LimitedPrice.objects.bulk_create(
        LimitedPrice(discount=discount, sku=sku, price=price, quota=quota)
        for sku, price in prices
        if 0 < price < sku.list_price
    )
    audit.record(
        actor=actor,
        verb="add_goods",
        target=f"{discount._meta.label_lower}:{discount.pk}",
        before={},
        after={"rate": str(rate), "skus": len(prices)},
    )
    return len(prices)
