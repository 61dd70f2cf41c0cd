"""The specification table of a product."""

from decimal import Decimal

import pytest

from catalog.errors import BelowFloor, CodeTaken, SpecsUnclear, TooManyAxes, TooManySkus
from catalog.models import PriceChange, Sku, SpecValue
from catalog.services import skus
from catalog.services.skus import AxisRow, SkuRow, ValueRow
from shop.core.errors import Invalid, NotFound
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories.catalog import ProductFactory, SkuFactory, a_sku, stock_up

pytestmark = pytest.mark.django_db


def axis(name, *values):
    return AxisRow(name, tuple(ValueRow(value) for value in values))


def row(*values, price="10.00", **fields):
    return SkuRow(values, Decimal(price), **fields)


def save(product, axes, rows):
    return skus.save_matrix(product=product, axes=axes, rows=rows, actor="user:1")


COLOURS = axis("颜色", "红色", "白色")


def test_rows_become_skus_with_their_values():
    product = ProductFactory()
    red, white = save(product, [COLOURS], [row("红色", code="R", price="8.00"), row("白色")])
    assert (red.code, red.spec_text, red.values.get().name) == ("R", "红色", "红色")
    assert white.code.startswith(f"P{product.pk}-")
    product.refresh_from_db()
    assert (product.lowest_price, product.highest_price) == (Decimal("8.00"), Decimal("10.00"))


def test_a_product_without_specification_has_one_sku():
    product = ProductFactory()
    (only,) = save(product, [], [row()])
    assert (only.spec_key, only.spec_text) == ("", "")
    (again,) = save(product, [], [row(price="12.00")])
    assert again.pk == only.pk


def test_saving_again_keeps_skus_and_their_stock():
    product = ProductFactory()
    red, white = save(product, [COLOURS], [row("红色"), row("白色")])
    stock_up(red, 5)
    more = axis("颜色", "白色", "红色", "黑色")
    saved = save(product, [more], [row("红色", price="11.00"), row("黑色"), row("白色")])
    assert [sku.pk for sku in saved][::2] == [red.pk, white.pk]
    assert Sku.objects.filter(product=product, is_active=True).count() == 3
    change = PriceChange.objects.filter(sku=red).first()
    assert (change.old_price, change.new_price) == (Decimal("10.00"), Decimal("11.00"))
    assert OutboxEvent.objects.filter(topic="catalog.PriceChanged").count() == 1


def test_a_value_is_renamed_by_its_id_and_keeps_its_sku():
    product = ProductFactory()
    red, _ = save(product, [COLOURS], [row("红色"), row("白色")])
    stored = product.axes.get()
    value = stored.values.get(name="红色")
    renamed = AxisRow("色", (ValueRow("大红", id=value.pk), ValueRow("白色")), id=stored.pk)
    saved = save(product, [renamed], [row("大红"), row("白色")])
    assert (saved[0].pk, saved[0].spec_text) == (red.pk, "大红")
    assert product.axes.get().name == "色"


def test_two_values_exchange_their_names():
    product = ProductFactory()
    red, white = save(product, [COLOURS], [row("红色"), row("白色")])
    ids = {value.name: value.pk for value in SpecValue.objects.filter(axis__product=product)}
    crossed = AxisRow("颜色", (ValueRow("白色", id=ids["红色"]), ValueRow("红色", id=ids["白色"])))
    saved = save(product, [crossed], [row("白色"), row("红色")])
    assert [(sku.pk, sku.spec_text) for sku in saved] == [(red.pk, "白色"), (white.pk, "红色")]


def test_rows_that_are_gone_retire_their_sku():
    product = ProductFactory()
    _, white = save(product, [COLOURS], [row("红色"), row("白色", price="99.00")])
    save(product, [axis("颜色", "红色")], [row("红色")])
    white.refresh_from_db()
    assert not white.is_active
    assert not SpecValue.objects.filter(name="白色").exists()
    product.refresh_from_db()
    assert product.highest_price == Decimal("10.00")


def test_three_axes_and_five_hundred_skus_are_the_limit():
    product = ProductFactory()
    axes = [axis("甲", "1"), axis("乙", "1"), axis("丙", "1"), axis("丁", "1")]
    with pytest.raises(TooManyAxes):
        save(product, axes, [row("1", "1", "1", "1")])
    names = [str(n) for n in range(501)]
    with pytest.raises(TooManySkus):
        save(product, [axis("甲", *names)], [row(name) for name in names])
    saved = save(product, [*axes[:2], axis("丙", *names[:500])], [row("1", "1", n) for n in names[:500]])
    assert len(saved) == 500


@pytest.mark.parametrize(
    ("axes", "rows"),
    [
        ([COLOURS], []),
        ([COLOURS], [row("绿色")]),
        ([COLOURS], [row("红色", "大")]),
        ([COLOURS], [row("红色"), row("红色")]),
        ([], [row(), row()]),
        ([axis("颜色", "红色", "红色")], [row("红色")]),
        ([COLOURS, COLOURS], [row("红色", "红色")]),
        ([axis("", "红色")], [row("红色")]),
        ([axis("颜色", "  ")], [row("  ")]),
        ([axis("颜" * 13, "红色")], [row("红色")]),
        ([axis("颜色", "红" * 21)], [row("红" * 21)]),
    ],
)
def test_unclear_tables_are_refused(axes, rows):
    product = ProductFactory()
    with pytest.raises(SpecsUnclear):
        save(product, axes, rows)
    assert not product.axes.exists()
    assert not product.skus.exists()


def test_codes_and_barcodes_belong_to_one_sku():
    SkuFactory(code="A1", barcode="690001")
    product = ProductFactory()
    for taken in (
        [row("红色", code="A1")],
        [row("红色", barcode="690001")],
        [row("红色", code="B1"), row("白色", code="B1")],
    ):
        with pytest.raises(CodeTaken):
            save(product, [COLOURS], taken)
    assert not product.skus.exists()


def test_prices_of_rows_are_checked():
    product = ProductFactory()
    with pytest.raises(BelowFloor):
        save(product, [], [row(price="5.00", floor_price=Decimal("6.00"))])
    for price in ("-1", "0.001", "NaN", "Infinity", "99999999"):
        with pytest.raises(Invalid):
            save(product, [], [row(price=price)])
    with pytest.raises(Invalid):
        save(product, [], [row(weight_grams=-1)])


def test_a_price_change_leaves_history_audit_and_fact():
    sku = a_sku(price="10.00")
    skus.set_price(sku_id=sku.pk, list_price=Decimal("8.50"), actor="user:7", reason="促销")
    change = PriceChange.objects.get(sku=sku)
    assert (change.old_price, change.new_price) == (Decimal("10.00"), Decimal("8.50"))
    assert (change.actor, change.reason) == ("user:7", "促销")
    assert AuditEntry.objects.get(verb="set_price").target == f"sku:{sku.pk}"
    assert OutboxEvent.objects.get().topic == "catalog.PriceChanged"
    sku.product.refresh_from_db()
    assert sku.product.lowest_price == Decimal("8.50")


def test_the_same_price_again_changes_nothing():
    sku = a_sku(price="10.00")
    skus.set_price(sku_id=sku.pk, list_price=Decimal("10.00"), actor="user:7")
    assert not PriceChange.objects.exists()


def test_a_price_has_a_floor():
    sku = a_sku(price="10.00", floor_price=Decimal("9.00"))
    with pytest.raises(BelowFloor) as refusal:
        skus.set_price(sku_id=sku.pk, list_price=Decimal("8.99"), actor="user:7")
    assert refusal.value.extra == {"floor": "9.00"}
    for odd in (Decimal("-1"), Decimal("9.999"), Decimal("NaN"), 9.5):
        with pytest.raises(Invalid):
            skus.set_price(sku_id=sku.pk, list_price=odd, actor="user:7")
    with pytest.raises(NotFound):
        skus.set_price(sku_id=10**9, list_price=Decimal("9.50"), actor="user:7")


SIZES = axis("尺码", "M", "L")


def test_the_first_axis_keeps_the_single_sku_with_stock_and_code():
    product = ProductFactory()
    (only,) = save(product, [], [row(code="TEE")])
    stock_up(only, 7)
    red, white = save(product, [COLOURS], [row("红色"), row("白色")])
    assert (red.pk, red.code, red.spec_text, red.values.get().name) == (only.pk, "TEE", "红色", "红色")
    assert red.levels.get().on_hand == 7
    assert Sku.objects.filter(product=product).count() == 2
    # and back again
    (again,) = save(product, [], [row()])
    assert (again.pk, again.spec_key, again.values.count()) == (only.pk, "", 0)
    white.refresh_from_db()
    assert not white.is_active


def test_the_row_may_name_the_sku_that_lives_on_in_it():
    product = ProductFactory()
    (only,) = save(product, [], [row(code="TEE")])
    red, white = save(product, [COLOURS], [row("红色"), row("白色", id=only.pk)])
    assert (white.pk, white.code) == (only.pk, "TEE")
    swapped = save(product, [COLOURS], [row("红色", id=white.pk), row("白色", id=red.pk)])
    assert [(sku.pk, sku.values.get().name) for sku in swapped] == [(white.pk, "红色"), (red.pk, "白色")]
    stranger = SkuFactory()
    with pytest.raises(SpecsUnclear):
        save(product, [COLOURS], [row("红色", id=stranger.pk)])


def test_skus_live_on_when_an_axis_comes_or_goes():
    product = ProductFactory()
    red, white = save(product, [COLOURS], [row("红色", code="R"), row("白色", code="W")])
    stock_up(white, 3)
    every = [row(colour, size) for colour in ("红色", "白色") for size in ("M", "L")]
    grown = save(product, [COLOURS, SIZES], every)
    assert [grown[0].pk, grown[2].pk] == [red.pk, white.pk]
    stock_up(grown[1], 5)
    reds, whites = save(product, [COLOURS], [row("红色"), row("白色")])
    assert (reds.pk, whites.pk) == (grown[1].pk, white.pk)  # of two that fall together the one with more
    assert Sku.objects.filter(product=product, is_active=True).count() == 2


def test_a_value_that_comes_back_brings_its_sku_and_stock_back():
    product = ProductFactory()
    _, white = save(product, [COLOURS], [row("红色"), row("白色", code="W")])
    stock_up(white, 4)
    save(product, [axis("颜色", "红色")], [row("红色")])
    _, again = save(product, [COLOURS], [row("红色"), row("白色")])
    assert (again.pk, again.code, again.is_active) == (white.pk, "W", True)


def test_five_hundred_skus_are_saved_in_few_queries(django_assert_max_num_queries):
    product = ProductFactory()
    names = [str(n) for n in range(500)]
    rows = [row(name, code=f"C{name}") for name in names]
    save(product, [axis("号", *names)], rows)
    with django_assert_max_num_queries(40):
        save(product, [axis("号", *names)], rows)
