"""Spot checks: a few products a week, picked at random, looked at by a person against the shop's own page."""

from collections.abc import Mapping
from datetime import timedelta

from catalog.errors.shelf import AlreadyAnswered, ChecklistIncomplete
from catalog.events.shelf import SpotCheckFailed
from catalog.models import SpotCheck
from catalog.policies.shelf import SPOT_CHECK_DAYS, SPOT_CHECKS
from catalog.selectors import spot_checks, takedowns
from catalog.services import take_downs
from catalog.terms import ProductStatus
from catalog.terms.shelf import CheckItem, CheckOutcome, TakeDownCause
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit


@unit
def pick_due() -> int:
    """Fill this week's sample up to what the merchant set; the same again picks nothing. Open checks of goods
    that left the shelf are dropped. Returns how many were picked."""
    now = clock.now()
    spot_checks.open_ones().exclude(product__status=ProductStatus.ON_SHELF).update(
        outcome=CheckOutcome.DROPPED, checked_at=now
    )
    today = clock.business_day(now)
    monday = clock.day_bounds(today - timedelta(days=today.weekday()))[0]
    picked = SpotCheck.objects.filter(picked_at__gte=monday).exclude(outcome=CheckOutcome.DROPPED).count()
    return len(_pick(SPOT_CHECKS.get() - picked))


@unit
def pick(*, count: int, actor: str) -> list[SpotCheck]:
    """So many more now (1 to 50), however many there were. May be fewer when the shop has no more."""
    if not 1 <= count <= 50:
        raise Invalid(field="count", low=1, high=50)
    found = _pick(count)
    audit.record(
        actor=actor, verb="pick_spot_checks", target="catalog.spotcheck:", after={"count": len(found)}
    )
    return found


@unit
def finish(*, check: SpotCheck, found: Mapping[str, bool], note: str, actor: str) -> SpotCheck:
    """Write down yes or no for every item. One no fails the check: the product is taken down and the failure
    published. Raises ChecklistIncomplete, AlreadyAnswered."""
    if set(found) != set(CheckItem.values):
        raise ChecklistIncomplete()
    is_good = all(found.values())
    changed = SpotCheck.objects.filter(pk=check.pk, outcome="").update(
        outcome=CheckOutcome.PASSED if is_good else CheckOutcome.FAILED,
        found=dict(found),
        note=note[:200],
        checked_by=actor,
        checked_at=clock.now(),
    )
    if not changed:
        raise AlreadyAnswered()
    check.refresh_from_db()
    audit.record(
        actor=actor,
        verb="spot_check",
        target=f"product:{check.product_id}",
        after={"outcome": check.outcome},
        reason=note,
    )
    if not is_good:
        _fail(check, actor)
    return check


def _fail(check: SpotCheck, actor: str) -> None:
    product = check.product
    held = takedowns.in_force(product.pk)
    if held is None or held.settled_at is not None:
        wrong = [str(item.label) for item in CheckItem if not check.found[item]]
        words = "; ".join([*wrong, check.note] if check.note else wrong)
        take_downs.take_down(product=product, cause=TakeDownCause.SPOT_CHECK, actor=actor, reason=words)
    publish(SpotCheckFailed(product_id=product.pk, check_id=check.pk))


def _pick(count: int) -> list[SpotCheck]:
    if count <= 0:
        return []
    now = clock.now()
    chosen = spot_checks.may_be_picked(now).order_by("?").values_list("pk", flat=True)[:count]
    due_on = clock.business_day(now) + timedelta(days=SPOT_CHECK_DAYS.get())
    return SpotCheck.objects.bulk_create(
        SpotCheck(product_id=pk, picked_at=now, due_on=due_on) for pk in chosen
    )
