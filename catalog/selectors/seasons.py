"""Seasonal plans: how far each has come, read from the goods themselves."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from catalog.models import ProductImage, SeasonPlan, SeasonProduct
from catalog.policies.shelf import FEW_PICTURES
from catalog.selectors import idle
from catalog.terms import ProductStatus
from catalog.terms.shelf import Milestone


@dataclass(frozen=True, slots=True)
class Step:
    """One date of a plan: `done` of `total` products are there. `lacking` names up to five that aren't."""

    milestone: Milestone
    on: date
    done: int
    total: int
    lacking: tuple[str, ...]
    is_late: bool

    @property
    def is_done(self) -> bool:
        return bool(self.total) and self.done == self.total

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Standing:
    plan: SeasonPlan
    steps: tuple[Step, ...]
    problems: tuple[tuple[str, str], ...]

    @property
    def late(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_late)


def standings(plans: Collection[SeasonPlan], today: date) -> list[Standing]:
    """How far these plans have come; two queries whatever their number."""
    goods: dict[int, list[SeasonProduct]] = defaultdict(list)
    rows = list(_with_pictures().filter(plan__in=[plan.pk for plan in plans]))
    free = idle.free_pieces([one.product_id for one in rows])
    for one in rows:
        goods[one.plan_id].append(one)
    return [_standing(plan, goods[plan.pk], free, today) for plan in plans]


def running(today: date) -> QuerySet[SeasonPlan]:
    """Plans that are neither called off nor over."""
    return SeasonPlan.objects.filter(Q(off_on=None) | Q(off_on__gte=today), cancelled_at=None)


def to_put_on(today: date) -> QuerySet[SeasonProduct]:
    """Products of plans whose time has come and that weren't put on the shelf by the plan yet."""
    rows = SeasonProduct.objects.filter(
        Q(plan__off_on=None) | Q(plan__off_on__gt=today),
        plan__cancelled_at=None,
        plan__on_on__lte=today,
        put_on_at=None,
    )
    return rows.order_by(F("tried_at").asc(nulls_first=True), "pk")


def to_take_off(today: date) -> QuerySet[SeasonProduct]:
    return SeasonProduct.objects.filter(
        plan__cancelled_at=None, plan__off_on__lte=today, taken_off_at=None
    ).order_by(F("tried_at").asc(nulls_first=True), "pk")


def _with_pictures() -> QuerySet[SeasonProduct]:
    pictures = (
        ProductImage.objects.filter(product=OuterRef("product"))
        .order_by()
        .values("product")
        .annotate(many=Count("pk"))
    )
    enough = Exists(pictures.filter(many__gte=FEW_PICTURES.get()))
    return SeasonProduct.objects.select_related("product").annotate(has_pictures=enough).order_by("pk")


def _standing(plan: SeasonPlan, goods: list[SeasonProduct], free: dict[int, int], today: date) -> Standing:
    ready = {
        Milestone.STOCK: [one for one in goods if free.get(one.product_id, 0) > 0],
        Milestone.VISUALS: [one for one in goods if one.has_pictures],  # type: ignore[attr-defined]
        Milestone.ON: [one for one in goods if one.put_on_at or one.product.status == ProductStatus.ON_SHELF],
        Milestone.OFF: [one for one in goods if one.taken_off_at],
    }
    dates = {
        Milestone.STOCK: plan.stock_on,
        Milestone.VISUALS: plan.visuals_on,
        Milestone.ON: plan.on_on,
        Milestone.OFF: plan.off_on,
    }
    steps = tuple(_step(plan, name, on, ready[name], goods, today) for name, on in dates.items() if on)
    problems = tuple((one.product.title, one.problem) for one in goods if one.problem)
    return Standing(plan, steps, problems)


def _step(
    plan: SeasonPlan,
    milestone: Milestone,
    on: date,
    ready: list[SeasonProduct],
    goods: list[SeasonProduct],
    today: date,
) -> Step:
    there = {one.pk for one in ready}
    lacking = [one.product.title for one in goods if one.pk not in there]
    over = plan.off_on is not None and plan.off_on <= today and milestone != Milestone.OFF
    is_late = bool(lacking) and on < today and plan.cancelled_at is None and not over
    return Step(milestone, on, len(ready), len(goods), tuple(lacking[:5]), is_late)
