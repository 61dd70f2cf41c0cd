"""Taking goods down at once, and settling what followed."""

from collections.abc import Sequence

from catalog import locks
from catalog.errors.shelf import AlreadyAnswered, TakenDown
from catalog.events.shelf import ProductTakenDown, TakeDownSettled
from catalog.models import Product, TakeDown
from catalog.selectors import takedowns
from catalog.services import products
from catalog.terms import ProductStatus
from catalog.terms.shelf import TakeDownCause
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def take_down(*, product: Product, cause: TakeDownCause, actor: str, reason: str = "") -> TakeDown:
    """Off the shelf at once and kept off until somebody settles it; running promotions stop by
    ProductTakenDown. A product that is off the shelf already is only kept off. Raises TakenDown when it is
    taken down already."""
    locks.product(product.pk)  # who puts it on the shelf at this moment is waited for
    product.refresh_from_db(fields=["status"])
    held = takedowns.in_force(product.pk)
    if held is not None and held.settled_at is None:
        raise TakenDown(cause=held.get_cause_display())
    was_on_shelf = product.status == ProductStatus.ON_SHELF
    if was_on_shelf:
        words = f"{TakeDownCause(cause).label} {reason}".strip()
        products.take_off_shelf(product=product, actor=actor, reason=words)
    row = TakeDown.objects.create(
        product=product,
        cause=cause,
        reason=reason[:200],
        was_on_shelf=was_on_shelf,
        actor=actor,
        created_at=clock.now(),
    )
    audit.record(
        actor=actor, verb="take_down", target=f"product:{product.pk}", after={"cause": cause}, reason=reason
    )
    publish(ProductTakenDown(product_id=product.pk, take_down_id=row.pk))
    return row


@unit
def note_stopped(*, take_down_id: int, promotions: Sequence[str]) -> None:
    """What marketing stopped, in words, for whoever follows up."""
    TakeDown.objects.filter(pk=take_down_id).update(stopped=list(promotions))


@unit
def settle(*, take_down_id: int, settlement: str, may_return: bool, actor: str) -> TakeDown:
    """Say what came of it, and whether the product may be offered again; it isn't put back by itself. What
    was settled with "not again" may be settled anew. Raises Invalid, AlreadyAnswered."""
    if not settlement.strip():
        raise Invalid(field="settlement")
    changed = (
        takedowns.held_products()
        .filter(pk=take_down_id)
        .update(
            settlement=settlement.strip()[:200],
            may_return=may_return,
            settled_by=actor,
            settled_at=clock.now(),
        )
    )
    if not changed:
        raise AlreadyAnswered()
    row = TakeDown.objects.get(pk=take_down_id)
    audit.record(
        actor=actor,
        verb="settle_take_down",
        target=f"product:{row.product_id}",
        after={"may_return": may_return},
        reason=settlement,
    )
    publish(TakeDownSettled(product_id=row.product_id, take_down_id=row.pk, may_return=may_return))
    return row
