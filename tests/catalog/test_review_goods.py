"""What a second reader found in listings, take-downs, videos and the reading of other shops' pages."""

import socket
import struct
import threading
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from catalog.channels import outside, page_facts
from catalog.channels.competitor_pages import Reader
from catalog.channels.page_facts import GoodsFacts
from catalog.errors.listing import ReviewNeeded
from catalog.errors.shelf import NotAVideo, TakenDown
from catalog.models import Competitor, CompetitorGoods, GoodsNotice, Product, ProductPaper
from catalog.policies.listing import FOUR_EYES
from catalog.selectors import place_goods
from catalog.services import (
    competitor_fetching,
    competitors,
    goods_notices,
    listings,
    mp4,
    observation_import,
    papers,
    products,
    take_downs,
)
from catalog.terms.shelf import TakeDownCause
from shop.core import refs
from tests.backoffice.lived_in import desk
from tests.catalog.test_listings import a_draft
from tests.catalog.test_picture_care import box, film
from tests.factories import members
from tests.factories.catalog import ImageFactory, StoreFactory, a_bundle, a_sku, stock_up
from tests.races import run_all

pytestmark = pytest.mark.django_db
ME = "user:1"


def a_page(offer: str, rest: str = "") -> str:
    return (
        '<script type="application/ld+json">{"@type": "Product", "offers": {"price": '
        + offer
        + ', "priceCurrency": "CNY"}'
        + rest
        + "}</script>"
    )


def test_strange_numbers_and_signs_of_a_page_are_left_out() -> None:
    odd = page_facts.read(a_page('"9.90"', ', "aggregateRating": {"ratingValue": "NaN"}'))
    assert odd == GoodsFacts(Decimal("9.90"))
    assert page_facts.read(a_page('"0.001"')) is None
    assert page_facts.read(a_page('"9.90"') + "<![whatever[ x ]]>") == GoodsFacts(Decimal("9.90"))
    worded = a_page('"9.90"') + '<b class="deal">第二件\x00半价</b>'
    assert page_facts.read(worded, promotion_selector="b.deal") == GoodsFacts(Decimal("9.90"), "第二件半价")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_trips_the_reader_holds_no_other_page_up(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Competitor.objects.create(name="邻家鲜选", is_fetched=True)
    found = [
        competitors.pair(competitor_id=shop.pk, sku_id=a_sku().pk, actor=ME, url=f"http://{host}/p")
        for host in ("one.example", "two.example")
    ]

    def read(_self: Reader, url: str, **_selectors: str) -> GoodsFacts:
        if "one" in url:
            raise AssertionError("unknown status keyword")
        return GoodsFacts(Decimal("8.80"))

    monkeypatch.setattr(Reader, "read", read)
    assert competitor_fetching.fetch_due() == 1
    found[0].refresh_from_db()
    assert found[0].failed_count == 1 and found[0].error
    assert competitor_fetching.fetch_due() == 0


def test_a_rating_that_is_no_number_is_a_problem_of_its_row() -> None:
    Competitor.objects.create(name="邻家鲜选")
    sku = a_sku()
    for rating in ("NaN", "sNaN"):
        content = f"竞品店铺,商品编码,价格,评分\n邻家鲜选,{sku.code},9.90,{rating}\n".encode()
        report = observation_import.load(content=content, name="prices.csv", actor=ME)
        assert report.kept_count == 0 and [one.column for one in report.problems] == ["rating"]


def test_a_video_of_boxes_without_end_is_refused() -> None:
    deep = b""
    for _ in range(3000):
        deep = box(b"moov", deep)
    fine = film(20)
    at = fine.index(b"moov") - 4
    size = struct.unpack_from(">I", fine, at)[0]
    head, moov, rest = fine[:at], fine[at + 8 : at + size], fine[at + size :]
    nested = head + box(b"moov", moov, deep) + rest
    many = fine + box(b"free") * 20_000
    with pytest.raises(NotAVideo):
        mp4.read(many)
    with pytest.raises(NotAVideo):
        mp4.without_telltales(nested)
    assert mp4.without_telltales(fine).count(b"+31.2304") == 0


def test_what_somebody_put_back_meanwhile_is_taken_down_all_the_same() -> None:
    product: Any = a_sku().product
    ImageFactory(product=product)
    products.take_off_shelf(product=product, actor=ME)
    stale = Product.objects.get(pk=product.pk)
    products.put_on_shelf(product=product, actor=ME)
    row = take_downs.take_down(product=stale, cause=TakeDownCause.SAFETY, actor=ME)
    assert row.was_on_shelf
    assert Product.objects.get(pk=product.pk).status == "off_shelf"


@pytest.mark.django_db(transaction=True)
def test_goods_taken_down_while_they_are_put_on_the_shelf_end_up_off_it() -> None:
    for _ in range(4):
        product: Any = a_sku().product
        ImageFactory(product=product)
        products.take_off_shelf(product=product, actor=ME)
        one, other = Product.objects.get(pk=product.pk), Product.objects.get(pk=product.pk)
        outcome = run_all(
            [
                lambda one=one: products.put_on_shelf(product=one, actor=ME),
                lambda other=other: take_downs.take_down(product=other, cause=TakeDownCause.SAFETY, actor=ME),
            ]
        )
        assert all(isinstance(problem, TakenDown) for problem in outcome.problems), outcome.problems
        assert Product.objects.get(pk=product.pk).status == "off_shelf"


def test_with_four_eyes_the_clock_is_not_the_second_person() -> None:
    FOUR_EYES.set(True, actor="system")
    product = a_draft()
    listings.submit(product=product, actor=ME)
    with pytest.raises(ReviewNeeded):
        products.put_on_shelf(product=product, actor=refs.SYSTEM)
    assert Product.objects.get(pk=product.pk).status == "checked"


def test_papers_of_other_goods_stay_whatever_product_is_named() -> None:
    mine = a_draft()
    shown: Any = a_sku().product
    paper = papers.add(product=shown, kind="qc_report", content=b"%PDF-1.4 paper", actor=ME)
    writer: Client = desk("warehouse")
    address = f"/admin/catalog/product/papers/{paper.pk}/remove/"
    assert writer.post(address, {"product": shown.pk}).status_code == 403
    assert writer.post(address, {"product": mine.pk}).status_code == 404
    assert ProductPaper.objects.filter(pk=paper.pk).exists()


def test_a_store_shows_how_many_bundles_its_goods_make() -> None:
    store = StoreFactory()
    tea, cup = a_sku(stock=0), a_sku(stock=0)
    bundle = a_bundle({tea: 2, cup: 1}, price="25.00")
    stock_up(tea, 7, place=store)
    stock_up(cup, 5, place=store)
    (row,) = place_goods.in_stores([bundle.pk], [store.pk])
    assert row.free == 3
    assert place_goods.staff_rows(store.pk).get(pk=bundle.pk).here_free == 3


def test_a_server_that_drips_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "MOST_SECONDS", 0.5)
    gate = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _address = gate.accept()
        with line, suppress(OSError):
            line.recv(4096)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            for _ in range(60):
                line.sendall(b".")
                time.sleep(0.05)

    server = threading.Thread(target=drip, daemon=True)
    server.start()
    host = f"127.0.0.1:{gate.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(outside.NotRead, match="too slow"):
        outside.get(f"http://{host}/p", hosts=[host], agent="x")
    assert time.monotonic() - began < 2
    server.join()
    gate.close()


def test_a_wish_can_be_taken_back_when_the_goods_left_the_shelf(client: Client) -> None:
    member, sku = members.member(), a_sku(stock=0)
    goods_notices.wish(member_id=member.pk, sku_id=sku.pk, kind="back")
    products.take_off_shelf(product=sku.product, actor=ME)
    client.force_login(member.user)
    address = f"/goods-notices/{sku.pk}/"
    assert client.post(address, {"kind": "back", "on": "1"}).status_code == 404
    answer = client.post(address, {"kind": "back", "on": "0", "next": "/me/notices/"})
    assert answer.status_code == 302 and not GoodsNotice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ("9.90,,2020-01-01,", "price"),
        ("9.90,99999999999999999999,,", "reviews"),
        ("9.90,,,javascript:alert(1)", "url"),
        (f"9.90,,,http://shop.example/{'x' * 400}", "url"),
    ],
)
def test_each_wrong_row_of_a_file_of_prices_is_told(wrong: str, column: str) -> None:
    Competitor.objects.create(name="邻家鲜选")
    sku, other = a_sku(), a_sku()
    heads = "竞品店铺,商品编码,价格,评价数,日期,网址\n"
    rows = f"邻家鲜选,{sku.code},{wrong}\n邻家鲜选,{other.code},8.80,,,\n邻家鲜选,{other.code},x,,,\n"
    report = observation_import.load(content=(heads + rows).encode(), name="prices.csv", actor=ME)
    assert [(one.row, one.column) for one in report.problems] == [(2, column), (4, "price")]
    assert report.kept_count == 0 and not CompetitorGoods.objects.exists()
