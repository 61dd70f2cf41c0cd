"""Warnings of goods nobody buys, and the three answers: sell off, take off the shelf, leave it."""

from datetime import date
from decimal import Decimal
from typing import Any

from catalog.errors.shelf import AlreadyAnswered
from catalog.events.shelf import ProductIdle
from catalog.models import IdleWarning, Sku
from catalog.selectors import idle
from catalog.services import prices, products
from catalog.terms import ProductStatus
from catalog.terms.shelf import IdleAnswer
from shop.core import audit, clock, refs
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.money import yuan
from shop.core.transactions import unit

BATCH = 500
LONGEST_REST = 365


@unit
def scan() -> int:
    """Close warnings that are over and raise new ones; the same again changes nothing. A fixed number of
    queries for every five hundred products. Returns how many were raised."""
    now = clock.now()
    IdleWarning.objects.filter(pk__in=idle.over(now)).update(
        answer=IdleAnswer.OVER, answered_at=now, answered_by=refs.SYSTEM
    )
    waiting = idle.due(now)
    for start in range(0, len(waiting), BATCH):
        found = idle.facts(waiting[start : start + BATCH], now)
        raised = IdleWarning.objects.bulk_create(
            [
                IdleWarning(product_id=pk, cause=idle.cause(one), facts=one.as_json(), raised_at=now)
                for pk, one in sorted(found.items())
            ]
        )
        for warning in raised:
            publish(ProductIdle(product_id=warning.product_id, warning_id=warning.pk))
    return len(waiting)


@unit
def clear(*, warning: IdleWarning, percent_off: int, actor: str, reason: str = "") -> list[Sku]:
    """Sell off: every price so many percent lower (1 to 90), never below its floor. Answers for the SKUs
    whose price fell. Raises AlreadyAnswered, Invalid and what `prices.set_price` refuses."""
    if not 1 <= percent_off <= 90:
        raise Invalid(field="percent_off", low=1, high=90)
    lowered, before = [], {}
    for sku in Sku.objects.filter(product=warning.product_id, is_active=True).order_by("pk"):
        price = lower_price(sku, percent_off)
        if price < sku.list_price:
            before[sku.code] = [str(sku.list_price), str(price)]
            prices.set_price(sku_id=sku.pk, list_price=price, actor=actor, reason=reason or "-")
            lowered.append(sku)
    if not lowered:
        raise Invalid(field="percent_off")
    _answer(warning, IdleAnswer.CLEAR, actor, detail={"percent": percent_off, "prices": before})
    return lowered


def lower_price(sku: Sku, percent_off: int) -> Decimal:
    """Yuan; the floor price where that is higher."""
    price = yuan(sku.list_price * (100 - percent_off) / 100)
    return max(price, sku.floor_price or Decimal("0.01"))


@unit
def retire(*, warning: IdleWarning, actor: str) -> None:
    """Take it off the shelf. Raises AlreadyAnswered."""
    _answer(warning, IdleAnswer.RETIRE, actor)
    product = warning.product
    if product.status == ProductStatus.ON_SHELF:
        products.take_off_shelf(product=product, actor=actor, reason=str(warning.get_cause_display()))


@unit
def ignore(*, warning: IdleWarning, until: date, actor: str) -> None:
    """No warning up to and including this day, a year from now at the latest. Raises AlreadyAnswered,
    Invalid."""
    days = (until - clock.business_day(clock.now())).days
    if not 1 <= days <= LONGEST_REST:
        raise Invalid(field="until", longest=LONGEST_REST)
    _answer(warning, IdleAnswer.IGNORE, actor, ignore_until=until)


def _answer(
    warning: IdleWarning,
    answer: IdleAnswer,
    actor: str,
    *,
    detail: dict[str, Any] | None = None,
    ignore_until: date | None = None,
) -> None:
    changed = IdleWarning.objects.filter(pk=warning.pk, answer="").update(
        answer=answer,
        detail=detail or {},
        ignore_until=ignore_until,
        answered_by=actor,
        answered_at=clock.now(),
    )
    if not changed:
        raise AlreadyAnswered()
    audit.record(
        actor=actor, verb="answer_idle", target=f"product:{warning.product_id}", after={"answer": answer}
    )
