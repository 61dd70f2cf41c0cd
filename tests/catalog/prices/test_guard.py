"""How often, how far and why a price may change; and the way back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.errors.prices import AboveCeiling, PriceChangedTooOften, PriceMovedOn, ReasonMissing
from catalog.models import PriceChange, PriceRule
from catalog.policies.prices import PRICE_CHANGES_AT_MOST
from catalog.selectors import prices as facts
from catalog.services import prices
from catalog.terms.prices import PriceSource
from shop.core import clock
from tests.factories.catalog import a_sku

pytestmark = pytest.mark.django_db
ME = "user:1"


def change(sku_id: int, price: str, **how: object) -> None:
    given = {"actor": ME, "reason": "随行就市"} | how
    prices.set_price(sku_id=sku_id, list_price=Decimal(price), **given)  # type: ignore[arg-type]


def test_people_change_a_price_three_times_in_seven_days() -> None:
    sku = a_sku(price="10.00")
    for price in ("11.00", "12.00", "13.00"):
        change(sku.pk, price)
    with pytest.raises(PriceChangedTooOften) as refused:
        change(sku.pk, "14.00")
    assert refused.value.extra["limit"] == 3
    sku.refresh_from_db()
    assert sku.list_price == Decimal("13.00")
    change(sku.pk, "13.00")
    change(sku.pk, "12.50", source=PriceSource.IMPORT)
    change(sku.pk, "12.40", source=PriceSource.REPRICER, actor="system")
    with clock.shifted(timedelta(days=7, minutes=1)):
        change(sku.pk, "14.00")
    PRICE_CHANGES_AT_MOST.set(0, actor=ME)
    for price in ("15.00", "16.00", "17.00", "18.00"):
        change(sku.pk, price)


def test_a_new_price_needs_a_reason_and_keeps_under_the_ceiling() -> None:
    sku = a_sku(price="10.00")
    PriceRule.objects.create(sku=sku, ceiling_price=Decimal("20.00"))
    with pytest.raises(ReasonMissing):
        change(sku.pk, "11.00", reason="  ")
    with pytest.raises(AboveCeiling):
        change(sku.pk, "20.01")
    change(sku.pk, "20.00")
    assert PriceChange.objects.filter(sku=sku).count() == 1


def test_only_the_newest_change_is_taken_back() -> None:
    sku = a_sku(price="10.00")
    change(sku.pk, "11.00")
    change(sku.pk, "12.00")
    older, newest = PriceChange.objects.filter(sku=sku).order_by("pk")
    with pytest.raises(PriceMovedOn):
        prices.take_back(change_id=older.pk, actor=ME)
    prices.take_back(change_id=newest.pk, actor=ME)
    sku.refresh_from_db()
    assert sku.list_price == Decimal("11.00")
    assert PriceChange.objects.filter(sku=sku).order_by("-pk")[0].source == PriceSource.UNDO
    with pytest.raises(PriceMovedOn):
        prices.take_back(change_id=newest.pk, actor=ME)


def test_the_lowest_of_seven_days_counts_the_price_that_held_at_their_start() -> None:
    sku, other = a_sku(price="10.00"), a_sku(price="5.00")
    for days, price in ((-20, "8.00"), (-9, "9.00"), (-3, "12.00"), (0, "11.00")):
        with clock.shifted(timedelta(days=days)):
            change(sku.pk, price, source=PriceSource.IMPORT)
    assert facts.lowest_in([sku.pk, other.pk]) == {sku.pk: Decimal("9.00"), other.pk: Decimal("5.00")}
    assert facts.lowest_in([sku.pk], days=15)[sku.pk] == Decimal("8.00")
    assert facts.lowest_in([sku.pk], days=2)[sku.pk] == Decimal("11.00")
    assert [one.price for one in facts.history(sku.pk, days=5)] == [
        Decimal("9.00"),
        Decimal("12.00"),
        Decimal("11.00"),
    ]
