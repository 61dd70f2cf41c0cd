"""What expires soon: how much will be left over, what to do about it, and what became of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.errors import BelowFloor
from catalog.errors.batches import NothingToMarkDown
from catalog.models import Batch, Markdown, PriceChange, SkuDay, StockLevel
from catalog.selectors import losses as seen
from catalog.selectors import near_expiry, stock_as_of
from catalog.selectors.near_expiry import lowered, percent_off, window_of
from catalog.services import losses, markdowns, prices, stock
from catalog.services.batches import BatchFacts
from catalog.terms import LossReason
from shop.core import clock, numbers
from shop.core.models import Decision
from tests.factories.catalog import PlaceFactory, a_place, a_sku

pytestmark = pytest.mark.django_db


def receive(sku, pieces, days, code="A", life=10, place=None):
    today = clock.today()
    facts = BatchFacts(code, today + timedelta(days=days - life), today + timedelta(days=days))
    stock.receive(
        place_id=(place or a_place()).pk,
        sku_id=sku.pk,
        quantity=pieces,
        actor="user:1",
        key=numbers.token(),
        batch_facts=facts,
    )
    return Batch.objects.get(sku=sku, code=code)


def sells(sku, a_day):
    """So many pieces on each of the last fourteen days."""
    today = clock.today()
    SkuDay.objects.bulk_create(
        SkuDay(sku=sku, on_date=today - timedelta(days=n), sold_count=a_day) for n in range(1, 15)
    )


@pytest.mark.parametrize(
    ("life", "days"), [(730, 45), (365, 45), (200, 20), (90, 15), (45, 10), (16, 5), (3, 2), (0, 2)]
)
def test_the_longer_goods_keep_the_earlier_they_count_as_expiring(life, days):
    made = date(2026, 1, 1)
    assert window_of(made, made + timedelta(days=life), 7) == days
    assert window_of(None, made, 7) == 7


def test_the_nearer_the_end_the_more_comes_off_and_never_below_the_floor():
    assert percent_off(leftover=0, days=0, window=10) == 0
    assert [percent_off(leftover=1, days=n, window=10) for n in (10, 7, 6, 4, 3, 0)] == [
        *(10, 10, 30, 30, 50, 50)
    ]
    assert lowered(Decimal("19.90"), 30, None) == Decimal("13.90")
    assert lowered(Decimal("19.90"), 50, Decimal("12.00")) == Decimal("12.00")


def test_what_an_earlier_batch_takes_of_the_sales_is_not_counted_twice():
    sku = a_sku(stock=0, cost_price="4.00")
    sells(sku, 3)
    receive(sku, 6, 1, "A", life=40)
    receive(sku, 10, 4, "B", life=40)
    receive(sku, 10, 9, "C", life=3000)
    rows = {row.batch.code: row for row in near_expiry.rows(clock.today())}
    assert [(rows[code].pieces, rows[code].leftover) for code in "ABC"] == [(6, 0), (10, 1), (10, 0)]
    assert (rows["A"].percent, rows["B"].percent) == (0, 30)
    assert rows["B"].value == Decimal("4.00")
    assert near_expiry.rows(clock.today(), [PlaceFactory().pk]) == []
    for number in range(4):
        receive(a_sku(stock=0), 5, 1, f"X{number}")
    with CaptureQueriesContext(connection) as queries:
        near_expiry.rows(clock.today())
    assert len(queries) <= 4


def test_a_lowered_price_goes_back_when_the_batch_is_gone():
    sku = a_sku(stock=0, price="20.00", floor_price="8.00")
    batch = receive(sku, 5, 1)
    with pytest.raises(BelowFloor):
        markdowns.apply(batch_id=batch.pk, price=Decimal("7.00"), actor="user:1")
    with pytest.raises(NothingToMarkDown):
        markdowns.apply(batch_id=batch.pk, price=Decimal("20.00"), actor="user:1")
    done = markdowns.apply(batch_id=batch.pk, price=Decimal("10.00"), actor="user:1")
    assert (done.old_price, done.new_price, done.left_count, done.days_left) == (20, 10, 5, 1)
    decision = Decision.objects.get(noun="markdown")
    assert (decision.reference, decision.inputs["leftover"]) == (f"batch:{batch.pk}", 5)
    with pytest.raises(NothingToMarkDown):
        markdowns.apply(batch_id=batch.pk, price=Decimal("9.00"), actor="user:1")
    sku.refresh_from_db()
    assert sku.list_price == 10
    assert markdowns.end_due() == 0
    with clock.shifted(timedelta(days=2)):
        assert markdowns.end_due() == 1
        assert markdowns.end_due() == 0
    sku.refresh_from_db()
    assert sku.list_price == 20
    assert [change.new_price for change in PriceChange.objects.filter(sku=sku)] == [20, 10]


def test_a_price_that_somebody_set_meanwhile_stays():
    sku = a_sku(stock=0, price="20.00")
    done = markdowns.apply(batch_id=receive(sku, 5, 1).pk, price=Decimal("10.00"), actor="user:1")
    prices.set_price(sku_id=sku.pk, list_price=Decimal("12.00"), actor="user:1", reason="清仓")
    assert markdowns.end(markdown_id=done.pk, actor="user:1")
    assert not markdowns.end(markdown_id=done.pk, actor="user:1")
    sku.refresh_from_db()
    assert sku.list_price == 12
    assert Markdown.objects.get().ended_at


def test_losses_are_added_up_by_day_reason_and_place_against_what_was_handed_out():
    sku, other = a_sku(stock=20, cost_price="4.00"), PlaceFactory()
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[stock.Want("1", sku.pk, 8)])
        stock.consume(reference="order:1", actor="user:1")
    stock.receive(place_id=other.pk, sku_id=sku.pk, quantity=5, actor="user:1", key="k")
    for place, pieces, reason in ((a_place(), 1, LossReason.SPOILED), (other, 1, LossReason.EXPIRED)):
        losses.book(
            place_id=place.pk,
            sku_id=sku.pk,
            quantity=pieces,
            reason=reason,
            actor="user:1",
            key=numbers.token(),
        )
    today = clock.today()
    total = seen.total(today, today)
    assert (total.pieces, total.cost) == (2, 8)
    assert total.share_of(seen.handed_out(today, today)) == Decimal("0.2")
    assert {name: part.pieces for name, part in seen.by_reason(today, today).items()} == {
        "spoiled": 1,
        "expired": 1,
    }
    assert seen.by_place(today, today, [other.pk]) == {other.name: seen.Part(1, Decimal("4.00"))}
    assert list(seen.by_day(today, today)) == [today]
    assert seen.by_product(today, today)[0][1] == sku.product.title
    assert seen.Part().share_of(seen.Part()) is None
    yesterday = today - timedelta(days=1)
    assert seen.total(yesterday, yesterday) == seen.Part()


def test_stock_of_any_moment_is_the_sum_of_what_moved_until_then():
    sku = a_sku(stock=0)
    moments, expected = [clock.page_now()], [0]
    for pieces in (5, -2, 4):
        with clock.shifted(timedelta(minutes=10 * len(moments))):
            if pieces > 0:
                stock.receive(
                    place_id=a_place().pk,
                    sku_id=sku.pk,
                    quantity=pieces,
                    actor="user:1",
                    key=numbers.token(),
                )
            else:
                level = StockLevel.objects.get(sku=sku)
                stock.adjust(level_id=level.pk, delta=pieces, reason="corrected", actor="user:1")
            moments.append(clock.page_now())
            expected.append(expected[-1] + pieces)
    found = [stock_as_of.at(moment, sku_id=sku.pk).get().on_hand_then for moment in moments]
    assert found == expected == [0, 5, 3, 7]
    for moment in moments:
        levels = stock_as_of.at(moment, place_id=a_place().pk)
        assert not stock_as_of.proof(levels, moment).exists()
    StockLevel.objects.filter(sku=sku).update(on_hand=99)
    broken = stock_as_of.at(moments[1], sku_id=sku.pk)
    assert stock_as_of.proof(broken, moments[1]).count() == 1, "a level that was tampered with is named"
