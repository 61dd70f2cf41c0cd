"""The repricer: a proposal first, then its application, and the way back."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog import locks
from catalog.errors.prices import PriceMovedOn, RunIsOver
from catalog.models import PriceChange, RepriceLine, RepriceRun, Sku
from catalog.policies.prices import (
    REPRICE_ASK_OVER,
    REPRICE_AUTOMATIC,
    REPRICE_BELOW,
    REPRICE_DAILY,
    REPRICE_MARGIN,
)
from catalog.pricing import repricing, tails
from catalog.pricing.repricing import Goods, Rules
from catalog.selectors import prices as price_facts
from catalog.services import prices
from catalog.terms.prices import PriceSource, Verdict
from shop.core import audit, clock, decisions, refs
from shop.core.errors import NotFound, Refusal
from shop.core.models import Decision
from shop.core.transactions import unit

NOUN = "repricing"
LANGUAGE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many lines went through, and which stayed as they are."""

    done_count: int
    kept: tuple[RepriceLine, ...] = ()


@unit
def calculate(*, actor: str, is_automatic: bool = False) -> RepriceRun:
    """A dry run over all traffic drivers: what each should cost and why. No price changes; an older proposal
    nobody decided about is dropped."""
    now = clock.now()
    rules = Rules(REPRICE_BELOW.get(), REPRICE_MARGIN.get(), REPRICE_ASK_OVER.get())
    RepriceRun.objects.filter(applied_at=None, dropped_at=None).update(dropped_at=now)
    run = RepriceRun.objects.create(
        actor=actor,
        is_automatic=is_automatic,
        below_rate=rules.below,
        minimum_margin=rules.minimum_margin,
        created_at=now,
    )
    RepriceLine.objects.bulk_create(
        [_line(run, sku_id, goods, rules) for sku_id, goods in price_facts.to_reprice().items()],
        batch_size=500,
    )
    return run


@unit
def apply(*, run_id: int, actor: str, asked: Collection[int] = ()) -> Outcome:
    """Set the prices of a proposal: all it would change, and the lines in `asked` it had to ask about.

    Each leaves a Decision. A line whose price, protection or bounds changed meanwhile, or that a person
    priced today, is not applied and says so. Raises NotFound, RunIsOver.
    """
    run = _open_run(run_id)
    lines = [
        line
        for line in run.lines.order_by("sku_id")
        if line.verdict == Verdict.CHANGE or (line.verdict == Verdict.ASK and line.pk in set(asked))
    ]
    skus = {sku.pk: sku for sku in locks.skus([line.sku_id for line in lines])}
    facts = price_facts.to_reprice(list(skus))
    now = clock.now()
    kept = []
    for line in lines:
        line.refused = _refusal(line, facts.get(line.sku_id), run) or _set(line, skus[line.sku_id], actor)
        line.applied_at = None if line.refused else now
        if line.refused:
            kept.append(line)
    RepriceLine.objects.bulk_update(lines, ["refused", "applied_at"], batch_size=500)
    run.applied_at, run.applied_by = now, actor
    run.save(update_fields=["applied_at", "applied_by"])
    audit.record(
        actor=actor,
        verb="apply_repricing",
        target=f"reprice_run:{run.pk}",
        after={"changed": len(lines) - len(kept), "kept": len(kept)},
    )
    return Outcome(len(lines) - len(kept), tuple(kept))


@unit
def drop(*, run_id: int, actor: str) -> None:
    """Nothing of this proposal is to happen. Raises NotFound, RunIsOver."""
    run = _open_run(run_id)
    run.dropped_at = clock.now()
    run.save(update_fields=["dropped_at"])
    audit.record(actor=actor, verb="drop_repricing", target=f"reprice_run:{run.pk}")


@unit
def undo_line(*, line_id: int, actor: str) -> None:
    """Put one price back. Raises NotFound, PriceMovedOn when it changed since, and bounds that changed."""
    found = RepriceLine.objects.filter(pk=line_id).first()
    if found is None or locks.reprice_run(found.run_id) is None:
        raise NotFound(line_id=line_id)
    line = RepriceLine.objects.get(pk=line_id)
    if line.applied_at is None or line.undone_at is not None:
        raise RunIsOver()
    _undo(line, actor)


@unit
def undo(*, run_id: int, actor: str) -> Outcome:
    """Put back every price of a repricing that is still the repricer's; the others stay and are returned.
    Raises NotFound, RunIsOver."""
    run = locks.reprice_run(run_id)
    if run is None:
        raise NotFound(run_id=run_id)
    if run.applied_at is None or run.undone_at is not None:
        raise RunIsOver()
    lines = list(run.lines.filter(applied_at__isnull=False, undone_at=None).order_by("sku_id"))
    kept = []
    for line in lines:
        try:
            with transaction.atomic():
                _undo(line, actor)
        except Refusal:
            kept.append(line)
    run.undone_at = clock.now()
    run.save(update_fields=["undone_at"])
    audit.record(
        actor=actor,
        verb="undo_repricing",
        target=f"reprice_run:{run.pk}",
        after={"changed": len(lines) - len(kept), "kept": len(kept)},
    )
    return Outcome(len(lines) - len(kept), tuple(kept))


def run_daily() -> int:
    """The morning's proposal, applied at once where the shop says so; how many prices changed."""
    if not REPRICE_DAILY.get():
        return 0
    run = calculate(actor=refs.SYSTEM, is_automatic=True)
    if not REPRICE_AUTOMATIC.get():
        return 0
    return apply(run_id=run.pk, actor=refs.SYSTEM).done_count


def _open_run(run_id: int) -> RepriceRun:
    run = locks.reprice_run(run_id)
    if run is None:
        raise NotFound(run_id=run_id)
    if run.applied_at or run.dropped_at:
        raise RunIsOver()
    return run


def _line(run: RepriceRun, sku_id: int, goods: Goods, rules: Rules) -> RepriceLine:
    found = repricing.propose(goods, rules)
    return RepriceLine(
        run=run,
        sku_id=sku_id,
        old_price=goods.price,
        market_price=found.market,
        observation_count=len(goods.market),
        new_price=found.price,
        verdict=found.verdict,
        code=found.code,
        parameters=found.parameters,
    )


def _refusal(line: RepriceLine, goods: Goods | None, run: RepriceRun) -> str:
    """Why this line no longer holds, as a code; empty while it does."""
    if goods is None:
        return "not_repriced"
    if goods.price != line.old_price:
        return "price_moved_on"
    if goods.is_set_today:
        return "set_today"
    if goods.is_locked:
        return "locked"
    low = repricing.lowest(goods, Rules(run.below_rate, run.minimum_margin, REPRICE_ASK_OVER.get()))
    price = line.new_price
    if low is None or price is None or not low <= price <= goods.ceiling or not tails.fits(price, goods.tail):
        return "out_of_bounds"
    return ""


def _set(line: RepriceLine, sku: Sku, actor: str) -> str:
    if line.new_price is None:
        return "out_of_bounds"
    with translation.override(LANGUAGE):
        reason = _("Repricing {number}").format(number=line.run_id)
    try:
        with transaction.atomic():
            prices.set_price(
                sku_id=sku.pk,
                list_price=line.new_price,
                actor=actor,
                reason=reason,
                source=PriceSource.REPRICER,
            )
    except Refusal:
        return "out_of_bounds"
    decisions.record(
        noun=NOUN,
        reference=f"sku:{sku.pk}",
        inputs={"run": line.run_id, "price": str(line.old_price), **line.parameters},
        rules=[line.code],
        outcome={"price": str(line.new_price)},
    )
    return ""


def _undo(line: RepriceLine, actor: str) -> None:
    change = PriceChange.objects.filter(sku=line.sku_id).order_by("-pk").first()
    later = RepriceLine.objects.filter(sku=line.sku_id, applied_at__gt=line.applied_at)
    if (
        change is None
        or change.source != PriceSource.REPRICER
        or (change.old_price, change.new_price) != (line.old_price, line.new_price)
        or later.exists()
    ):
        raise PriceMovedOn(price=str(change.new_price if change else line.old_price))
    prices.take_back(change_id=change.pk, actor=actor)
    line.undone_at = clock.now()
    line.save(update_fields=["undone_at"])
    decision = Decision.objects.filter(noun=NOUN, reference=f"sku:{line.sku_id}").order_by("-pk").first()
    if decision:
        decisions.override(decision, outcome={"price": str(line.old_price)}, actor=actor)
