"""Pages of batches, what expires soon, losses, stock of any moment and recalls."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.models import Batch, Loss, Markdown, Recall, StaffPlace, StockLevel
from catalog.services import stock
from catalog.services.batches import BatchFacts
from members.terms import Role
from orders.models import RecallCase
from shop.core import clock, numbers, outbox
from shop.core.models import Job
from tests.backoffice.lived_in import desk
from tests.factories import orders
from tests.factories.catalog import PlaceFactory, StoreFactory, a_place, a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(admin_client):
    return admin_client


def receive(sku, pieces, days, code="A", place=None):
    stock.receive(
        place_id=(place or a_place()).pk,
        sku_id=sku.pk,
        quantity=pieces,
        actor="user:1",
        key=numbers.token(),
        batch_facts=BatchFacts(code, None, clock.today() + timedelta(days=days)),
    )
    return Batch.objects.get(sku=sku, code=code)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_goods_are_taken_in_with_what_the_label_says(boss):
    sku, place = a_sku(stock=0), PlaceFactory()
    form = {
        "place": place.pk,
        "sku": sku.pk,
        "quantity": 5,
        "to_pool": "spot",
        "key": "k1",
        "made_on": "2026-11-01",
        "expires_on": "2099-01-01",
    }
    address = reverse("admin:catalog_stocklevel_add")
    assert "填了日期就要填批次号" in text(boss.post(address, form))
    assert boss.post(address, form | {"batch": "L1"}).status_code == 302
    batch = Batch.objects.get()
    assert (batch.code, str(batch.expires_on), batch.levels.get().on_hand) == ("L1", "2099-01-01", 5)
    again = form | {"batch": "L1", "key": "k2", "expires_on": "2098-01-01"}
    boss.post(address, again)
    assert StockLevel.objects.get(sku=sku, place=place).on_hand == 5, (
        "another date is refused and nothing is booked"
    )


def test_goods_are_moved_and_written_off_from_their_level(boss):
    sku = a_sku(stock=4)
    receive(sku, 3, 5)
    level = StockLevel.objects.get(sku=sku)
    move = reverse("admin:catalog_stocklevel_move_pool", args=[level.pk])
    lose = reverse("admin:catalog_stocklevel_write_off", args=[level.pk])
    assert 'value="A"' in text(boss.get(move))
    boss.post(move, {"to_pool": "defect", "quantity": 2, "batch": "A", "note": "破损", "key": "m"})
    boss.post(lose, {"why": "spoiled", "quantity": 1, "batch": "", "key": "l"})
    boss.post(lose, {"why": "spoiled", "quantity": 99, "batch": "", "key": "l2"})
    levels = dict(StockLevel.objects.filter(sku=sku).values_list("pool", "on_hand"))
    assert levels == {"spot": 4, "defect": 2}
    assert Loss.objects.get().batch == "A"


def test_a_price_is_lowered_at_one_press_and_put_back(boss):
    sku = a_sku(stock=0, price="20.00", title="青团")
    batch = receive(sku, 5, 1)
    near = reverse("admin:catalog_batch_near")
    assert "青团" in text(boss.get(near))
    lower = reverse("admin:catalog_batch_lower", args=[batch.pk])
    assert boss.get(lower).status_code == 404
    boss.post(lower, {"price": "nothing"})
    assert not Markdown.objects.exists()
    boss.post(lower, {"price": "10.00"})
    sku.refresh_from_db()
    assert sku.list_price == 10
    boss.post(reverse("admin:catalog_batch_end_markdown", args=[Markdown.objects.get().pk]))
    sku.refresh_from_db()
    assert sku.list_price == 20


def test_a_recall_is_started_followed_and_refunded_from_its_pages(boss):
    sku = a_sku(stock=0)
    batch = receive(sku, 5, 9)
    order = orders.shipped({sku: 2})
    form = {"title": "苹果", "reason": "异物", "advice": "勿食", "takes_off_shelf": "on"}
    boss.post(reverse("admin:catalog_batch_recall", args=[batch.pk]), form)
    outbox.drain_all()
    recall, case = Recall.objects.get(), RecallCase.objects.get()
    assert (case.order_id, case.pieces, recall.frozen_count) == (order.pk, 2, 3)
    page = text(boss.get(reverse("admin:catalog_recall_change", args=[recall.pk])))
    assert order.number in page
    boss.post(reverse("admin:catalog_recall_refund_all", args=[recall.pk]))
    assert Job.objects.get().kind == "orders.refund_recall"
    report = boss.get(reverse("admin:catalog_recall_report", args=[recall.pk]))
    assert order.number in report.content.decode()
    boss.post(reverse("admin:catalog_recall_close_recall", args=[recall.pk]), {"outcome": "完成"})
    recall.refresh_from_db()
    assert recall.outcome == "完成"


def test_stock_of_a_moment_is_shown_and_downloaded(boss):
    sku = a_sku(stock=7, title="=红富士")
    address = reverse("admin:catalog_stocklevel_as_of")
    page = text(boss.get(address, {"q": sku.code}))
    assert "红富士" in page and "<b>7</b>" in page
    assert "<b>0</b>" in text(boss.get(address, {"at": "2020-01-01T00:00", "q": sku.code}))
    for odd in ("never", "2020-99-99T00:00", "9999-12-31T00:00"):
        assert "<b>7</b>" in text(boss.get(address, {"at": odd, "place": "x", "page": "z"}))
    file = boss.get(address, {"file": "csv"}).content.decode("utf-8-sig")
    assert f"{sku.code},'=红富士" in file, "no spreadsheet takes a title for a formula"


def test_who_may_see_and_do_what():
    sku, mine, other = a_sku(stock=0), StoreFactory(), PlaceFactory()
    batch = receive(sku, 5, 1, place=other)
    receive(a_sku(stock=0, title="本店青团"), 5, 1, "B", mine)
    clerk = desk(Role.STORE_CLERK)
    StaffPlace.objects.create(user_id=clerk.session["_auth_user_id"], place=mine)
    near = text(clerk.get(reverse("admin:catalog_batch_near")))
    assert "本店青团" in near and sku.code not in near
    assert (
        clerk.post(reverse("admin:catalog_batch_lower", args=[batch.pk]), {"price": "1"}).status_code == 403
    )
    assert clerk.get(reverse("admin:catalog_batch_recall", args=[batch.pk])).status_code == 403
    assert sku.code not in text(clerk.get(reverse("admin:catalog_stocklevel_as_of")))
    finance = desk(Role.FINANCE)
    assert finance.get(reverse("admin:catalog_batch_near")).status_code == 403
    assert finance.get(reverse("admin:catalog_stocklevel_as_of")).status_code == 403
    assert finance.get(reverse("admin:catalog_loss_rate")).status_code == 403
    assert text(desk(Role.WAREHOUSE).get(reverse("admin:catalog_loss_rate")))
