"""The list price of a SKU: who changed it, from what to what, and why."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.formats import date_format

from catalog import locks
from catalog.errors import BelowFloor
from catalog.errors.prices import AboveCeiling, PriceChangedTooOften, PriceMovedOn, ReasonMissing
from catalog.events import PriceChanged
from catalog.models import PriceChange, PriceRule, Sku
from catalog.policies.prices import PRICE_CHANGE_DAYS, PRICE_CHANGES_AT_MOST, PRICE_REASON_NEEDED
from catalog.services import products
from catalog.terms.prices import PriceSource
from shop.core import audit, clock, money
from shop.core.errors import Invalid, NotFound
from shop.core.events import publish
from shop.core.transactions import unit

HIGHEST = Decimal("9999999.99")
PEOPLE = "user:"


@unit
def set_price(
    *, sku_id: int, list_price: Decimal, actor: str, reason: str = "", source: str = PriceSource.HAND
) -> Sku:
    """Change the list price (yuan); the same price again changes nothing.

    Leaves a PriceChange and an audit entry, publishes PriceChanged. Raises NotFound, BelowFloor,
    AboveCeiling, Invalid for a price below zero or with more than two places; by hand also ReasonMissing
    and PriceChangedTooOften.
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
    if _is_by_hand(actor, source) and PRICE_REASON_NEEDED.get() and not reason.strip():
        raise ReasonMissing()
    sku.list_price = price
    sku.save(update_fields=["list_price"])
    note_changes([(sku, old)], actor=actor, reason=reason, source=source)
    products.refresh_prices(sku.product_id)
    return sku


def note_changes(
    changes: Sequence[tuple[Sku, Decimal | None]],
    *,
    actor: str,
    reason: str = "",
    source: str = PriceSource.HAND,
) -> None:
    """History of prices that were just written; audit and the fact, where there was a price (old) before.

    Raises AboveCeiling, and PriceChangedTooOften for a person's change too many; nothing of the caller's
    transaction stays then.
    """
    moved = [(sku, old) for sku, old in changes if old is not None and old != sku.list_price]
    _check_ceilings([sku for sku, _old in changes])
    if _is_by_hand(actor, source):
        _check_frequency([sku for sku, _old in moved])
    now = clock.page_now()
    PriceChange.objects.bulk_create(
        PriceChange(
            sku=sku,
            old_price=old,
            new_price=sku.list_price,
            actor=actor,
            reason=reason[:200],
            source=PriceSource.FIRST if old is None else source,
            created_at=now,
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


@unit
def take_back(*, change_id: int, actor: str, reason: str = "") -> Sku:
    """Put back the price a change replaced. Raises NotFound, PriceMovedOn when another change came after it,
    and what `set_price` raises for a price that is out of bounds by now."""
    change = PriceChange.objects.filter(pk=change_id).exclude(old_price=None).first()
    if change is None or change.old_price is None:
        raise NotFound(change_id=change_id)
    sku = locks.sku(change.sku_id)
    newest = (
        PriceChange.objects.filter(sku=change.sku_id).order_by("-pk").values_list("pk", flat=True).first()
    )
    if sku is None or newest != change.pk or sku.list_price != change.new_price:
        raise PriceMovedOn(price=str(sku.list_price if sku else change.new_price))
    return set_price(
        sku_id=change.sku_id,
        list_price=change.old_price,
        actor=actor,
        reason=reason or change.reason,
        source=PriceSource.UNDO,
    )


def checked(price: Decimal) -> Decimal:
    """The price with two places; Invalid when it is not a price."""
    if not isinstance(price, Decimal) or not price.is_finite() or not 0 <= price <= HIGHEST:
        raise Invalid(field="list_price")
    if money.yuan(price) != price:
        raise Invalid(field="list_price")
    return money.yuan(price)


def _is_by_hand(actor: str, source: str) -> bool:
    return source == PriceSource.HAND and actor.startswith(PEOPLE)


def _check_ceilings(skus: Sequence[Sku]) -> None:
    prices = {sku.pk: sku.list_price for sku in skus}
    rules = PriceRule.objects.filter(sku__in=prices).exclude(ceiling_price=None)
    for sku_id, ceiling in rules.values_list("sku_id", "ceiling_price"):
        if ceiling is not None and prices[sku_id] > ceiling:
            raise AboveCeiling(ceiling=str(ceiling))


def _check_frequency(skus: Iterable[Sku]) -> None:
    limit, days = PRICE_CHANGES_AT_MOST.get(), PRICE_CHANGE_DAYS.get()
    codes = {sku.pk: sku.code for sku in skus}
    if not limit or not codes:
        return
    since = clock.page_now() - timedelta(days=days)
    changes = PriceChange.objects.filter(
        sku__in=codes, source=PriceSource.HAND, actor__startswith=PEOPLE, created_at__gt=since
    ).exclude(old_price=None)
    found = changes.order_by().values("sku_id").annotate(count=Count("pk"), first=Min("created_at"))
    row = found.filter(count__gte=limit).order_by("sku_id").first()
    if row:
        again = timezone.localtime(row["first"] + timedelta(days=days))
        raise PriceChangedTooOften(
            sku=codes[row["sku_id"]],
            limit=limit,
            days=days,
            again_at=date_format(again, "m-d H:i"),
        )
