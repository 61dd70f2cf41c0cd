"""The pages of purchasing: who sees what, what a click does, and how many queries lists take."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import PurchaseOrder, StaffPlace, StockLevel, SupplierDocument, SupplierReturn
from catalog.terms import Pool
from catalog.terms.purchasing import PurchaseStatus
from tests.factories.catalog import StoreFactory, a_place, a_sku
from tests.factories.members import staff
from tests.factories.purchasing import SupplierFactory, a_source, an_order

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/purchaseorder/"


def desk(*roles: str, place: Any = None) -> Client:
    user = staff(*roles)
    if place is not None:
        StaffPlace.objects.create(user=user, place=place)
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_an_order_is_written_sent_linked_printed_and_received_by_clicks():
    source = a_source(a_sku(title="低温鲜牛奶", stock=0), price="30.00", pack_size=6, unit="箱")
    place, office = a_place(), desk("operator")
    where = {"supplier": source.supplier_id, "place": place.pk}
    assert "低温鲜牛奶" in office.get(f"{LIST}write/", where).content.decode()
    wrong = office.post(f"{LIST}write/", where | {f"packs-{source.sku_id}": "1e9"})
    assert wrong.status_code == 200
    assert not PurchaseOrder.objects.exists()
    office.post(f"{LIST}write/", where | {f"packs-{source.sku_id}": "3", "freight": "6"})
    order = PurchaseOrder.objects.get()
    assert (order.status, order.amount, order.lines.get().quantity) == (PurchaseStatus.DRAFT, 90, 18)
    office.post(f"{LIST}{order.pk}/rewrite/", where | {f"packs-{source.sku_id}": "2"})
    for step in ("hand-in", "send"):
        office.post(f"{LIST}{order.pk}/{step}/")
    order.refresh_from_db()
    assert (order.status, order.amount) == (PurchaseStatus.SENT, 60)
    page = office.post(f"{LIST}{order.pk}/link/", {"do": "show"}).content.decode()
    address = re.search(r"/supply/([\w-]+)/", page)
    assert address is not None
    assert Client().get(f"/supply/{address[1]}/").status_code == 200
    assert address[1] not in office.get(f"{LIST}{order.pk}/link/").content.decode()
    office.post(f"{LIST}{order.pk}/link/", {"do": "withdraw"})
    assert Client().get(f"/supply/{address[1]}/").status_code == 404
    assert "¥60.00" in office.get(f"{LIST}{order.pk}/print/").content.decode()
    line = order.lines.get()
    form = {"key": "once", f"good-{line.pk}-0": "9", f"defect-{line.pk}-0": "1", f"good-{line.pk}-1": "2"}
    for _ in range(2):
        office.post(f"{LIST}{order.pk}/receive/", form)
    assert StockLevel.objects.get(pool=Pool.SPOT).on_hand == 11
    order.refresh_from_db()
    assert order.status == PurchaseStatus.RECEIVED
    assert "9 good" in office.get(f"{LIST}{order.pk}/change/").content.decode()
    back = {"reason": "defect", "supplier": source.supplier_id, "place": place.pk}
    key = f"back-{StockLevel.objects.get(pool=Pool.DEFECT).pk}-0"
    office.post("/admin/catalog/supplierreturn/write/", back | {key: "1"})
    assert SupplierReturn.objects.get().amount == 5


def test_prices_are_seen_by_those_who_may_and_orders_by_those_of_the_place():
    mine, elsewhere = StoreFactory(), StoreFactory()
    source = a_source(a_sku(stock=0), price="77.77")
    near, far = an_order(source, place=mine), an_order(source, place=elsewhere)
    clerk, office = desk("store_clerk", place=mine), desk("operator")
    for path in ("", f"{near.pk}/change/"):
        page = clerk.get(f"{LIST}{path}").content.decode()
        assert "77.77" not in page
        assert "777.70" not in page
    assert "777.70" in office.get(LIST).content.decode()
    assert clerk.get(f"{LIST}{near.pk}/receive/").status_code == 200
    for name in ("receive", "link", "print"):
        assert clerk.get(f"{LIST}{far.pk}/{name}/").status_code in (302, 403, 404)
    assert far.number not in clerk.get(LIST).content.decode()
    for path in (f"{LIST}write/", f"{LIST}{near.pk}/print/", f"{LIST}{near.pk}/link/"):
        assert clerk.get(path).status_code == 403
    warehouse = desk("warehouse")
    page = warehouse.get(f"/admin/catalog/supplier/{source.supplier_id}/change/").content.decode()
    assert "77.77" not in page
    for path in ("suppliersku/", "supplier/sourcing/", "supplier/import/", "supplier/export/"):
        assert warehouse.get(f"/admin/catalog/{path}").status_code == 403
    assert "77.77" in office.get("/admin/catalog/suppliersku/").content.decode()


def test_who_wrote_an_order_does_not_approve_it():
    source = a_source(a_sku(), price="5000.00")
    office, boss = desk("operator"), desk("finance")
    where = {"supplier": source.supplier_id, "place": a_place().pk}
    office.post(f"{LIST}write/", where | {f"packs-{source.sku_id}": "1"})
    order = PurchaseOrder.objects.get()
    office.post(f"{LIST}{order.pk}/hand-in/")
    for client, status in ((office, PurchaseStatus.WAITING), (boss, PurchaseStatus.APPROVED)):
        client.post(f"{LIST}{order.pk}/approve/", {"reason": ""})
        order.refresh_from_db()
        assert order.status == status


def test_papers_are_private_files_and_nothing_else_is_kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    supplier, office = SupplierFactory(), desk("operator")
    address = f"/admin/catalog/supplier/{supplier.pk}/papers/"
    office.post(address, {"name": "x", "file": SimpleUploadedFile("a.pdf", b"<script>")})
    assert not SupplierDocument.objects.exists()
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    office.post(address, {"name": "licence", "file": pdf, "expires_on": "2027-01-01"})
    paper = SupplierDocument.objects.get()
    assert paper.path.startswith("private/")
    target = office.get(f"/admin/catalog/supplier/papers/{paper.pk}/")
    assert "signature=" in target["Location"]
    assert desk("warehouse").get(f"/admin/catalog/supplier/papers/{paper.pk}/").status_code == 403
    office.post(f"/admin/catalog/supplier/papers/{paper.pk}/remove/")
    assert not SupplierDocument.objects.exists()


@pytest.mark.parametrize(
    "address",
    [LIST, "/admin/catalog/supplier/", "/admin/catalog/suppliersku/", "/admin/catalog/supplier/sourcing/"],
)
def test_lists_cost_the_same_for_any_number_of_rows(address):
    office = desk("operator")

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert office.get(address).status_code == 200
        return len(caught)

    an_order(a_source(a_sku(), rank="preferred"))
    cost()
    few = cost()
    for _ in range(4):
        an_order(a_source(a_sku()))
    assert cost() <= few
