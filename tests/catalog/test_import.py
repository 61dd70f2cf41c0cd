"""Products from a file: every bad row is named, nothing or everything is written, twice is once."""

import io
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from catalog.admin.exchange import IMPORTING
from catalog.models import PriceChange, Product, ProductImage, Sku, StaffPlace, StockLevel, StockMovement
from catalog.services import exports, prices
from catalog.services.imports import running
from shop.core import tables
from shop.core.errors import Invalid
from shop.core.models import AuditEntry, Job
from tests.catalog.files import ACTOR, HEADING, as_csv, as_xlsx, check, file_of, lines, load, told, worked_on
from tests.factories import members
from tests.factories.catalog import BrandFactory, CategoryFactory, PlaceFactory, a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    CategoryFactory(name="水果", slug="fruit")


def test_500_rows_with_3_bad_ones_name_each_and_change_nothing(django_assert_max_num_queries):
    rows = lines(500, r102={5: "-3.00"}, r250={1: "莓" * 60}, r499={0: "A0000"})
    content = as_csv(rows)
    with django_assert_max_num_queries(60):
        job = check(content)
    assert (job.status, job.result["is_refused"], job.result["bad"]) == ("done", True, 3)
    found = told(job)
    assert set(found) == {(102, "售价"), (250, "商品名称"), (499, "商品编码")}
    assert "60" in found[250, "商品名称"] and "30" in found[250, "商品名称"]
    assert "2" in found[499, "商品编码"]
    assert (job.failed_count, job.total) == (3, 500)
    report = load_workbook(io.BytesIO(file_of(job))).active
    assert [row[0].value for row in report.iter_rows(min_row=2)] == [102, 250, 499]
    assert not Product.objects.exists()
    with pytest.raises(Invalid):
        running.ask_load(check=job, actor=ACTOR)


def test_a_good_file_is_loaded_whole_and_the_second_time_changes_nothing():
    place = PlaceFactory()
    content = as_xlsx(lines(50))
    job = check(content, name="goods.xlsx", place_id=place.pk)
    assert (job.result["new"], job.result["changed"], job.result["same"]) == (50, 0, 0)
    assert not Product.objects.exists()
    done = load(job)
    assert done.status == "done", done.message
    assert (Product.objects.count(), Sku.objects.count()) == (10, 50)
    assert set(Product.objects.values_list("status", flat=True)) == {"draft"}
    sku = Sku.objects.get(code="A0010")
    assert (sku.spec_text, sku.list_price, sku.weight_grams) == ("色0", Decimal("11.50"), 500)
    assert StockLevel.objects.get(sku=sku).on_hand == 3
    assert AuditEntry.objects.filter(verb="import_products").count() == 1
    seen = [(sku.pk, sku.code, sku.list_price) for sku in Sku.objects.order_by("pk")]
    again = check(content, name="goods.xlsx", place_id=place.pk)
    assert (again.result["new"], again.result["changed"], again.result["same"]) == (0, 0, 50)
    load(again)
    assert [(sku.pk, sku.code, sku.list_price) for sku in Sku.objects.order_by("pk")] == seen
    assert StockMovement.objects.count() == 5
    assert PriceChange.objects.exclude(old_price=None).count() == 0


def test_prices_change_by_code_and_empty_cells_leave_what_is_there():
    load(check(as_csv(lines(5))))
    sku = Sku.objects.get(code="A0001")
    Sku.objects.filter(pk=sku.pk).update(cost_price=Decimal("1.00"))
    heading = ["SKU code", "Title", "Category", "Price", "Cost", "Barcode"]
    rows = [["A0001", "", "", "¥1,299.90", "", "6901234567892"], ["A0002", "", "", "", "", ""]]
    job = check(as_csv(rows, heading))
    assert told(job) == {}
    assert (job.result["changed"], job.result["same"]) == (1, 1)
    load(job)
    sku.refresh_from_db()
    assert (sku.list_price, sku.cost_price, sku.barcode) == (
        Decimal("1299.90"),
        Decimal("1.00"),
        "6901234567892",
    )
    assert Sku.objects.filter(is_active=True).count() == 5  # those the file doesn't name stay
    assert PriceChange.objects.filter(sku=sku, old_price=Decimal("2.50")).exists()


def test_a_new_row_joins_a_product_and_a_specification_joins_a_single_sku():
    load(check(as_csv([["S1", "雪梨🍐 5斤", "水果", "", "", "99,999.99", "", ""]])))
    single = Sku.objects.get(code="S1")
    assert (single.product.title, single.list_price) == ("雪梨🍐 5斤", Decimal("99999.99"))
    alone = check(as_csv([["S2", "雪梨🍐 5斤", "水果", "装", "大", "5", "", ""]]))
    assert (2, "规格名1") in told(alone)  # S1 would have no value
    rows = [
        ["S1", "雪梨🍐 5斤", "水果", "装", "小", "", "", ""],
        ["S2", "雪梨🍐 5斤", "水果", "装", "大", "5", "", ""],
    ]
    load(check(as_csv(rows)))
    assert [(sku.pk == single.pk, sku.spec_text) for sku in single.product.skus.order_by("position")] == [
        (True, "小"),
        (False, "大"),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "word"),
    [
        ({5: "十二块"}, "售价", "12.80"),
        ({5: "1.234"}, "售价", "12.80"),
        ({5: "99999999"}, "售价", "9999999.99"),
        ({5: ""}, "售价", ""),
        ({6: "半斤"}, "重量(克)", "500"),
        ({0: ""}, "商品编码", ""),
        ({0: "6.90123E+12"}, "商品编码", ""),
        ({1: ""}, "商品名称", ""),
        ({2: "水菓"}, "分类", "水果"),
        ({2: ""}, "分类", ""),
        ({3: "", 4: "红"}, "规格名1", "颜色"),
        ({4: ""}, "规格值1", ""),
        ({4: "红" * 21}, "规格值1", "20"),
        ({7: "很多"}, "期初库存", ""),
    ],
)
def test_each_kind_of_mistake_is_told_with_its_remedy(cells, column, word):
    job = check(as_csv(lines(1, r2=cells)))
    found = told(job)
    assert (2, column) in found, found
    assert word in found[2, column]
    assert not Product.objects.exists()


def test_rows_that_contradict_each_other_or_the_shop_are_told():
    other = a_sku(code="X1", barcode="690001", title="香梨")
    BrandFactory(name="农夫果园")
    heading = [*HEADING, "品牌", "条形码"]
    rows = [
        ["B1", "苹果", "水果", "装", "大", "5", "", "", "农夫果圆", ""],
        ["B2", "苹果", "水果", "装", "大", "5", "", "", "", ""],
        ["B3", "苹果", "水果", "重", "大", "5", "", "", "", ""],
        ["B4", "桃", "水果", "", "", "5", "", "", "", "690001"],
        ["B5", "桃", "水果", "", "", "5", "", "", "", ""],
        ["B6", "李", "水果", "", "", "5", "", "", "", ""],
        ["B6", "李", "水果", "", "", "5", "", "", "", ""],
    ]
    found = told(check(as_csv(rows, heading)))
    assert "农夫果园" in found[2, "品牌"]
    assert "B1" in found[3, "规格值1"]
    assert (4, "规格名1") in found
    assert other.code in found[5, "条形码"]
    assert (6, "规格值1") in found
    assert "7" in found[8, "商品编码"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_files_in_the_encodings_merchants_have_are_read(encoding):
    job = check(as_csv(lines(3), encoding=encoding))
    assert job.result["new"] == 3
    assert job.result["encoding"] == {"gbk": "GBK", "utf-16": "UTF-16"}.get(encoding, "UTF-8")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        as_csv([]),
        as_csv([["1", "2"]], ["甲", "乙"]),
        as_csv([["1"] * 9], [*HEADING, "售价"]),
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0old",
        bytes(range(256)) * 4,
        b"x" * (tables.MOST_BYTES + 1),
    ],
    ids=["empty", "blank", "no rows", "no headings", "twice", "broken", "xls", "binary", "large"],
)
def test_what_is_no_table_of_products_is_refused(content):
    with pytest.raises(tables.TableRefused) as refusal:
        check(content)
    assert refusal.value.message_text
    assert not Product.objects.exists()


def test_nothing_is_kept_when_the_last_step_breaks(settings):
    job = check(as_csv(lines(20)))
    settings.SHOP_FAILPOINTS = "catalog_loaded=raise"
    broken = load(job)
    assert (broken.status, "FailpointReached" in broken.message) == ("failed", True)
    assert not Product.objects.exists()
    settings.SHOP_FAILPOINTS = ""
    assert load(job).status == "done"
    assert Product.objects.count() == 4


def test_a_shop_that_changed_since_the_check_is_looked_at_again():
    job = check(as_csv(lines(10)))
    a_sku(code="A0009", title="捷足先登")
    refused = load(job)
    assert refused.result["is_refused"]
    assert "捷足先登" in told(refused)[11, "商品编码"]
    assert Product.objects.count() == 1


def test_a_known_code_with_another_title_renames_its_product_and_says_so():
    sku = a_sku(code="X9", title="旧名")
    job = check(as_csv([["X9", "新名", "", "", "", "", "", ""]]))
    assert "旧名" in job.result["notes"][0]
    load(job)
    sku.product.refresh_from_db()
    assert sku.product.title == "新名"


def test_an_export_can_be_imported_again_and_bears_no_formula():
    load(check(as_csv(lines(10))))
    Product.objects.filter(title="测试商品001").update(title="=HYPERLINK(1)", subtitle="@梨")
    for file_format in ("csv", "xlsx"):
        job = worked_on(exports.ask(file_format=file_format, status="", actor=ACTOR))
        content = file_of(job)
        if file_format == "csv":
            assert "'=HYPERLINK(1)" in content.decode("utf-8-sig")
        else:
            cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
            assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
            assert "f" not in {cell.data_type for cell in cells}
        again = check(content, name=f"back.{file_format}")
        assert (again.result["same"], again.result["bad"]) == (10, 0), again.result


def test_the_template_is_understood_as_it_is():
    for language in ("zh-hans", "en"):
        for kind in ("csv", "xlsx"):
            content = exports.template(file_format=kind, language=language)
            assert len(tables.read(content, f"t.{kind}").lines) == 1
            with pytest.raises(tables.TableRefused):
                running.sheet.read(content, f"t.{kind}")


def test_a_price_changed_meanwhile_is_not_in_the_way():
    load(check(as_csv(lines(2))))
    job = check(as_csv(lines(2, r2={5: "7.00"})))
    sku = Sku.objects.get(code="A0000")
    prices.set_price(sku_id=sku.pk, list_price=Decimal("8.00"), actor=ACTOR, reason="test")
    load(job)
    sku.refresh_from_db()
    assert sku.list_price == Decimal("7.00")
    assert not ProductImage.objects.exists()


def test_stock_of_a_place_one_may_not_see_is_not_loaded_for_a_colleague():
    mine, theirs = PlaceFactory(), PlaceFactory()
    job = check(as_xlsx(lines(5)), name="goods.xlsx", place_id=theirs.pk)
    clerk = members.staff("store_clerk")
    names = [name.partition(".")[2] for name in (*IMPORTING, "catalog.adjust_stock")]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    StaffPlace.objects.create(user=clerk, place=mine)
    client = Client()
    client.force_login(clerk)
    address = reverse("admin:catalog_product_import_load", args=[job.pk])
    assert client.post(address).status_code == 403
    assert not Job.objects.filter(kind=running.LOAD).exists()
    StaffPlace.objects.create(user=clerk, place=theirs)
    assert client.post(address).status_code == 302
    assert Job.objects.filter(kind=running.LOAD).count() == 1
