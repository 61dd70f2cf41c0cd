"""Warnings of goods nobody buys, spot checks, seasonal plans, tags set by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.errors.shelf import AlreadyAnswered, ChecklistIncomplete, PlanUnclear
from catalog.events.shelf import MilestoneLate, ProductIdle, SpotCheckFailed
from catalog.models import (
    IdleWarning,
    PriceChange,
    Product,
    ProductDay,
    SeasonProduct,
    SkuDay,
    SpotCheck,
    TakeDown,
)
from catalog.policies.shelf import SPOT_CHECKS
from catalog.selectors import idle as facts_of
from catalog.selectors import seasons as standing_of
from catalog.selectors import spot_checks as checks
from catalog.services import idle, product_views, seasons, spot_checks, tag_overrides, tags
from catalog.terms import AutomaticTag, ProductStatus
from catalog.terms.shelf import CheckItem, CheckOutcome, IdleAnswer, IdleCause, Milestone, TagChoice
from shop.core import clock
from shop.core.errors import Invalid
from shop.core.models import OutboxEvent
from tests.factories.catalog import CategoryFactory, ImageFactory, TagFactory, a_bundle, a_sku

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=90)


def today():
    return clock.business_day(clock.now())


def shelved(price="10.00", *, pictures=3, stock=10, side=900, **fields):
    """A SKU whose product has been on the shelf for long."""
    sku = a_sku(price=price, stock=stock, **fields)
    Product.objects.filter(pk=sku.product_id).update(on_shelf_at=clock.now() - LONG_AGO)
    for _number in range(pictures):
        ImageFactory(product=sku.product, width=side, height=side)
    return sku


def seen(sku, count, days_ago=1):
    """Somebody has counted views for the whole time."""
    old = today() - timedelta(days=60)
    ProductDay.objects.get_or_create(product=sku.product, on_date=old, defaults={"view_count": 1})
    ProductDay.objects.create(
        product=sku.product, on_date=today() - timedelta(days=days_ago), view_count=count
    )


def sold(sku, days_ago, count=1):
    SkuDay.objects.create(sku=sku, on_date=today() - timedelta(days=days_ago), sold_count=count)


def events(kind):
    return OutboxEvent.objects.filter(topic=kind.topic).count()


def test_each_cause_is_named_from_the_facts():
    category = CategoryFactory()
    for _number in range(3):  # the neighbours, who sell
        sold(shelved("10.00", product__category=category), 2)
    wanted = {
        IdleCause.OUT_OF_STOCK: shelved(stock=0, product__category=category),
        IdleCause.HIDDEN: shelved(product__category=CategoryFactory(is_visible=False)),
        IdleCause.POOR_PICTURES: shelved(pictures=2, product__category=category),
        IdleCause.UNSEEN: shelved(product__category=category),
        IdleCause.TOO_DEAR: shelved("13.00", product__category=category),
        IdleCause.NOT_WANTED: shelved("11.00", product__category=category),
    }
    small = shelved(side=640, product__category=category)
    for cause, sku in wanted.items():
        seen(sku, 5 if cause == IdleCause.UNSEEN else 60)
    assert idle.scan() == len(wanted) + 1
    found = dict(IdleWarning.objects.values_list("product", "cause"))
    assert {cause: found[sku.product_id] for cause, sku in wanted.items()} == {c: c for c in wanted}
    assert found[small.product_id] == IdleCause.POOR_PICTURES
    assert events(ProductIdle) == len(wanted) + 1
    assert idle.scan() == 0  # the same again changes nothing


def test_only_goods_without_a_sale_that_had_their_time_are_warned_of():
    sold_lately, sold_long_ago = shelved(), shelved()
    sold(sold_lately, 29)
    sold(sold_long_ago, 31)
    fresh = shelved()
    Product.objects.filter(pk=fresh.product_id).update(on_shelf_at=clock.now() - timedelta(days=29))
    off = shelved()
    Product.objects.filter(pk=off.product_id).update(status=ProductStatus.OFF_SHELF)
    idle.scan()
    (warning,) = IdleWarning.objects.all()
    assert warning.product_id == sold_long_ago.product_id
    assert warning.facts["last_sold_on"] == str(today() - timedelta(days=31))
    assert warning.cause == IdleCause.UNKNOWN  # nobody has counted views so long
    sold(sold_long_ago, 0)
    idle.scan()
    warning.refresh_from_db()
    assert warning.answer == IdleAnswer.OVER


def test_a_bundle_has_the_stock_of_its_parts():
    part = shelved()
    sold(part, 1)
    bundle = a_bundle({part: 2})
    assert facts_of.free_pieces([bundle.product_id]) == {bundle.product_id: 5}


def test_facts_of_many_goods_take_as_many_queries_as_of_one(django_assert_num_queries):
    ids = [shelved().product_id for _number in range(4)]
    now = clock.now()
    facts_of.facts(ids, now)  # reads what the merchant set
    for asked in (ids[:1], ids):
        with django_assert_num_queries(2):
            facts_of.facts(asked, now)


def test_the_three_answers_of_a_warning():
    cheap, floored, rested, gone = (shelved("10.00") for _number in range(4))
    floored.floor_price = Decimal("9.50")
    floored.save()
    idle.scan()
    of = {one.product_id: one for one in IdleWarning.objects.all()}

    (changed,) = idle.clear(warning=of[cheap.product_id], percent_off=30, actor="user:1", reason="清仓")
    cheap.refresh_from_db()
    assert changed.pk == cheap.pk and cheap.list_price == Decimal("7.00")
    assert PriceChange.objects.filter(sku=cheap, new_price="7.00", reason="清仓").exists()
    idle.clear(warning=of[floored.product_id], percent_off=30, actor="user:1", reason="清仓")
    floored.refresh_from_db()
    assert floored.list_price == Decimal("9.50")

    for wrong in (today(), today() + timedelta(days=400)):
        with pytest.raises(Invalid):
            idle.ignore(warning=of[rested.product_id], until=wrong, actor="user:1")
    idle.ignore(warning=of[rested.product_id], until=today() + timedelta(days=5), actor="user:1")
    idle.retire(warning=of[gone.product_id], actor="user:1")
    gone.product.refresh_from_db()
    assert gone.product.status == ProductStatus.OFF_SHELF
    with pytest.raises(AlreadyAnswered):
        idle.retire(warning=of[gone.product_id], actor="user:1")

    assert idle.scan() == 0
    sold(cheap, 0, 4)
    of[cheap.product_id].refresh_from_db()
    assert facts_of.sold_after(of[cheap.product_id]) == 4
    with clock.shifted(timedelta(days=6)):
        idle.scan()
        again = IdleWarning.objects.filter(answer="")
        assert [one.product_id for one in again] == [rested.product_id]


def test_page_views_are_counted_once_however_often_they_are_collected():
    sku = a_sku()
    for _number in range(3):
        product_views.note(sku.product_id)
    assert product_views.collect() == 1
    product_views.collect()
    assert ProductDay.objects.get(product=sku.product).view_count == 3


# ---------------------------------------------------------------- spot checks


def checklist(**changes):
    return {**dict.fromkeys(CheckItem.values, True), **changes}


def test_the_weekly_sample_is_as_large_as_set_and_picked_once():
    for _number in range(5):
        a_sku()
    SPOT_CHECKS.set(3, actor="system")
    assert spot_checks.pick_due() == 3
    assert spot_checks.pick_due() == 0
    assert SpotCheck.objects.values("product").distinct().count() == 3
    assert checks.may_be_picked(clock.now()).count() == 2
    with clock.shifted(timedelta(days=8)):
        assert spot_checks.pick_due() == 2  # those that are open aren't picked again
        assert checks.late(clock.now()).count() == 3


def test_one_no_fails_a_spot_check_and_takes_the_product_down():
    good, bad = a_sku(), a_sku()
    found = {one.product_id: one for one in spot_checks.pick(count=5, actor="user:1")}
    spot_checks.finish(check=found[good.product_id], found=checklist(), note="", actor="user:1")
    with pytest.raises(ChecklistIncomplete):
        spot_checks.finish(check=found[bad.product_id], found={"price": True}, note="", actor="user:1")
    failed = spot_checks.finish(
        check=found[bad.product_id], found=checklist(dates=False), note="过期", actor="user:1"
    )
    assert failed.outcome == CheckOutcome.FAILED
    assert TakeDown.objects.get().product_id == bad.product_id
    assert {p.pk: p.status for p in Product.objects.all()} == {
        good.product_id: ProductStatus.ON_SHELF,
        bad.product_id: ProductStatus.OFF_SHELF,
    }
    assert events(SpotCheckFailed) == 1
    with pytest.raises(AlreadyAnswered):
        spot_checks.finish(check=failed, found=checklist(), note="", actor="user:1")


def test_open_checks_of_goods_off_the_shelf_are_dropped():
    sku = a_sku()
    spot_checks.pick(count=1, actor="user:1")
    Product.objects.filter(pk=sku.product_id).update(status=ProductStatus.OFF_SHELF)
    spot_checks.pick_due()
    assert SpotCheck.objects.get().outcome == CheckOutcome.DROPPED


# ---------------------------------------------------------------- seasons


def plan(goods, *, on=0, off=30, stock=-5, visuals=-3):
    day = today()
    return seasons.save(
        plan=None,
        name="冬季",
        stock_on=day + timedelta(days=stock),
        visuals_on=day + timedelta(days=visuals),
        on_on=day + timedelta(days=on),
        off_on=None if off is None else day + timedelta(days=off),
        goods=[sku.product for sku in goods],
        actor="user:1",
    )


def draft(**more):
    sku = shelved(**more)
    Product.objects.filter(pk=sku.product_id).update(status=ProductStatus.DRAFT)
    sku.product.refresh_from_db()
    return sku


def status(sku):
    return Product.objects.get(pk=sku.product_id).status


def test_goods_of_a_plan_come_and_go_by_the_clock():
    ready, unready = draft(), draft(pictures=0)
    plan([ready, unready], on=1, off=20, stock=0, visuals=0)
    seasons.carry_out()
    assert status(ready) == ProductStatus.DRAFT
    with clock.shifted(timedelta(days=1)):
        assert seasons.carry_out() == 1, list(SeasonProduct.objects.values_list("problem", flat=True))
        assert seasons.carry_out() == 0
    assert status(ready) == ProductStatus.ON_SHELF
    held = SeasonProduct.objects.get(product=unready.product)
    assert status(unready) == ProductStatus.DRAFT and held.problem and held.put_on_at is None
    ImageFactory(product=unready.product)
    with clock.shifted(timedelta(days=2)):
        assert seasons.carry_out() == 1  # what stood in the way is gone
    assert status(unready) == ProductStatus.ON_SHELF
    with clock.shifted(timedelta(days=20)):
        assert seasons.carry_out() == 2
    assert {status(ready), status(unready)} == {ProductStatus.OFF_SHELF}


def test_late_milestones_are_reported_once_and_named():
    lacking, fine = draft(stock=0, pictures=1), draft()
    row = plan([lacking, fine], on=5)
    assert seasons.report_late() == 2
    assert seasons.report_late() == 0
    assert events(MilestoneLate) == 2
    (standing,) = standing_of.standings([row], today())
    late = {step.milestone: step for step in standing.late}
    assert set(late) == {Milestone.STOCK, Milestone.VISUALS}
    assert late[Milestone.STOCK].lacking == (lacking.product.title,)
    assert (late[Milestone.STOCK].done, late[Milestone.STOCK].total) == (1, 2)


def test_a_plan_called_off_does_nothing_and_unclear_ones_are_refused():
    sku = draft()
    row = plan([sku])
    seasons.cancel(plan=row, actor="user:1")
    seasons.carry_out()
    assert status(sku) == ProductStatus.DRAFT
    for wrong in ({"on": 2, "stock": 3}, {"off": 0}, {"on": 4, "visuals": 5}):
        with pytest.raises(PlanUnclear):
            plan([sku], **wrong)
    with pytest.raises(PlanUnclear):
        plan([])


def test_standings_of_many_plans_take_two_queries(django_assert_num_queries):
    rows = [plan([draft()]) for _number in range(3)]
    day = today()
    standing_of.standings(rows, day)  # reads what the merchant set
    with django_assert_num_queries(2):
        standing_of.standings(rows, day)


# ---------------------------------------------------------------- tags


def test_always_and_never_win_over_the_rule_until_their_day():
    new = TagFactory(automatic=AutomaticTag.NEW)
    fresh, old = a_sku(), shelved()
    Product.objects.filter(pk=old.product_id).update(created_at=clock.now() - LONG_AGO)
    tags.refresh()

    def marked(sku):
        return sku.product.tags.filter(pk=new.pk).exists()

    assert marked(fresh) and not marked(old)
    day = today() + timedelta(days=3)
    tag_overrides.choose(product=fresh.product, tag=new, choice=TagChoice.NEVER, actor="user:1", until_on=day)
    tag_overrides.choose(product=old.product, tag=new, choice=TagChoice.ALWAYS, actor="user:1", until_on=day)
    tags.refresh()
    tags.hang_new(fresh.product_id)
    assert marked(old) and not marked(fresh)
    with clock.shifted(timedelta(days=4)):
        tags.refresh()
    assert marked(fresh) and not marked(old)
    tag_overrides.choose(product=old.product, tag=new, choice=TagChoice.ALWAYS, actor="user:1")
    tag_overrides.leave_to_rule(product=old.product, tag=new, actor="user:1")
    assert not marked(old)
    with pytest.raises(Invalid):
        tag_overrides.choose(product=old.product, tag=TagFactory(), choice=TagChoice.ALWAYS, actor="user:1")
