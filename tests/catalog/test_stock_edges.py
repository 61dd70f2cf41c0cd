"""Corners of stock in which pieces could vanish, be booked twice or stick on the way."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import CountEntry, GoodsReceipt, Loss, Sku, StockLevel, StocktakeLine
from catalog.services import (
    count_booking,
    counting,
    losses,
    markdowns,
    stock,
    stocktakes,
    supplier_returns,
    transfers,
)
from catalog.services.stock_files import reading
from catalog.terms import LossReason, Pool
from catalog.terms.purchasing import ReturnReason
from catalog.terms.stocktakes import EntryKind, Recount
from shop.core.errors import Invalid
from tests.backoffice.lived_in import desk
from tests.catalog.test_api import client_of
from tests.catalog.test_near_expiry import receive
from tests.factories.catalog import PlaceFactory, a_place, a_sku
from tests.factories.members import staff
from tests.factories.purchasing import SupplierFactory, a_source, an_order

pytestmark = pytest.mark.django_db

ANNA, BEN, CHEN = "user:11", "user:12", "user:13"


def a_line(sku: Sku) -> StocktakeLine:
    sheet = stocktakes.open_sheet(place_id=a_place().pk, title="月末盘点", actor=ANNA)
    return sheet.lines.get(level__sku=sku)


def count(line: StocktakeLine, quantity: int, actor: str, kind: str, key: str) -> StocktakeLine:
    return counting.enter(line_id=line.pk, quantity=quantity, actor=actor, kind=kind, key=key)


def write(client: Any, path: str, data: dict[str, Any], key: str) -> Any:
    return client.post(f"/api/v1/{path}", data, format="json", headers={"Idempotency-Key": key})


def test_goods_on_the_way_are_touched_by_nobody_but_their_transfer():
    sku = a_sku(stock=10)
    transfer = transfers.draft(
        source_id=a_place().pk, target_id=PlaceFactory().pk, actor=ANNA, lines=[(sku.pk, 4)]
    )
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    way = StockLevel.objects.get(sku=sku, pool=Pool.TRANSIT)
    at = {"place_id": way.place_id, "sku_id": sku.pk}
    attempts = [
        lambda: stock.adjust(level_id=way.pk, delta=-1, reason="corrected", actor=BEN),
        lambda: stock.adjust(level_id=way.pk, delta=1, reason="found", actor=BEN),
        lambda: stock.set_level(level_id=way.pk, expected=4, value=0, actor=BEN),
        lambda: stock.receive(**at, quantity=1, pool=Pool.TRANSIT, actor=BEN, key="1"),
        lambda: losses.book(**at, quantity=1, pool=Pool.TRANSIT, reason=LossReason.LOST, actor=BEN, key="1"),
        lambda: supplier_returns.draft(
            supplier_id=SupplierFactory().pk,
            place_id=way.place_id,
            lines=[supplier_returns.GoingBack(sku.pk, 1, pool=Pool.TRANSIT)],
            reason=ReturnReason.DEFECT,
            actor=BEN,
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Invalid):
            attempt()
    transfers.receive(transfer_id=transfer.pk, arrived=[], actor=BEN)
    assert StockLevel.objects.get(**at, pool=Pool.SPOT).on_hand == 4
    assert not Loss.objects.exists()


def test_stock_on_the_way_has_no_buttons_to_change_it_by_hand():
    sku = a_sku(stock=10)
    transfer = transfers.draft(
        source_id=a_place().pk, target_id=PlaceFactory().pk, actor=ANNA, lines=[(sku.pk, 4)]
    )
    transfers.send(transfer_id=transfer.pk, actor=ANNA)
    way = StockLevel.objects.get(sku=sku, pool=Pool.TRANSIT)
    page = desk("administrator").get(reverse("admin:catalog_stocklevel_change", args=[way.pk]))
    words = page.content.decode()
    for name in ("adjust", "count", "write_off", "move_pool"):
        assert reverse(f"admin:catalog_stocklevel_{name}", args=[way.pk]) not in words


def test_first_count_of_a_round_counts_whatever_it_is_called():
    line = a_line(a_sku(stock=12))
    assert count(line, 10, ANNA, EntryKind.CHECK, "1").counted == 10
    line = count(line, 2, BEN, EntryKind.FOUND, "2")
    assert (line.counted, line.recount) == (12, "")
    assert count(line, 12, CHEN, EntryKind.CHECK, "3").recount == ""


def test_every_check_is_held_against_the_count_and_not_against_the_check_before():
    sku = a_sku(stock=10)
    line = a_line(sku)
    count(line, 10, ANNA, "", "1")
    level = StockLevel.objects.get(sku=sku)
    for number, left in enumerate((9, 8, 7)):
        stock.adjust(level_id=level.pk, delta=-1, reason="damaged", actor=BEN)
        assert count(line, left, BEN, EntryKind.CHECK, f"check{number}").recount == ""
    assert count(line, 8, BEN, EntryKind.CHECK, "wrong").recount == Recount.DIFFERENT


@pytest.mark.parametrize("reason", ["corrected", "found", "lost"])
def test_difference_somebody_booked_by_hand_after_the_count_is_not_booked_again(reason):
    sku = a_sku(stock=10)
    line = a_line(sku)
    delta = 3 if reason == "found" else -3
    count(line, 10 + delta, ANNA, "", "1")
    stock.adjust(level_id=line.level_id, delta=delta, reason=reason, actor=CHEN)
    stocktakes.hand_in(stocktake_id=line.stocktake_id, actor=ANNA)
    booked = count_booking.approve(stocktake_id=line.stocktake_id, actor=BEN)
    assert booked.recount_count == 1
    assert StockLevel.objects.get(pk=line.level_id).on_hand == 10 + delta


def test_counts_of_two_devices_with_the_same_or_long_keys_are_all_kept():
    sku = a_sku(stock=10)
    line = a_line(sku)
    path = f"stocktakes/{line.stocktake_id}/count/"
    first, second = client_of(staff("administrator")), client_of(staff("administrator"))
    long = "device-7/2026-11-22T09:30:00.000+08:00/count/"
    for client, key, quantity in (
        (first, "1", 3),
        (second, "1", 4),
        (first, f"{long}1", 1),
        (first, f"{long}2", 2),
    ):
        answer = write(client, path, {"line": line.pk, "quantity": quantity, "kind": "found"}, key)
        assert answer.status_code == 200, answer.json()
    assert CountEntry.objects.count() == 4
    line.refresh_from_db()
    assert line.counted == 10


def test_delivery_that_is_all_defective_is_received_by_scanning_too():
    sku = a_sku(stock=0)
    place = PlaceFactory()
    order = an_order(a_source(sku), packs=5, place=place)
    client = client_of(staff("administrator"))
    asked = {"place": place.pk, "code": sku.code, "quantity": 2, "defect": 2, "purchase_order": order.pk}
    answer = write(client, "stock/receive/", asked, "1")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["pool"], answer.json()["on_hand"]) == ("defect", 2)


def test_deliveries_with_long_keys_are_all_received():
    sku = a_sku(stock=0)
    order = an_order(a_source(sku), packs=5)
    client = client_of(staff("administrator"))
    asked = {"place": order.place_id, "code": sku.code, "quantity": 1, "purchase_order": order.pk}
    for end in "12":
        assert write(client, "stock/receive/", asked, "k" * 80 + end).status_code == 200
    assert GoodsReceipt.objects.count() == 2


def test_price_lowered_for_two_batches_goes_back_to_what_it_was_whichever_ends_first():
    for ends_first in (0, 1):
        sku = a_sku(stock=0, price="10.00")
        marks = []
        for code, days, price in (("A", 1, "8.00"), ("B", 2, "6.00")):
            batch = receive(sku, 50, days, code=code)
            marks.append(markdowns.apply(batch_id=batch.pk, price=Decimal(price), actor="user:1"))
        markdowns.end(markdown_id=marks[ends_first].pk, actor="system")
        sku.refresh_from_db()
        assert sku.list_price == Decimal(("6.00", "8.00")[ends_first])
        markdowns.end(markdown_id=marks[1 - ends_first].pk, actor="system")
        sku.refresh_from_db()
        assert sku.list_price == Decimal("10.00")


def test_price_that_is_no_number_lowers_nothing():
    batch = receive(a_sku(stock=0, price="10.00"), 50, 1)
    client = desk("administrator")
    for price in ("NaN", "Infinity", "-1", "1.234"):
        answer = client.post(reverse("admin:catalog_batch_lower", args=[batch.pk]), {"price": price})
        assert answer.status_code == 302
    batch.sku.refresh_from_db()
    assert batch.sku.list_price == Decimal("10.00")


def test_file_with_a_figure_that_could_never_be_booked_is_refused_by_the_look():
    sku = a_sku(stock=5)
    place = a_place()
    lines = ["地点编码,SKU编码,账面数量,实盘数量,预警数量", f"{place.code},{sku.code},5,1000001,1000001"]
    found = reading.plan("\n".join(lines).encode(), "stock.csv", place_ids=None)
    assert {one.column for one in found.problems} == {"实盘数量", "预警数量"}


def test_signs_that_only_look_like_numbers_are_no_error():
    client = desk("administrator")
    sheet = a_line(a_sku(stock=1)).stocktake
    transfer = transfers.draft(source_id=a_place().pk, target_id=PlaceFactory().pk, actor=ANNA)
    for name in ("board", "labels"):
        asked = {"category": "²", "sku": "²", "place": "²"}
        assert client.get(reverse(f"admin:catalog_stocklevel_{name}"), asked).status_code == 200
    address = reverse("admin:catalog_stocktake_count", args=[sheet.pk])
    assert client.get(address, {"line": "²"}).status_code == 200
    answer = client.post(
        reverse("admin:catalog_transfer_page", args=[transfer.pk]),
        {"verb": "put", "sku": "1", "quantity": "²"},
    )
    assert answer.status_code == 302
    assert not transfer.lines.exists()
