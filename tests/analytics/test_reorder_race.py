"""Two people press at once; the control shows what happens when nobody holds the rows."""

import pytest

from analytics import locks
from analytics.errors import NothingToOrder
from analytics.models import ReorderSuggestion
from analytics.services import reorders
from catalog.models import PurchaseOrder, StockLevel
from shop.core import clock
from tests.factories.catalog import a_sku
from tests.factories.purchasing import a_source
from tests.races import Meeting, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def a_suggestion() -> int:
    sku = a_sku(stock=2)
    row = ReorderSuggestion.objects.create(
        sku=sku,
        place=StockLevel.objects.get(sku=sku).place,
        supplier=a_source(sku).supplier,
        quantity=12,
        daily_mean=1,
        daily_sigma=1,
        free=2,
        lead_days=3,
        review_days=7,
        reorder_point=9,
        target=14,
        made_at=clock.now(),
    )
    return row.pk


def test_two_people_who_press_at_once_order_once() -> None:
    for _ in range(4):
        PurchaseOrder.objects.all().delete()
        pk = a_suggestion()
        outcome = run_together(3, lambda pk=pk: reorders.draft(wanted={pk: 12}, actor="user:1"))
        assert len(outcome.results) == 1
        assert len(outcome.of(NothingToOrder)) == 2
        assert PurchaseOrder.objects.count() == 1


def test_without_the_lock_two_people_order_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    pk = a_suggestion()
    meeting = Meeting(2)

    def unheld(ids: object) -> list[ReorderSuggestion]:
        rows = list(ReorderSuggestion.objects.filter(pk__in=[pk], ended_at=None))
        meeting.wait()
        return rows

    monkeypatch.setattr(locks, "open_suggestions", unheld)
    run_together(2, lambda: reorders.draft(wanted={pk: 12}, actor="user:1"))
    assert PurchaseOrder.objects.count() == 2
