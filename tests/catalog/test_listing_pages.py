"""The pages and the API of listings: live score, queue, papers, rules."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import CategoryRule, ListingCheck, ListingReview, Parameter, Product, ProductPaper
from catalog.services import listing_words, listings
from tests.backoffice.lived_in import desk
from tests.catalog.test_listings import a_draft
from tests.factories import members
from tests.factories.catalog import BrandFactory, CategoryFactory

pytestmark = pytest.mark.django_db
QUEUE = "/admin/catalog/listingreview/queue/"


@pytest.fixture(autouse=True)
def dictionary() -> None:
    listing_words.load_starter(actor="system")


@pytest.fixture
def boss() -> Client:
    client = desk("operator")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def writer() -> Client:
    client = desk("warehouse")
    client.cookies["django_language"] = "en"
    return client


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_score_follows_the_form_and_writes_nothing(boss: Client) -> None:
    product = a_draft()
    address = f"/admin/catalog/product/{product.pk}/listing-check/"
    page = said(boss.get(f"/admin/catalog/product/{product.pk}/change/"))
    assert address in page
    assert 'data-score="' in page
    before = said(boss.post(address, {"title": product.title, "subtitle": "甜"}))
    after = said(boss.post(address, {"title": "全国第一苹果 5斤装", "subtitle": "甜"}))
    assert "全国第一" not in before
    assert "<mark>全国第一</mark>" in after
    assert 'href="#id_title"' in after
    fresh = said(boss.post("/admin/catalog/product/listing-check/", {"title": "<script>alert(1)</script>!!"}))
    assert "<script>" not in fresh
    assert boss.get(address).status_code == 404
    product.refresh_from_db()
    assert (product.title, ListingCheck.objects.count()) == ("栖霞红富士苹果 5斤装", 0)


def test_parameters_follow_the_category_and_are_saved_with_the_form(boss: Client) -> None:
    product = a_draft(category=CategoryFactory(parent=CategoryFactory()))
    origin = Parameter.objects.create(category=product.category, name="产地")
    kept = {"category": product.category_id, f"parameter_{origin.pk}": "山东"}
    drawn = said(boss.get("/admin/catalog/product/listing-parameters/", kept))
    assert 'value="山东"' in drawn
    assert "产地" not in said(boss.get("/admin/catalog/product/listing-parameters/", {"category": "x"}))
    form = {
        "title": product.title,
        "subtitle": "甜",
        "sale_unit": "件",
        "minimum_quantity": 1,
        "quantity_multiple": 1,
        "promised_ship_hours": 48,
        "position": 0,
        "description": "",
        **kept,
    }
    answer = boss.post(f"/admin/catalog/product/{product.pk}/change/", form)
    assert answer.status_code == 302, said(answer)[:2000]
    assert product.parameter_values.get().value == "山东"
    assert ListingCheck.objects.filter(product=product).exists()


def test_who_may_not_shelve_submits_and_the_reviewer_decides_in_one_click(
    boss: Client, writer: Client
) -> None:
    product, other = a_draft(), a_draft("赣南脐橙 10斤装")
    page = said(writer.get(f"/admin/catalog/product/{product.pk}/change/"))
    assert "Submit for review" in page
    assert writer.get(f"/admin/catalog/product/{product.pk}/put-on-shelf/").status_code == 403
    for one in (product, other):
        writer.post(f"/admin/catalog/product/{one.pk}/submit/", {"note": "新到"})
    first, second = ListingReview.objects.order_by("pk")
    assert writer.get(QUEUE).status_code == 403
    queue = said(boss.get(QUEUE))
    assert queue.index(product.title) < queue.index(other.title)
    assert "新到" in queue
    boss.post(f"/admin/catalog/listingreview/{first.pk}/decide/", {"decision": "approve"})
    boss.post(f"/admin/catalog/listingreview/{second.pk}/decide/", {"decision": "reject"})
    second.refresh_from_db()
    assert second.outcome == ""
    boss.post(f"/admin/catalog/listingreview/{second.pk}/decide/", {"chip": "图片看不清"})
    second.refresh_from_db()
    assert (second.outcome, second.reason) == ("rejected", "图片看不清")
    assert Product.objects.get(pk=product.pk).status == "on_shelf"
    assert "Nothing waits for review" in said(boss.get(QUEUE))
    assert "图片看不清" in said(writer.get(f"/admin/catalog/product/{other.pk}/change/"))
    assert writer.post(f"/admin/catalog/product/{product.pk}/change/", {"title": "偷改"}).status_code == 403


def test_the_queue_takes_the_same_queries_however_long(boss: Client) -> None:
    listings.submit(product=a_draft(), actor="user:1")
    boss.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        boss.get(QUEUE)
    for number in range(3):
        listings.submit(product=a_draft(f"赣南脐橙 {number + 2}斤装"), actor="user:1")
    with CaptureQueriesContext(connection) as many:
        boss.get(QUEUE)
    assert len(many) <= len(few)


def test_papers_are_private_and_opened_by_a_signed_address(boss: Client, writer: Client) -> None:
    product = a_draft(brand=BrandFactory())
    address = f"/admin/catalog/product/{product.pk}/papers/"
    boss.post(address, {"kind": "qc_report", "file": SimpleUploadedFile("a.pdf", b"MZ virus")})
    assert not ProductPaper.objects.exists()
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    boss.post(
        address,
        {"kind": "brand", "number": "A-1", "expires_on": "2030-01-31", "for_brand": "1", "file": file},
    )
    paper = ProductPaper.objects.get()
    assert (paper.brand_id, paper.product_id, str(paper.expires_on)) == (product.brand_id, None, "2030-01-31")
    assert "A-1" in said(boss.get(f"/admin/catalog/product/{product.pk}/change/"))
    opened = boss.get(f"/admin/catalog/product/papers/{paper.pk}/")
    assert "signature=" in opened["Location"]
    assert boss.get(opened["Location"]).status_code == 200
    assert boss.get(opened["Location"].partition("?")[0]).status_code == 404
    assert desk("finance").get(f"/admin/catalog/product/papers/{paper.pk}/").status_code == 403
    boss.post(f"/admin/catalog/product/papers/{paper.pk}/remove/", {"product": product.pk})
    assert not ProductPaper.objects.exists()


def test_rules_and_parameters_are_written_by_hand(boss: Client) -> None:
    category = CategoryFactory()
    slots = {
        "slots-TOTAL_FORMS": 1,
        "slots-INITIAL_FORMS": 0,
        "slots-0-slot": "main",
        "slots-0-count": 1,
        "slots-0-long_side": 1200,
        "slots-0-short_side": 900,
        "slots-0-ratio": "4:3",
    }
    rule = {"category": category.pk, "papers": ["qc_report"], "on_title_short": "blocks", **slots}
    answer = boss.post("/admin/catalog/categoryrule/add/", rule)
    assert answer.status_code == 302, said(answer)[:3000]
    made = CategoryRule.objects.get()
    assert (made.severities, made.papers) == ({"title_short": "blocks"}, ["qc_report"])
    assert made.slots.get().ratio == "4:3"
    fields = {"category": category.pk, "name": "储存", "kind": "choice", "position": 0}
    assert boss.post("/admin/catalog/parameter/add/", fields).status_code == 200
    boss.post("/admin/catalog/parameter/add/", {**fields, "line": "常温，冷藏、常温"})
    assert Parameter.objects.get().choices == ["常温", "冷藏"]


def test_the_api_checks_submits_and_reviews() -> None:
    client = APIClient()
    client.force_authenticate(members.staff("operator"))
    product = a_draft("第一红富士苹果 5斤装")
    base = f"/api/v1/products/{product.pk}"

    def post(verb: str, key: str, **data: Any) -> Any:
        return client.post(f"{base}/{verb}/", data, format="json", HTTP_IDEMPOTENCY_KEY=key)

    checked = client.get(f"{base}/check/").json()
    assert checked["may_be_offered"] is False
    assert checked["findings"][0]["code"] == "absolute_word"
    refused = post("put-on-shelf", "k0")
    assert (refused.status_code, refused.json()["code"]) == (409, "listing_refused")
    sent = post("submit", "k1").json()
    assert (sent["outcome"], sent["is_by_machine"], sent["status"]) == ("rejected", True, "rejected")
    Product.objects.filter(pk=product.pk).update(title="红富士苹果 5斤装 脆甜")
    assert post("submit", "k2").json()["outcome"] == ""
    assert post("review", "k3", decision="rejected").status_code == 400
    done = post("review", "k4", decision="approved").json()
    assert (done["outcome"], done["status"]) == ("approved", "on_shelf")
    assert post("review", "k5", decision="approved").status_code == 404
    stranger = APIClient()
    stranger.force_authenticate(members.staff("warehouse"))
    assert stranger.post(f"{base}/review/", {}, format="json").status_code == 403
