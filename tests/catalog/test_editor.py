"""The editor of a product in the back office: its table, its pictures, its way to the shelf, its copy."""

import io
import json
from decimal import Decimal

import pytest
from django.test import Client
from PIL import Image

from catalog.models import Product, Sku, SpecValue, StockLevel
from catalog.services import skus
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from shop.core import crypto
from tests.catalog.test_admin import staff, words
from tests.factories.catalog import ImageFactory, PlaceFactory, ProductFactory, a_sku, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return staff(is_superuser=True)


def a_shirt(**fields) -> Product:
    """Two colours, one SKU each."""
    product = ProductFactory(**fields)
    axis = AxisRow("颜色", (ValueRow("红色"), ValueRow("白色")))
    rows = [SkuRow((name,), Decimal("10.00"), code=f"T{n}") for n, name in enumerate(("红色", "白色"))]
    skus.save_matrix(product=product, axes=[axis], rows=rows, actor="user:1")
    return product


def seen(client: Client, product: Product) -> dict:
    return client.get(f"/admin/catalog/product/{product.pk}/specs/").context["state"]


def sent_back(state: dict) -> dict:
    """What the page sends when nothing was typed."""
    names = {value["id"]: value["name"] for axis in state["axes"] for value in axis["values"]}
    rows = [row | {"values": [names[pk] for pk in row["values"]]} for row in state["rows"]]
    return {"axes": state["axes"], "rows": rows, "seen": state["seen"]}


def save(client: Client, product: Product, table: dict):
    address = f"/admin/catalog/product/{product.pk}/specs/"
    return client.post(address, json.dumps(table), content_type="application/json")


def new_row(*values, **fields) -> dict:
    return {"id": None, "values": list(values), "is_active": True, "list_price": "9.90"} | fields


def test_a_new_product_gets_its_table_and_its_opening_stock(boss):
    product, place = ProductFactory(status="draft"), PlaceFactory()
    axes = [
        {"id": None, "name": "颜色", "values": [{"id": None, "name": "红色"}, {"id": None, "name": "白色"}]}
    ]
    rows = [
        new_row("红色", code="R", opening="12", weight_grams="500", cost_price="¥1,234.50"),
        new_row("白色"),
    ]
    table = {"axes": axes, "rows": rows, "seen": seen(boss, product)["seen"], "place": place.pk}
    answer = save(boss, product, table)
    assert answer.json() == {"to": f"/admin/catalog/product/{product.pk}/change/"}
    red, white = product.skus.order_by("position")
    assert (red.code, red.weight_grams, red.cost_price) == ("R", 500, Decimal("1234.50"))
    assert StockLevel.objects.get(sku=red).on_hand == 12
    state = seen(boss, product)
    assert [(row["text"], row["on_hand"], row["is_fresh"]) for row in state["rows"]] == [
        ("红色", 12, False),
        ("白色", 0, True),
    ]
    again = sent_back(state)
    again["rows"][0]["opening"] = "5"  # SKUs that had stock are left alone
    assert save(boss, product, again | {"place": place.pk}).status_code == 200
    assert StockLevel.objects.get(sku=red).on_hand == 12
    assert white.code.startswith("P")


def test_every_bad_cell_is_named_and_nothing_is_saved(boss):
    a_sku(code="TAKEN", title="香梨")
    product = a_shirt()
    table = sent_back(seen(boss, product))
    table["rows"][0] |= {"list_price": "-1", "weight_grams": "半斤", "code": "TAKEN"}
    table["rows"][1] |= {"list_price": "", "barcode": "69 01"}
    answer = save(boss, product, table)
    assert answer.status_code == 422
    told = {(one["row"], one["column"]): one["words"] for one in answer.json()["mistakes"]}
    assert set(told) == {
        (0, "list_price"),
        (0, "weight_grams"),
        (0, "code"),
        (1, "list_price"),
        (1, "barcode"),
    }
    assert "香梨" in told[0, "code"]
    assert "5" in answer.json()["message"]
    assert list(product.skus.values_list("list_price", flat=True)) == [Decimal("10.00")] * 2
    for broken in ("[]", "x", '{"axes": 1, "rows": []}'):
        address = f"/admin/catalog/product/{product.pk}/specs/"
        assert boss.post(address, broken, content_type="application/json").status_code == 422


def test_combinations_that_are_off_have_no_sku_and_known_ones_rest(boss):
    product = a_shirt()
    table = sent_back(seen(boss, product))
    table["rows"][1]["is_active"] = False
    assert save(boss, product, table).status_code == 200
    assert list(product.skus.order_by("position").values_list("is_active", flat=True)) == [True, False]
    assert seen(boss, product)["rows"][1]["is_active"] is False


def test_stock_that_stays_behind_is_said(boss):
    product = a_shirt()
    white = product.skus.get(code="T1")
    stock_up(white, 4)
    table = sent_back(seen(boss, product))
    table["axes"][0]["values"].pop()
    table["rows"].pop()
    save(boss, product, table)
    told = words(boss.get(f"/admin/catalog/product/{product.pk}/change/"))
    assert "1" in told[0] and "4" in told[0]
    assert [row["code"] for row in seen(boss, product)["retired"]] == ["T1"]


def test_somebody_else_s_changes_are_not_overwritten_unseen(boss):
    product = a_shirt()
    table = sent_back(seen(boss, product))
    sku = product.skus.get(code="T0")
    skus.set_price(sku_id=sku.pk, list_price=Decimal("11.00"), actor="user:2", reason="test")
    answer = save(boss, product, table)
    assert answer.status_code == 409
    sku.refresh_from_db()
    assert sku.list_price == Decimal("11.00")
    assert save(boss, product, table | {"seen": answer.json()["seen"]}).status_code == 200
    sku.refresh_from_db()
    assert sku.list_price == Decimal("10.00")


def test_who_may_not_price_or_stock_can_not_by_the_table():
    product, place = a_shirt(), PlaceFactory()
    client = staff("view_product", "change_product", "shelve_product")
    table = sent_back(seen(client, product)) | {"place": place.pk}
    table["rows"][0] |= {"list_price": "1.00", "opening": "9"}
    assert save(client, product, table).status_code == 200
    assert product.skus.get(code="T0").list_price == Decimal("10.00")
    assert not StockLevel.objects.exists()
    assert save(staff("view_product"), product, table).status_code == 403


def test_a_table_of_500_opens_in_as_few_queries_as_one_of_two(boss, django_assert_max_num_queries):
    product = ProductFactory()
    names = [str(n) for n in range(500)]
    axis = AxisRow("号", tuple(map(ValueRow, names)))
    rows = [SkuRow((name,), Decimal("1.00")) for name in names]
    skus.save_matrix(product=product, axes=[axis], rows=rows, actor="user:1")
    seen(boss, product)
    with django_assert_max_num_queries(20):
        state = seen(boss, product)
    assert len(state["rows"]) == 500
    assert save(boss, product, sent_back(state)).status_code == 200


def a_file(side: int = 400, name: str = "a.png") -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG")
    buffer.seek(0)
    buffer.name = name
    return buffer


def test_pictures_are_sent_ordered_described_and_removed(boss, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    product = a_shirt()
    address = f"/admin/catalog/product/{product.pk}/pictures/"

    def post(path, **body):
        return boss.post(address + path, json.dumps(body), content_type="application/json")

    first, second = (boss.post(address, {"file": a_file()}).json() for _ in range(2))
    refused = boss.post(address, {"file": a_file(90)})
    assert (refused.status_code, bool(refused.json()["message"])) == (422, True)
    assert post("order/", ids=[second["id"], first["id"]]).status_code == 200
    red = SpecValue.objects.get(axis__product=product, name="红色")
    assert post("describe/", id=first["id"], alt="近看", value=red.pk).status_code == 200
    assert [(image.pk, image.alt, image.value) for image in product.images.all()] == [
        (second["id"], product.title, None),
        (first["id"], "近看", red),
    ]
    elsewhere = SpecValue.objects.get(axis__product=a_shirt_of_another_code(), name="白色")
    assert post("describe/", id=first["id"], alt="", value=elsewhere.pk).status_code == 422
    assert post("order/", ids=[second["id"]]).status_code == 422
    assert post("order/", ids="x").status_code == 400
    assert post("remove/", id=second["id"]).status_code == 200
    assert product.images.get().pk == first["id"]
    assert boss.get(address).status_code == 404
    assert staff("view_product").post(address, {"file": a_file()}).status_code == 403


def a_shirt_of_another_code() -> Product:
    product = ProductFactory()
    axis = AxisRow("颜色", (ValueRow("白色"),))
    skus.save_matrix(product=product, axes=[axis], rows=[SkuRow(("白色",), Decimal("1.00"))], actor="user:1")
    return product


def test_the_page_says_the_next_step_until_it_is_on_the_shelf(boss):
    product = ProductFactory(status="draft")
    page = f"/admin/catalog/product/{product.pk}/change/"

    def upcoming():
        step = boss.get(page).context["standing"].next
        return step and step.link

    assert upcoming().endswith("/specs/")
    sku = a_sku(product=product, stock=0)
    assert upcoming() == "#pictures"
    ImageFactory(product=product)
    assert upcoming().endswith("/put-on-shelf/")
    assert len(boss.get(page).context["standing"].warnings) == 1  # nothing in stock
    stock_up(sku, 3)
    boss.post(upcoming())
    assert upcoming() is None
    assert boss.get(page).context["standing"].warnings == ()


def test_a_copy_has_words_pictures_and_table_but_no_codes_and_stock(boss):
    product = a_shirt(title="莓" * 30)
    red = SpecValue.objects.get(axis__product=product, name="红色")
    ImageFactory(product=product, value=red, path="products/x_800x800.jpg")
    Sku.objects.filter(code="T0").update(barcode="6901", cost_price=Decimal("3.00"))
    stock_up(Sku.objects.get(code="T0"), 5)
    address = f"/admin/catalog/product/{product.pk}/duplicate/"
    assert boss.get(address).status_code == 200
    assert Product.objects.count() == 1
    answer = boss.post(address)
    copy = Product.objects.exclude(pk=product.pk).get()
    assert answer.headers["Location"] == f"/admin/catalog/product/{copy.pk}/change/"
    assert (copy.status, len(copy.title)) == ("draft", 30)
    first, second = copy.skus.order_by("position")
    assert (first.barcode, first.cost_price, first.spec_text) == (None, Decimal("3.00"), "红色")
    assert not {first.code, second.code} & {"T0", "T1"}
    assert not StockLevel.objects.filter(sku__product=copy).exists()
    image = copy.images.get()
    assert (image.path, image.value.name, image.value.axis.product) == (
        "products/x_800x800.jpg",
        "红色",
        copy,
    )
    assert staff("view_product", "change_product").post(address).status_code == 403


def test_a_preview_shows_a_draft_to_whoever_has_the_signed_link(boss, client):
    product = a_shirt(status="draft", title="未上市衬衫")
    ImageFactory(product=product)
    assert client.get(f"/products/{product.pk}/").status_code == 404
    page = boss.get(f"/admin/preview/{product.pk}/")
    path = page.context["address"].partition("://")[2].partition("/")[2]
    shown = client.get(f"/{path}")
    assert shown.status_code == 200
    assert "未上市衬衫" in shown.content.decode()
    assert shown.headers["X-Robots-Tag"] == "noindex"
    red = SpecValue.objects.get(axis__product=product, name="白色")
    chosen = client.get(f"/{path}&axis-{red.axis_id}={red.pk}", headers={"HX-Request": "true"})
    assert chosen.context["choice"].sku.code == "T1"
    other = ProductFactory(status="draft")
    assert client.get(f"/{path}".replace(f"/{product.pk}/", f"/{other.pk}/")).status_code == 410
    over = crypto.sign_path(f"/products/{product.pk}/preview/", -1)
    assert client.get(over).status_code == 410
    assert client.get(f"/products/{product.pk}/preview/").status_code == 410
    assert staff("view_sku").get(f"/admin/preview/{product.pk}/").status_code == 403
