"""Bar codes: a SKU's, a carton's, a scale's."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors.barcodes import BarcodeMisread, BarcodeTaken, BarcodeUnknown
from catalog.models import SkuPack
from catalog.policies import SCALE_FORMATS
from catalog.selectors import ean, scanning
from catalog.services import packs
from shop.core.errors import Invalid
from tests.factories.catalog import a_sku

GRAMS, PRICE = "21IIIIIGGGGGC", "22IIIIIPPPPPC"


def test_check_digits_are_those_of_the_standard():
    assert ean.check_digit("400638133393") == "1"
    assert ean.is_ean("4006381333931") and ean.is_ean("96385074")
    assert not ean.is_ean("4006381333932") and not ean.is_ean("40063813") and not ean.is_ean("")


@given(item=st.integers(1, 99_999), value=st.integers(0, 99_999), pattern=st.sampled_from([GRAMS, PRICE]))
def test_what_a_scale_writes_is_what_is_read(item, value, pattern):
    code = ean.write_scale(pattern, item=str(item), value=value)
    assert ean.is_ean(code) and ean.format_of(code, f"{GRAMS},{PRICE}") == pattern
    reading = ean.read_scale(code, pattern)
    assert int(reading.item) == item
    assert reading.grams == value if pattern == GRAMS else reading.price == Decimal(value) / 100


@given(code=st.text("0123456789", min_size=12, max_size=12), place=st.integers(0, 11), by=st.integers(1, 9))
def test_any_single_misread_digit_is_noticed(code, place, by):
    whole = code + ean.check_digit(code)
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert not ean.is_ean(wrong)


@pytest.mark.django_db
def test_scale_code_gives_the_goods_with_grams_and_price_by_the_format_that_is_set():
    pork = a_sku(price="24.00", nominal_grams=500, price_basis_grams=500)
    packs.set_scale_item(sku_id=pork.pk, item="00123", actor="user:1")
    by_grams = scanning.read(ean.write_scale(GRAMS, item="123", value=735))
    assert (by_grams.sku, by_grams.grams, by_grams.price, by_grams.pieces) == (pork, 735, Decimal("35.28"), 1)
    by_price = scanning.read(ean.write_scale(PRICE, item="123", value=3528))
    assert (by_price.grams, by_price.price) == (735, Decimal("35.28"))
    code = ean.write_scale(GRAMS, item="123", value=735)
    with pytest.raises(BarcodeMisread):
        scanning.read(code[:-1] + str((int(code[-1]) + 1) % 10))
    with pytest.raises(BarcodeUnknown):
        scanning.read(ean.write_scale(GRAMS, item="999", value=735))
    SCALE_FORMATS.set("25IIIIGGGGGGC", actor="system")
    with pytest.raises(BarcodeUnknown):
        scanning.read(code)
    packs.set_scale_item(sku_id=pork.pk, item="0123", actor="user:1")
    assert scanning.read(ean.write_scale("25IIIIGGGGGGC", item="123", value=1000)).grams == 1000


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["21IIIIIGGGGG", "31IIIIIGGGGGC", "21IIIIIGGPPPC", "21IIIIIIIIIIC", "x"])
def test_formats_no_scale_can_write_are_refused(wrong):
    with pytest.raises(Invalid):
        SCALE_FORMATS.parse(wrong)


@pytest.mark.django_db
def test_carton_counts_as_its_pieces_and_codes_belong_to_one_thing():
    water = a_sku(barcode="6900000000014")
    pack = packs.save(sku_id=water.pk, name="箱", pieces=24, barcode="16900000000011", actor="user:1")
    assert scanning.read("6900000000014").pieces == 1
    found = scanning.read(" 16900000000011 ")
    assert (found.sku, found.pieces, found.pack) == (water, 24, "箱")
    assert scanning.read(water.code.lower()).sku == water
    for taken in ("6900000000014", "16900000000011"):
        with pytest.raises(BarcodeTaken):
            packs.save(sku_id=a_sku().pk, name="箱", pieces=6, barcode=taken, actor="user:1")
    with pytest.raises(BarcodeUnknown):
        scanning.read("")
    assert packs.spoken(77, [pack], "瓶") == "3 箱 5 瓶" and packs.spoken(48, [pack], "瓶") == "2 箱"
    packs.remove(pack_id=pack.pk, actor="user:1")
    assert not SkuPack.objects.exists()
