"""Seasonal plans: written by people, carried out by the clock."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from catalog.errors.shelf import AlreadyAnswered, PlanUnclear
from catalog.events.shelf import MilestoneLate
from catalog.models import Product, SeasonPlan, SeasonProduct
from catalog.selectors import seasons
from catalog.services import products
from catalog.terms import ProductStatus
from shop.core import audit, clock, refs, scans
from shop.core.errors import Refusal, in_words
from shop.core.events import publish
from shop.core.transactions import unit

GOODS_AT_MOST = 200
BATCH = 200


@unit
def save(
    *,
    plan: SeasonPlan | None,
    name: str,
    stock_on: date,
    visuals_on: date,
    on_on: date,
    off_on: date | None,
    goods: Sequence[Product],
    actor: str,
    note: str = "",
) -> SeasonPlan:
    """Write a plan down, a new one or this. Goods that stay keep what was done with them. Raises
    PlanUnclear."""
    _check(name, stock_on, visuals_on, on_on, off_on, goods)
    is_new = plan is None
    row = plan or SeasonPlan(actor=actor, created_at=clock.now())
    row.name, row.note = name.strip(), note
    row.stock_on, row.visuals_on, row.on_on, row.off_on = stock_on, visuals_on, on_on, off_on
    row.warned = []
    row.save()
    SeasonProduct.objects.filter(plan=row).exclude(product__in=goods).delete()
    SeasonProduct.objects.bulk_create(
        [SeasonProduct(plan=row, product=product) for product in goods], ignore_conflicts=True
    )
    audit.record(
        actor=actor,
        verb="add_plan" if is_new else "change_plan",
        target=f"catalog.seasonplan:{row.pk}",
        after={"on": str(on_on), "off": str(off_on or ""), "goods": len(goods)},
    )
    return row


@unit
def cancel(*, plan: SeasonPlan, actor: str) -> None:
    """Nothing of it happens any more; what is on the shelf stays. Raises AlreadyAnswered."""
    if not SeasonPlan.objects.filter(pk=plan.pk, cancelled_at=None).update(cancelled_at=clock.now()):
        raise AlreadyAnswered()
    audit.record(actor=actor, verb="cancel_plan", target=f"catalog.seasonplan:{plan.pk}")


def carry_out() -> int:
    """Put on and take off what is due, one product at a time: what stands in the way of one is written down
    and holds nobody up; it is tried again. Then report dates that passed. Returns how many moved."""
    today = clock.business_day(clock.now())
    on = list(seasons.to_put_on(today).values_list("pk", flat=True)[:BATCH])
    off = list(seasons.to_take_off(today).values_list("pk", flat=True)[:BATCH])
    moved = scans.each(on, _put_on, put_off=_note_problem) + scans.each(off, _take_off, put_off=_note_problem)
    report_late()
    return moved


@unit
def report_late() -> int:
    """Publish MilestoneLate once for every date that passed with something undone; how many there were."""
    today = clock.business_day(clock.now())
    plans = list(seasons.running(today))
    reported = 0
    for standing in seasons.standings(plans, today):
        new = [step.milestone for step in standing.late if step.milestone not in standing.plan.warned]
        if new:
            standing.plan.warned = [*standing.plan.warned, *new]
            standing.plan.save(update_fields=["warned"])
        for milestone in new:
            publish(MilestoneLate(plan_id=standing.plan.pk, milestone=milestone))
        reported += len(new)
    return reported


@unit
def _put_on(pk: int) -> None:
    one = SeasonProduct.objects.select_related("product", "plan").get(pk=pk)
    if one.product.status != ProductStatus.ON_SHELF:
        products.put_on_shelf(product=one.product, actor=refs.SYSTEM, reason=one.plan.name)
    SeasonProduct.objects.filter(pk=pk).update(put_on_at=clock.now(), problem="")


@unit
def _take_off(pk: int) -> None:
    one = SeasonProduct.objects.select_related("product", "plan").get(pk=pk)
    if one.product.status == ProductStatus.ON_SHELF:
        products.take_off_shelf(product=one.product, actor=refs.SYSTEM, reason=one.plan.name)
    SeasonProduct.objects.filter(pk=pk).update(taken_off_at=clock.now(), problem="")


def _note_problem(pk: int, problem: Exception) -> None:
    words = problem.message_text if isinstance(problem, Refusal) else in_words(problem)
    SeasonProduct.objects.filter(pk=pk).update(problem=words[:200], tried_at=clock.now())


def _check(
    name: str, stock_on: date, visuals_on: date, on_on: date, off_on: date | None, goods: Sequence[Product]
) -> None:
    if not 1 <= len(name.strip()) <= 30:
        raise PlanUnclear(detail=_("give it a name of at most 30 characters."))
    if stock_on > on_on or visuals_on > on_on:
        raise PlanUnclear(detail=_("stock and pictures must be ready before the goods are offered."))
    if off_on is not None and off_on <= on_on:
        raise PlanUnclear(detail=_("it ends before it begins."))
    if not 1 <= len(goods) <= GOODS_AT_MOST:
        raise PlanUnclear(detail=_("choose 1 to {count} products.").format(count=GOODS_AT_MOST))
