"""Price lists as files: checked first, all or nothing, and an export that can be imported again."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog.models import Supplier, SupplierPrice, SupplierSku
from catalog.selectors import supply
from catalog.services.supplier_files import running
from shop.core import long_work, outbox
from shop.core.errors import Invalid
from shop.core.models import Job
from shop.core.tables import TableRefused
from tests.factories.catalog import a_sku
from tests.factories.purchasing import SupplierFactory, a_source

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = [
    "供应商编码",
    "供应商名称",
    "商品编码",
    "采购单位",
    "每单位件数",
    "起订量",
    "单价",
    "供应角色",
    "有保质期",
]


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def as_csv(*rows: list[Any], heading: list[str] = HEADING) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([heading, *rows])
    return buffer.getvalue().encode("gb18030")


def done(job: Job) -> Job:
    outbox.drain_all()
    if Job.objects.get(pk=job.pk).status == "waiting":
        long_work.run(job.pk)
    return Job.objects.get(pk=job.pk)


def check(content: bytes) -> Job:
    return done(running.ask_check(file=io.BytesIO(content), name="价目.csv", actor="user:1"))


def load(job: Job) -> Job:
    return done(running.ask_load(check=job, actor="user:1"))


def test_a_file_makes_suppliers_and_price_lists_and_the_second_time_changes_nothing():
    milk, eggs = a_sku(), a_sku()
    content = as_csv(
        ["S1", "海达冷链", milk.code, "箱", 12, 2, "96.00", "首选", "是"],
        ["S1", "海达冷链", eggs.code, "箱", 30, "", "45.5", "", "否"],
        ["S2", "城郊直供", "", "", "", "", "", "", ""],
    )
    first = check(content)
    assert (first.result["new"], first.result["problem_count"]) == (3, 0)
    assert not Supplier.objects.exists()
    load(first)
    terms = supply.terms_for([milk.pk])[milk.pk][0]
    assert (terms.price, terms.pack_size, terms.minimum, terms.is_preferred, terms.needs_expiry) == (
        Decimal("96.00"),
        12,
        24,
        True,
        True,
    )
    again = check(content)
    assert (again.result["same"], again.result["new"], again.result["changed"]) == (3, 0, 0)
    load(again)
    assert (Supplier.objects.count(), SupplierPrice.objects.count()) == (2, 2)
    dearer = as_csv(["S1", "", milk.code, "", "", "", "99.00", "", ""])
    load(check(dearer))
    assert supply.terms_for([milk.pk])[milk.pk][0].price == Decimal("99.00")
    assert SupplierSku.objects.get(sku=milk).pack_size == 12


def test_every_mistake_is_named_and_nothing_changes():
    sku = a_sku()
    SupplierFactory(code="S9", name="别家")
    rows = [
        ["", "无编码", "", "", "", "", "", "", ""],
        ["S1", "", "", "", "", "", "", "", ""],
        ["S2", "别家", "", "", "", "", "", "", ""],
        ["S3", "甲", "NOPE", "", "", "", "1", "", ""],
        ["S4", "乙", sku.code, "一二三四五六七", "0", "x", "-1", "老大", "也许"],
        ["S5", "丙", sku.code, "", "", "", "", "", ""],
        ["S6", "丁", sku.code, "", "", "", "1.00", "", ""],
        ["S6", "丁", sku.code, "", "", "", "2.00", "", ""],
    ]
    job = check(as_csv(*rows))
    assert job.result["is_refused"]
    found = {(one["row"], one["column"]) for one in job.result["problems"]}
    assert found == {
        (2, "供应商编码"),
        (3, "供应商名称"),
        (4, "供应商名称"),
        (5, "商品编码"),
        *((6, name) for name in ("采购单位", "每单位件数", "起订量", "单价", "供应角色", "有保质期")),
        (7, "单价"),
        (9, "商品编码"),
    }
    with pytest.raises(Invalid):
        running.ask_load(check=job, actor="user:1")
    assert Supplier.objects.count() == 1


def test_a_shop_that_changed_since_the_check_is_looked_at_again():
    sku = a_sku()
    first = check(as_csv(["S1", "甲", sku.code, "", "", "", "5.00", "", ""]))
    sku.code = "GONE"
    sku.save()
    assert load(first).result["is_refused"]
    assert not Supplier.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", "名称,价格\n甲,1\n".encode()])
def test_what_is_no_price_list_is_refused(content):
    with pytest.raises(TableRefused):
        running.ask_check(file=io.BytesIO(content), name="x.csv", actor="user:1")


def test_an_export_can_be_imported_again_and_bears_no_formula():
    supplier = SupplierFactory(name="=HYPERLINK(1)", contact_phone="13800138000")
    a_source(a_sku(), supplier=supplier, price="12.30", pack_size=6, unit="箱")
    SupplierFactory()
    job = done(running.ask_export(file_format="xlsx", actor="user:1"))
    content = long_work.read_file(job.result["file"])
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[1][1] == "'=HYPERLINK(1)"
    again = check(content)
    assert (again.result["same"], again.result["problem_count"]) == (2, 0)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_understood_as_it_is(kind):
    for language in ("zh-hans", "en"):
        content = running.template(file_format=kind, language=language)
        assert len(running.reading.read(content, f"t.{kind}")[1]) == 16
