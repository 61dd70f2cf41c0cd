"""Stock board, count sheets, transfers, labels, files and their REST, as staff use them."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import CountEntry, SkuDemand, StockLevel, Stocktake, Transfer
from catalog.selectors import ean, stock_board
from catalog.services import packs, stock, transfers
from catalog.services.labels import content, drawing
from catalog.services.labels.layouts import LAYOUTS
from catalog.services.stock_files import reading, running
from catalog.terms.bands import Band
from shop.core import clock, long_work
from shop.core.errors import Invalid
from shop.core.models import Job
from tests.backoffice.lived_in import desk
from tests.catalog.test_api import client_of
from tests.factories.catalog import PlaceFactory, StoreFactory, a_place, a_sku, searchable, stock_up

pytestmark = pytest.mark.django_db


def write(client, path, data=None, key="key-1"):
    return client.post(f"/api/v1/{path}", data or {}, format="json", headers={"Idempotency-Key": key})


# --- the board


def test_bands_follow_marks_and_days_of_cover():
    place = a_place()

    def band(on_hand, *, alert_at=0, daily=0.0, best=False, cover_days=None):
        sku = a_sku(stock=on_hand)
        StockLevel.objects.filter(sku=sku).update(alert_at=alert_at, cover_days=cover_days)
        if daily:
            SkuDemand.objects.create(
                place=place, sku=sku, daily_mean=daily, daily_sigma=1, method="mean",
                is_best_seller=best, computed_at=clock.now(),
            )  # fmt: skip
        return stock_board.rows([sku], [place])[0].cells[0].band

    assert band(0) == Band.OUT
    assert band(5) == Band.FINE
    assert [band(n, alert_at=9) for n in (3, 4, 9, 10)] == ["critical", "warn", "warn", "fine"]
    assert [band(n, daily=1.0, best=True) for n in (5, 15, 16)] == ["critical", "warn", "fine"]
    assert band(15, daily=1.0, best=True, cover_days=0) == Band.FINE
    assert [band(n, daily=1.0) for n in (90, 91)] == ["fine", "too_much"]
    assert band(95, daily=1.0, alert_at=20) == Band.FINE


def test_board_shows_goods_by_place_with_what_is_coming_in_a_fixed_number_of_queries():
    store, sku = StoreFactory(), a_sku(stock=20, title="红富士苹果")
    stock_up(sku, 7, store)
    searchable(sku.product)
    sent = transfers.draft(source_id=a_place().pk, target_id=store.pk, actor="user:1", lines=[(sku.pk, 5)])
    transfers.send(transfer_id=sent.pk, actor="user:1")
    client = desk("operator")
    address = reverse("admin:catalog_stocklevel_board")
    body = client.get(address).content.decode()
    assert "红富士苹果" in body and store.name in body and "+5" in body
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(12):
        stock_up(a_sku(stock=3), 2, store)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert sku.code in client.get(address, {"q": sku.code}).content.decode()
    assert sku.code in client.get(address, {"band": "fine", "place": store.pk}).content.decode()
    assert sku.code not in client.get(address, {"band": "out"}).content.decode()
    one = client.get(reverse("admin:catalog_stocklevel_board_sku", args=[sku.pk])).content.decode()
    assert 'data-type="line"' in one and sent.number in one


def test_clerk_sees_the_own_store_only_and_nobody_without_permission_the_board():
    mine, other = StoreFactory(name="我的店"), StoreFactory(name="别的店")
    sku = a_sku(stock=0)
    stock_up(sku, 1, mine)
    stock_up(sku, 1, other)
    body = desk("store_clerk", places=(mine,)).get(reverse("admin:catalog_stocklevel_board")).content.decode()
    assert "我的店" in body and "别的店" not in body
    assert desk("finance").get(reverse("admin:catalog_stocklevel_board")).status_code == 403


def test_shelf_carton_and_scale_number_are_named_where_the_goods_are_looked_at():
    sku = a_sku(stock=10, nominal_grams=500)
    level = StockLevel.objects.get(sku=sku)
    address = reverse("admin:catalog_stocklevel_board_sku", args=[sku.pk])
    boss = desk("operator")
    boss.post(address, {"verb": "shelf", "number": level.pk, "shelf": "A-02"})
    boss.post(address, {"verb": "pack", "name": "箱", "number": "6", "barcode": "16900000000011"})
    boss.post(address, {"verb": "pack", "name": "箱", "number": "1"})
    boss.post(address, {"verb": "scale", "item": "00123"})
    body = boss.get(address).content.decode()
    assert "A-02" in body and "1 箱 4" in body and "00123" in body
    pack = sku.packs.get()
    keeper = desk("warehouse", places=(PlaceFactory(),))
    assert keeper.post(address, {"verb": "shelf", "number": level.pk, "shelf": "B"}).status_code == 404
    assert keeper.post(address, {"verb": "remove_pack", "number": pack.pk}).status_code == 403
    boss.post(address, {"verb": "remove_pack", "number": pack.pk})
    assert not sku.packs.exists()


def test_history_counts_back_from_now():
    sku = a_sku(stock=10)
    level = StockLevel.objects.get(sku=sku)
    stock.adjust(level_id=level.pk, delta=-3, reason="lost", actor="user:1")
    days, series = stock_board.history(sku.pk, [a_place()], days=3)
    assert len(days) == 3 and series[a_place().pk] == [0, 0, 7]


# --- counting


def test_sheet_is_opened_counted_on_a_phone_reviewed_and_booked_by_another_person():
    sku = a_sku(stock=12, barcode="6900000001011")
    packs.save(sku_id=sku.pk, name="箱", pieces=6, barcode="16900000000011", actor="user:1")
    clerk, boss = desk("warehouse", places=(a_place(),)), desk("operator")
    answer = clerk.post(
        reverse("admin:catalog_stocktake_add"),
        {"place": a_place().pk, "title": "月末盘点", "is_blind": "on", "shelf": "", "note": ""},
    )
    sheet = Stocktake.objects.get()
    assert answer.url == reverse("admin:catalog_stocktake_sheet", args=[sheet.pk])
    count, show = (reverse(f"admin:catalog_stocktake_{name}", args=[sheet.pk]) for name in ("count", "sheet"))
    entry = clerk.get(count, {"code": "16900000000011"})
    assert entry.context["entry"]["quantity"] == 6 and entry.context["entry"]["book"] is None
    line = sheet.lines.get()
    said = {"line": line.pk, "quantity": "11", "key": "k1"}
    assert clerk.post(count, said).status_code == 302
    again = clerk.post(count, said | {"key": "k2"})
    assert [code for code, _ in again.context["entry"]["choices"]] == ["found", "instead"]
    assert boss.post(count, said | {"key": "k3"}).context["entry"]["choices"][1][0] == "check"
    assert clerk.post(count, said | {"key": "k4", "quantity": "x"}).status_code == 200
    assert CountEntry.objects.count() == 1
    assert "11" in clerk.get(show).content.decode()
    clerk.post(show, {"verb": "hand_in"})
    assert clerk.post(show, {"verb": "approve"}).status_code == 403
    boss.post(show, {"verb": "explain", f"reason-{line.pk}": "lost", f"note-{line.pk}": "少一袋"})
    boss.post(show, {"verb": "recount", "line": line.pk})
    clerk.post(count, said | {"key": "k5", "quantity": "10"})
    clerk.post(show, {"verb": "hand_in"})
    boss.post(show, {"verb": "approve"})
    sheet.refresh_from_db()
    assert (sheet.status, StockLevel.objects.get(sku=sku).on_hand) == ("closed", 10)
    other = desk("warehouse", places=(PlaceFactory(),))
    assert other.get(show).status_code == 404 and other.get(count).status_code == 404


def test_devices_count_over_rest_and_a_blind_sheet_keeps_its_secret():
    sku, found = a_sku(stock=12, barcode="6900000001011"), a_sku(stock=0, barcode="6900000001028")
    clerk = client_of("view_stocktake", "count_stock", role="warehouse", place=a_place())
    opened = write(clerk, "stocktakes/", {"place": a_place().pk, "title": "盘点"})
    assert opened.status_code == 201
    base = f"stocktakes/{opened.data['id']}/"
    counted = write(clerk, f"{base}count/", {"code": "6900000001011", "quantity": 11}, "a")
    assert counted.status_code == 200 and counted.data["counted"] == 11 and counted.data["book"] is None
    twice = write(clerk, f"{base}count/", {"code": "6900000001011", "quantity": 11}, "a")
    assert twice["Idempotent-Replay"] == "true"
    refused = write(clerk, f"{base}count/", {"line": counted.data["id"], "quantity": 1}, "b")
    assert (refused.status_code, refused.data["code"]) == (409, "counted_already")
    more = {"line": counted.data["id"], "quantity": 1, "kind": "found"}
    assert write(clerk, f"{base}count/", more, "c").data["counted"] == 12
    assert write(clerk, f"{base}count/", {"code": found.code, "quantity": 2}, "d").status_code == 200
    assert write(clerk, f"{base}count/", {"quantity": 2}, "e").status_code == 400
    assert write(clerk, f"{base}count/", {"code": "nothing", "quantity": 2}, "f").status_code == 404
    assert write(clerk, f"{base}hand-in/", {}, "g").data["status"] == "review"
    lines = clerk.get(f"/api/v1/{base}lines/").data["results"]
    assert {line["sku_code"]: line["variance"] for line in lines} == {sku.code: 0, found.code: 2}
    stranger = client_of("view_stocktake", "count_stock", role="warehouse", place=PlaceFactory())
    assert stranger.get("/api/v1/stocktakes/").data["results"] == []
    assert write(stranger, f"{base}count/", {"code": sku.code, "quantity": 1}).status_code == 404
    assert write(client_of(), f"{base}count/", {"code": sku.code, "quantity": 1}).status_code == 403


# --- transfers


def test_transfer_is_scanned_together_sent_and_taken_in_at_the_other_end():
    store, sku = StoreFactory(), a_sku(stock=20, barcode="6900000001011")
    packs.save(sku_id=sku.pk, name="箱", pieces=6, barcode="16900000000011", actor="user:1")
    keeper, clerk = desk("warehouse", places=(a_place(),)), desk("store_clerk", places=(store,))
    wrong = {"source": a_place().pk, "target": a_place().pk, "note": ""}
    assert keeper.post(reverse("admin:catalog_transfer_add"), wrong).status_code == 200
    keeper.post(reverse("admin:catalog_transfer_add"), wrong | {"target": store.pk})
    transfer = Transfer.objects.get()
    page = reverse("admin:catalog_transfer_page", args=[transfer.pk])
    keeper.post(page, {"verb": "put", "code": "16900000000011", "quantity": "2"})
    keeper.post(page, {"verb": "put", "code": "nothing", "quantity": "2"})
    assert transfer.lines.get().quantity == 12
    assert clerk.post(page, {"verb": "send"}).status_code == 403
    keeper.post(page, {"verb": "send"})
    assert keeper.post(page, {"verb": "receive"}).status_code == 403
    arrived = {"verb": "receive", f"good-{sku.pk}": "10", f"damaged-{sku.pk}": "1"}
    clerk.post(page, arrived)
    transfer.refresh_from_db()
    assert transfer.status == "sent"
    clerk.post(page, arrived | {f"reason-{sku.pk}": "lost", f"note-{sku.pk}": "少一件"})
    transfer.refresh_from_db()
    assert transfer.status == "received" and "少一件" in clerk.get(page).content.decode()
    there = {level.pool: level.on_hand for level in StockLevel.objects.filter(place=store)}
    assert there == {"transit": 0, "spot": 10, "defect": 1}
    assert desk("store_clerk", places=(StoreFactory(),)).get(page).status_code == 404


def test_devices_send_and_receive_transfers_over_rest():
    store, sku = StoreFactory(), a_sku(stock=20)
    keeper = client_of("view_transfer", "move_stock", role="warehouse", place=a_place())
    clerk = client_of("view_transfer", "move_stock", role="store_clerk", place=store)
    order = {"source": a_place().pk, "target": store.pk, "lines": [{"code": sku.code, "quantity": 8}]}
    assert write(clerk, "transfers/", order).status_code == 404
    made = write(keeper, "transfers/", order)
    assert made.status_code == 201 and made.data["lines"][0]["quantity"] == 8
    base = f"transfers/{made.data['id']}/"
    assert write(clerk, f"{base}send/", key="s").status_code == 404
    assert write(keeper, f"{base}send/", key="s").data["status"] == "sent"
    assert write(keeper, f"{base}receive/", key="r").status_code == 404
    short = {"lines": [{"sku_id": sku.pk, "good": 7, "missing": 1}]}
    assert write(clerk, f"{base}receive/", short, "r1").data["code"] == "transfer_differs"
    short["lines"][0]["reason"] = "lost"
    assert write(clerk, f"{base}receive/", short, "r2").data["status"] == "received"
    assert clerk.get("/api/v1/transfers/", {"status": "sent"}).data["results"] == []
    assert StockLevel.objects.get(place=store, pool="spot").on_hand == 7


# --- scanning


def test_scan_answers_with_goods_grams_and_price_and_receiving_counts_cartons():
    pork = a_sku(price="24.00", nominal_grams=500, price_basis_grams=500)
    packs.set_scale_item(sku_id=pork.pk, item="00123", actor="user:1")
    packs.save(sku_id=pork.pk, name="箱", pieces=10, barcode="16900000000011", actor="user:1")
    keeper = client_of("view_stocklevel", "adjust_stock", role="warehouse", place=a_place())
    code = ean.write_scale("21IIIIIGGGGGC", item="123", value=735)
    found = keeper.get("/api/v1/scan/", {"code": code}).data
    assert (found["kind"], found["grams"], found["price"]) == ("scale", 735, "35.28")
    assert found["levels"][0]["on_hand"] == 10
    assert keeper.get("/api/v1/scan/", {"code": "x"}).data["code"] == "barcode_unknown"
    order = {"place": a_place().pk, "code": "16900000000011", "quantity": 2, "batch": "B1"}
    assert write(keeper, "stock/receive/", order).data["on_hand"] == 30
    assert write(keeper, "stock/receive/", order).data["on_hand"] == 30
    assert write(keeper, "stock/receive/", order | {"place": PlaceFactory().pk}, "k2").status_code == 404
    asked = order | {"purchase_order": 1}
    assert write(keeper, "stock/receive/", asked, "k3").status_code == 403


# --- labels


def test_labels_are_true_to_size_with_an_ean_and_the_price_of_the_basis():
    pork = a_sku(price="29.60", nominal_grams=4000, price_basis_grams=500, barcode="6900000007013")
    plain = a_sku(price="15.80", title="烟台红富士苹果")
    StockLevel.objects.filter(sku=plain).update(shelf="A-02")
    first, second, _third = content.labels({pork.pk: 1, plain.pk: 2}, place_id=a_place().pk)
    assert (first.price, first.unit, first.is_ean) == ("3.70", "500 g", True)
    assert "29.60" in first.basis and (second.shelf, second.is_ean) == ("A-02", False)
    for layout in LAYOUTS.values():
        body = drawing.pdf([first, second] * 15, layout, shop="街角鲜生")
        assert body.startswith(b"%PDF") and body.count(b"/Type /Page\n") == -(-30 // layout.on_a_page)
        assert b"/FontFile2" in body
    with pytest.raises(Invalid):
        content.labels({})
    client = desk("operator")
    address = reverse("admin:catalog_stocklevel_labels")
    assert "烟台红富士苹果" in client.get(address, {"sku": plain.pk}).content.decode()
    asked = {"sku": [plain.pk], f"copies-{plain.pk}": "3", "layout": "roll_60x40", "place": a_place().pk}
    assert client.post(address, asked)["Content-Type"] == "application/pdf"
    assert client.post(address, {"layout": "roll_60x40"})["Content-Type"].startswith("text/html")


# --- files


def a_file(*rows: tuple[object, ...]) -> io.BytesIO:
    heading = "地点编码,SKU编码,账面数量,实盘数量,货架,预警数量,备注"
    lines = [heading, *(",".join(str(cell) for cell in row) for row in rows)]
    return io.BytesIO("\n".join(lines).encode())


def ran(job: Job) -> Job:
    long_work.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_stock_goes_out_as_a_file_and_comes_back_checked_first():
    place, sku = a_place(), a_sku(stock=10)
    fresh = a_sku(stock=0, place=PlaceFactory())
    job = ran(running.ask_export(file_format="csv", place_ids=[place.pk], actor="user:1"))
    text = long_work.read_file(job.result["file"]).decode("utf-8-sig")
    assert f"{place.code},{sku.code}" in text and job.result["rows"] == 1
    rows = ((place.code, sku.code, 10, 8, "B-03", 5, "盘亏"), (place.code, fresh.code, "", 4, "", "", ""))
    check = ran(running.ask_check(file=a_file(*rows), name="s.csv", place_ids=None, actor="user:1"))
    assert (check.result["new"], check.result["changed"], check.result["is_refused"]) == (1, 1, False)
    level = StockLevel.objects.get(sku=sku)
    assert level.on_hand == 10
    done = ran(running.ask_load(check=check, place_ids=None, actor="user:1"))
    level.refresh_from_db()
    assert not done.result["is_refused"]
    assert (level.on_hand, level.shelf, level.alert_at) == (8, "B-03", 5)
    assert StockLevel.objects.get(sku=fresh, place=place).on_hand == 4


@pytest.mark.django_db(transaction=True)
def test_bad_file_of_stock_names_every_bad_row_and_changes_nothing():
    place, sku, other = a_place(), a_sku(stock=10), a_sku(stock=3)
    elsewhere = PlaceFactory()
    rows = (
        (place.code, sku.code, 9, 8, "", "", ""),
        (place.code, other.code, 3, "many", "", "", ""),
        ("nowhere", sku.code, 10, 8, "", "", ""),
        (place.code, "no-sku", 10, 8, "", "", ""),
        (elsewhere.code, sku.code, "", 8, "", "", ""),
        (place.code, sku.code, 10, 8, "x" * 30, "", ""),
    )
    found = reading.plan(a_file(*rows).getvalue(), "s.csv", place_ids=[place.pk])
    assert {(one.row, one.column) for one in found.problems} == {
        (2, "账面数量"), (3, "实盘数量"), (4, "地点编码"), (5, "SKU编码"), (6, "地点编码"),
        (7, "SKU编码"), (7, "货架"),
    }  # fmt: skip
    check = ran(running.ask_check(file=a_file(*rows), name="s.csv", place_ids=[place.pk], actor="user:1"))
    assert check.result["is_refused"] and check.result["file"]
    with pytest.raises(Invalid):
        running.ask_load(check=check, place_ids=None, actor="user:1")
    good = ran(
        running.ask_check(
            file=a_file((place.code, sku.code, 10, 8, "", "", "")),
            name="s.csv",
            place_ids=None,
            actor="user:1",
        )
    )
    stock.adjust(level_id=StockLevel.objects.get(sku=sku).pk, delta=-1, reason="lost", actor="user:1")
    late = ran(running.ask_load(check=good, place_ids=None, actor="user:1"))
    assert late.result["is_refused"] and StockLevel.objects.get(sku=sku).on_hand == 9


def test_pages_of_files_ask_for_jobs_within_ones_places():
    store = StoreFactory()
    keeper = desk("warehouse", places=(store,))
    address = reverse("admin:catalog_stocklevel_files")
    assert keeper.get(address).status_code == 200
    keeper.post(address, {"format": "csv", "place": a_place().pk})
    assert Job.objects.get(kind=running.EXPORT).arguments["places"] == [store.pk]
    upload = a_file((store.code, "x", "", 1, "", "", ""))
    upload.name = "s.csv"
    keeper.post(address, {"file": upload})
    assert Job.objects.get(kind=running.CHECK).arguments["places"] == [store.pk]
    assert desk("customer_service").post(address, {"file": upload}).status_code == 403
