"""Moving in: product exports of other systems are read as they are."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Product, Sku, StockLevel
from catalog.services.imports import sheet
from tests.catalog.files import as_csv, check, load, told
from tests.factories.catalog import BrandFactory, CategoryFactory, PlaceFactory

pytestmark = pytest.mark.django_db

SHOPIFY = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU", "Variant Grams"),
    *("Variant Inventory Qty", "Variant Price", "Variant Barcode", "Cost per item", "Image Src"),
)
WOO = (
    *("ID", "Type", "SKU", "Name", "Regular price", "Stock", "Weight (kg)", "Categories", "Parent"),
    *("Attribute 1 name", "Attribute 1 value(s)", "GTIN, UPC, EAN, or ISBN"),
)


@pytest.fixture(autouse=True)
def _shop(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def shopify(handle: str, **cells: str) -> list[str]:
    named = {"Handle": handle, "Body (HTML)": cells.pop("Body_HTML", "")} | {
        name.replace("_", " "): text for name, text in cells.items()
    }
    return [named.get(name, "") for name in SHOPIFY]


def woo(**cells: str) -> list[str]:
    short = {
        "a1": "Attribute 1 name",
        "v1": "Attribute 1 value(s)",
        "kg": "Weight (kg)",
        "price": "Regular price",
    }
    named = {short.get(name, name): text for name, text in cells.items()}
    return [named.get(name, "") for name in WOO]


def shirt() -> list[list[str]]:
    both = {"Variant_Price": "99.00", "Variant_Grams": "210.0", "Cost_per_item": "40"}
    return [
        shopify(
            "tee",
            Title="纯棉短袖",
            Body_HTML="<p>透气<script>alert(1)</script></p>",
            Vendor="街角",
            Type="上衣",
            Option1_Name="颜色",
            Option1_Value="白",
            Option2_Name="尺码",
            Option2_Value="M",
            Variant_SKU="TEE-W-M",
            Variant_Inventory_Qty="12",
            Variant_Barcode="'6901234567892",
            **both,
        ),
        shopify("tee", Option1_Value="黑", Option2_Value="M", Variant_Inventory_Qty="-3", **both),
        shopify("tee", Image_Src="https://cdn.example/2.jpg"),
    ]


def test_an_export_of_shopify_becomes_products_with_specifications() -> None:
    CategoryFactory(name="上衣", slug="tops")
    BrandFactory(name="街角")
    place = PlaceFactory()
    job = check(as_csv(shirt(), heading=SHOPIFY), place_id=place.pk)
    assert (job.result["bad"], job.result["new"], job.result["products_new"]) == (0, 2, 1), job.result
    assert "Shopify" in job.result["notes"][0]
    assert load(job).status == "done"
    first = Sku.objects.get(code="TEE-W-M")
    assert (first.list_price, first.cost_price, first.weight_grams) == (Decimal("99"), Decimal("40"), 210)
    assert (first.barcode, first.spec_text, first.product.brand.name) == ("6901234567892", "白 / M", "街角")
    assert first.product.description == "<p>透气</p>"
    assert Sku.objects.get(code="tee-2").spec_text == "黑 / M"
    assert [level.on_hand for level in StockLevel.objects.filter(sku=first)] == [12]


def test_what_is_not_known_here_is_put_where_the_merchant_says() -> None:
    new = CategoryFactory(name="新到", slug="new")
    content = as_csv(shirt(), heading=SHOPIFY)
    refused = check(content)
    assert {column for _row, column in told(refused)} == {"分类"} and not Product.objects.exists()
    job = check(content, category_id=new.pk)
    assert job.result["bad"] == 0 and any("街角" in note for note in job.result["notes"])
    load(job)
    product = Product.objects.get()
    assert (product.category, product.brand) == (new, None)


def test_an_export_of_woocommerce_becomes_products() -> None:
    CategoryFactory(name="茶", slug="tea")
    rows = [
        woo(
            ID="1",
            Type="simple",
            SKU="T-1",
            Name="龙井",
            price="68",
            Stock="5",
            kg="0.25",
            Categories="茶, 礼品",
        ),
        woo(ID="2", Type="variable", SKU="T-2", Name="普洱", Categories="饮品 > 茶"),
        woo(
            ID="3",
            Type="variation",
            SKU="T-2-A",
            Name="普洱 - 生",
            price="88.5",
            Parent="T-2",
            a1="工艺",
            v1="生",
        ),
        woo(
            ID="4", Type="variation", SKU="", Name="普洱 - 熟", price="90", Parent="id:2", a1="工艺", v1="熟"
        ),
    ]
    CategoryFactory(name="饮品", slug="drinks")
    read = sheet.read(as_csv(rows, heading=WOO), "wc.csv")
    assert [(row.code, row.title, row.axes) for row in read.rows] == [
        ("T-1", "龙井", ()),
        ("T-2-A", "普洱", (("工艺", "生"),)),
        ("wc-4", "普洱", (("工艺", "熟"),)),
    ]
    first = read.rows[0]
    assert (first.list_price, first.weight_grams, first.opening) == (
        Decimal("68"),
        250,
        5,
    )
    assert read.rows[1].category == "饮品 > 茶" and read.rows[0].category == "茶"


def test_long_titles_are_cut_and_kept_whole_below() -> None:
    long = "A very long English title of a teapot with a lid"
    rows = [shopify("a", Title=long, Type="x", Variant_Price="1")]
    row = sheet.read(as_csv(rows, heading=SHOPIFY), "s.csv").rows[0]
    assert (row.title, row.subtitle) == ("A very long English title of a", long)


def test_titles_that_would_become_the_same_are_left_to_people() -> None:
    rows = [
        shopify("a", Title="山" * 31, Type="x", Variant_Price="1"),
        shopify("b", Title="山" * 30, Type="x", Variant_Price="1"),
    ]
    read = sheet.read(as_csv(rows, heading=SHOPIFY), "s.csv")
    assert [problem.row for problem in read.problems] == [2]


def test_headings_of_chinese_systems_are_known() -> None:
    heading = ("规格编码", "商品名", "商品分组", "规格价格", "商品库存", "商品条码", "进货价", "商品品牌")
    rows = [("K1", "苹果", "水果", "9.9", "3", "6901", "5", "街角")]
    row = sheet.read(as_csv(rows, heading=heading), "yz.csv").rows[0]
    assert (row.code, row.title, row.category, row.list_price, row.opening) == (
        "K1",
        "苹果",
        "水果",
        Decimal("9.9"),
        3,
    )
    assert (row.barcode, row.cost_price, row.brand) == ("6901", Decimal("5"), "街角")
