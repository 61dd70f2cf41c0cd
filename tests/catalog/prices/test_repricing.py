"""The repricer: a dry run, its application, and what it must never do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.errors.prices import PriceMovedOn, RunIsOver
from catalog.models import Competitor, PriceChange, PriceRule, RepriceLine, RepriceRun, Sku
from catalog.policies.prices import REPRICE_AUTOMATIC, REPRICE_DAILY
from catalog.services import competitors, prices, repricing
from catalog.terms.prices import PriceSource, Protection, Verdict
from catalog.wording.repricing import explain
from shop.core import clock
from shop.core.models import Decision
from tests.factories.catalog import a_sku
from tests.races import run_all

pytestmark = pytest.mark.django_db
ME = "user:1"


def a_driver(price: str = "20.00", *, market: tuple[str, ...] = ("19.00",), **fields: Any) -> Sku:
    """A traffic driver with prices of competitors seen an hour ago."""
    sku = a_sku(price=price, cost_price=Decimal("10.00"))
    PriceRule.objects.create(sku=sku, is_traffic_driver=True, **fields)
    for number, seen in enumerate(market):
        shop, _new = Competitor.objects.get_or_create(name=f"邻店{number}")
        goods = competitors.pair(competitor_id=shop.pk, sku_id=sku.pk, actor=ME)
        competitors.observe(
            goods_id=goods.pk,
            price=Decimal(seen),
            actor=ME,
            observed_at=clock.page_now() - timedelta(hours=1),
        )
    return sku


def price_of(sku: Sku) -> Decimal:
    return Sku.objects.get(pk=sku.pk).list_price


def test_a_dry_run_changes_nothing_and_explains_each_line(django_assert_max_num_queries: Any) -> None:
    sku = a_driver(market=("19.00", "19.50"))
    a_sku(price="30.00")
    with django_assert_max_num_queries(14):
        run = repricing.calculate(actor=ME)
    (line,) = run.lines.all()
    assert (line.verdict, line.new_price, line.market_price) == (
        Verdict.CHANGE,
        Decimal("18.90"),
        Decimal("19.25"),
    )
    assert "19.25" in explain(line.code, line.parameters)
    assert price_of(sku) == Decimal("20.00")
    assert not PriceChange.objects.exists()


def test_applied_prices_leave_a_decision_and_go_back_with_one_click() -> None:
    sku, other = a_driver(), a_driver(market=("18.00",))
    run = repricing.calculate(actor=ME)
    assert repricing.apply(run_id=run.pk, actor=ME).done_count == 2
    assert (price_of(sku), price_of(other)) == (Decimal("17.90"), Decimal("16.90"))
    decision = Decision.objects.get(reference=f"sku:{sku.pk}")
    assert decision.inputs["market"] == "19.00"
    with pytest.raises(RunIsOver):
        repricing.apply(run_id=run.pk, actor=ME)
    prices.set_price(sku_id=other.pk, list_price=Decimal("16.50"), actor=ME, reason="手工")
    with pytest.raises(PriceMovedOn):
        repricing.undo_line(line_id=run.lines.get(sku=other).pk, actor=ME)
    outcome = repricing.undo(run_id=run.pk, actor=ME)
    assert (outcome.done_count, [line.sku_id for line in outcome.kept]) == (1, [other.pk])
    assert (price_of(sku), price_of(other)) == (Decimal("20.00"), Decimal("16.50"))
    decision.refresh_from_db()
    assert decision.override == {"price": "20.00"}
    with pytest.raises(RunIsOver):
        repricing.undo(run_id=run.pk, actor=ME)


def test_what_a_person_set_today_stays() -> None:
    sku = a_driver()
    run = repricing.calculate(actor=ME)
    prices.set_price(sku_id=sku.pk, list_price=Decimal("21.00"), actor=ME, reason="手工")
    prices.set_price(sku_id=sku.pk, list_price=Decimal("20.00"), actor=ME, reason="改回")
    (kept,) = repricing.apply(run_id=run.pk, actor="system").kept
    assert kept.refused == "set_today"
    assert price_of(sku) == Decimal("20.00")
    (line,) = repricing.calculate(actor=ME).lines.all()
    assert (line.verdict, line.code) == (Verdict.KEEP, "set_today")
    with clock.shifted(timedelta(days=1)):
        (line,) = repricing.calculate(actor=ME).lines.all()
        assert line.verdict == Verdict.CHANGE


def test_protected_goods_are_asked_about_or_left_alone() -> None:
    asked, locked = a_driver(protection=Protection.ASK), a_driver(protection=Protection.LOCKED)
    run = repricing.calculate(actor=ME)
    repricing.apply(run_id=run.pk, actor="system")
    assert price_of(asked) == price_of(locked) == Decimal("20.00")
    run = repricing.calculate(actor=ME)
    line = run.lines.get(sku=asked)
    both = list(run.lines.values_list("pk", flat=True))
    assert repricing.apply(run_id=run.pk, actor=ME, asked=both).done_count == 1
    assert (price_of(asked), price_of(locked)) == (line.new_price, Decimal("20.00"))


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [
        ({"cost_price": Decimal("18.00")}, "out_of_bounds"),
        ({"floor_price": Decimal("19.00")}, "out_of_bounds"),
        ({"list_price": Decimal("22.00")}, "price_moved_on"),
    ],
)
def test_what_changed_since_the_dry_run_is_looked_at_again(meanwhile: dict[str, Any], code: str) -> None:
    sku = a_driver()
    run = repricing.calculate(actor=ME)
    Sku.objects.filter(pk=sku.pk).update(**meanwhile)
    (kept,) = repricing.apply(run_id=run.pk, actor=ME).kept
    assert kept.refused == code


def test_stale_prices_move_nothing_and_the_repricer_finds_its_way_back_up() -> None:
    sku = a_driver()
    PriceChange.objects.create(
        sku=sku,
        old_price=None,
        new_price=Decimal("20.00"),
        actor=ME,
        source=PriceSource.FIRST,
        created_at=clock.page_now() - timedelta(days=30),
    )
    repricing.apply(run_id=repricing.calculate(actor=ME).pk, actor=ME)
    assert price_of(sku) == Decimal("17.90")
    with clock.shifted(timedelta(days=8)):
        (line,) = repricing.calculate(actor=ME).lines.all()
        assert line.code == "no_market"
        competitors.observe(goods_id=sku.competitor_goods.get().pk, price=Decimal("40.00"), actor=ME)
        (line,) = repricing.calculate(actor=ME).lines.all()
        assert (line.code, line.new_price) == ("at_ceiling", Decimal("19.90"))


def test_the_morning_applies_only_what_the_shop_allows() -> None:
    sku = a_driver()
    assert repricing.run_daily() == 0
    assert not RepriceRun.objects.exists()
    REPRICE_DAILY.set(True, actor=ME)
    assert repricing.run_daily() == 0
    assert price_of(sku) == Decimal("20.00")
    REPRICE_AUTOMATIC.set(True, actor=ME)
    assert repricing.run_daily() == 1
    assert price_of(sku) == Decimal("17.90")
    assert RepriceRun.objects.filter(dropped_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_apply_at_once_apply_once() -> None:
    sku = a_driver()
    run = repricing.calculate(actor=ME)
    outcome = run_all([lambda: repricing.apply(run_id=run.pk, actor=ME)] * 2)
    assert len(outcome.results) == 1
    assert len(outcome.of(RunIsOver)) == 1
    assert PriceChange.objects.filter(sku=sku).count() == 1
    assert RepriceLine.objects.get().applied_at is not None
