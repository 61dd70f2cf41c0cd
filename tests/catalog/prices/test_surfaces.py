"""Pages, files and REST of prices: what they change, refuse and show."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from catalog.models import (
    Competitor,
    CompetitorGoods,
    PlaceGoods,
    PriceChange,
    PriceObservation,
    PriceRule,
    RepriceRun,
    Sku,
)
from catalog.services import competitors, observation_import, price_adjusting, prices
from catalog.terms.prices import ObservationSource
from tests.backoffice.lived_in import desk
from tests.factories import members as make
from tests.factories.catalog import StoreFactory, a_sku

pytestmark = pytest.mark.django_db
ME = "user:1"
HEADS = "竞品店铺,商品编码,价格,促销,评分,评价数,日期\n"


@pytest.fixture
def operator() -> Client:
    return desk("operator")


def a_file(*rows: str) -> bytes:
    return (HEADS + "\n".join(rows)).encode("gb18030")


def test_a_file_of_prices_is_kept_whole_or_not_at_all(operator: Client) -> None:
    sku = a_sku(code="AP-5")
    Competitor.objects.create(name="邻店")
    good = "邻店,AP-5,¥18.80,第二件半价,4.8,320,2026/11/20"
    bad = a_file(
        good, "远店,AP-5,18", "邻店,XX,18", "邻店,AP-5,free", "邻店,AP-5,9,,7", "邻店,AP-5,9,,,,tomorrow"
    )
    report = observation_import.load(content=bad, name="x.csv", actor=ME)
    assert [(one.row, one.column) for one in report.problems] == [
        (3, "competitor"),
        (4, "code"),
        (5, "price"),
        (6, "rating"),
        (7, "seen"),
    ]
    assert not PriceObservation.objects.exists()
    assert not CompetitorGoods.objects.exists()
    assert observation_import.load(content=b"a,b\n1,2", name="x.csv", actor=ME).problems[0].row == 1
    path = "/admin/catalog/competitorgoods/import/"
    for _ in range(2):
        told = operator.post(path, {"file": SimpleUploadedFile("x.csv", a_file(good))})
        assert told.status_code == 302
    seen = PriceObservation.objects.get()
    assert (seen.goods.sku, seen.price, seen.source) == (sku, Decimal("18.80"), ObservationSource.FILE)
    assert "XX" in operator.post(path, {"file": SimpleUploadedFile("x.csv", bad)}).content.decode()


def test_prices_are_noted_by_rest() -> None:
    sku = a_sku(code="AP-5")
    shop = Competitor.objects.create(name="邻店")
    competitors.pair(competitor_id=shop.pk, sku_id=sku.pk, actor=ME)
    client = APIClient()
    client.force_authenticate(make.staff("operator"))
    order = {"competitor": "邻店", "code": "AP-5", "price": "18.80"}
    path = "/api/v1/competitor-prices/"
    for _ in range(2):
        answer = client.post(path, order, format="json", headers={"Idempotency-Key": "one"})
        assert answer.status_code == 201, answer.content
    assert PriceObservation.objects.get().source == ObservationSource.API
    assert client.get(path, {"code": "AP-5"}).json()["results"][0]["price"] == "18.80"
    unknown = client.post(path, order | {"code": "X"}, format="json", headers={"Idempotency-Key": "two"})
    assert unknown.status_code == 404
    client.force_authenticate(make.staff("finance"))
    refused = client.post(path, order, format="json", headers={"Idempotency-Key": "three"})
    assert refused.status_code == 403


def test_the_page_proposes_applies_and_takes_back(operator: Client) -> None:
    sku = a_sku(price="20.00", cost_price=Decimal("10.00"), title="引流苹果")
    asked = a_sku(price="20.00", cost_price=Decimal("10.00"), title="受保护的梨")
    shop = Competitor.objects.create(name="邻店")
    for one, protection in ((sku, "none"), (asked, "ask")):
        PriceRule.objects.create(sku=one, is_traffic_driver=True, protection=protection)
        goods = competitors.pair(competitor_id=shop.pk, sku_id=one.pk, actor=ME)
        competitors.observe(goods_id=goods.pk, price=Decimal("19.00"), actor=ME)
    here = "/admin/catalog/repricerun/"
    assert operator.post(f"{here}calculate/").status_code == 302
    run = RepriceRun.objects.get()
    text = operator.get(here).content.decode()
    assert "引流苹果" in text
    assert "19.00" in text
    line = run.lines.get(sku=asked)
    operator.post(f"{here}{run.pk}/apply/", {"line": [line.pk, "x"]})
    assert Sku.objects.get(pk=sku.pk).list_price == Decimal("17.90")
    operator.post(f"{here}lines/{line.pk}/undo/", {"run": run.pk})
    assert Sku.objects.get(pk=asked.pk).list_price == Decimal("20.00")
    operator.post(f"{here}{run.pk}/undo/")
    assert Sku.objects.get(pk=sku.pk).list_price == Decimal("20.00")
    assert operator.get(f"{here}{run.pk}/change/").status_code == 200
    assert operator.get(f"{here}{10**9}/change/").status_code == 404
    assert desk("warehouse").post(f"{here}calculate/").status_code == 403


def test_many_prices_move_after_a_preview(operator: Client) -> None:
    sku, kept = (
        a_sku(price="20.00", title="红富士"),
        a_sku(price="9.00", floor_price=Decimal("9.00"), title="红糖"),
    )
    path = "/admin/catalog/sku/prices/?category=&q=红&percent=5&tail=9_tenths"
    text = operator.get(path).content.decode()
    assert 'value="20.90"' in text
    assert not PriceChange.objects.exists()
    given = {"sku": [sku.pk, kept.pk], f"price-{sku.pk}": "20.90", f"price-{kept.pk}": "8.90"}
    operator.post(path, given)
    assert not PriceChange.objects.exists(), "without a reason nothing changes"
    told = operator.post(path, given | {"reason": "换季"}).content.decode()
    assert "9.00" in told
    assert Sku.objects.get(pk=sku.pk).list_price == Decimal("20.90")
    assert Sku.objects.get(pk=kept.pk).list_price == Decimal("9.00")
    rows = price_adjusting.preview(category_id=None, query="红", percent=Decimal(-50), tail="9_tenths")
    assert {row.sku.pk: row.price for row in rows} == {sku.pk: Decimal("10.90"), kept.pk: Decimal("9.90")}


def test_a_change_is_taken_back_from_its_page(operator: Client) -> None:
    sku = a_sku(price="20.00")
    prices.set_price(sku_id=sku.pk, list_price=Decimal("21.00"), actor=ME, reason="涨")
    change = PriceChange.objects.get()
    operator.post(f"/admin/catalog/pricechange/{change.pk}/take-back/", {"reason": "看错了"})
    assert Sku.objects.get(pk=sku.pk).list_price == Decimal("20.00")
    assert operator.get(f"/admin/catalog/sku/{sku.pk}/change/").status_code == 200


def test_a_clerk_sets_goods_of_the_own_store_only() -> None:
    sku, mine, other = a_sku(price="20.00"), StoreFactory(), StoreFactory()
    clerk = desk("store_clerk", places=(mine,))
    page: Any = clerk.get("/admin/catalog/placegoods/")
    assert mine.name in page.content.decode()
    assert other.name not in page.content.decode()
    given = {"row": [sku.pk], "sold": [sku.pk], f"price-{sku.pk}": "18.50"}
    clerk.post("/admin/catalog/placegoods/save/", given | {"place": other.pk})
    assert not PlaceGoods.objects.exists()
    clerk.post("/admin/catalog/placegoods/save/", given | {"place": mine.pk})
    assert not PlaceGoods.objects.exists(), "prices are set by who may price"
    clerk.post("/admin/catalog/placegoods/save/", {"row": [sku.pk], "place": mine.pk})
    assert not PlaceGoods.objects.get().is_sold
    keeper = desk("operator")
    keeper.post("/admin/catalog/placegoods/save/", given | {"place": mine.pk})
    assert PlaceGoods.objects.get().price == Decimal("18.50")
    clerk.post("/admin/catalog/placegoods/save/", {**given, "place": mine.pk, "sold": []})
    assert not PlaceGoods.objects.get().is_sold, "the price stays, the clerk only stops selling"
    clerk.post("/admin/catalog/placegoods/save/", given | {"place": mine.pk, f"price-{sku.pk}": "x"})
    assert not PlaceGoods.objects.get().is_sold, "what is no price changes nothing"
