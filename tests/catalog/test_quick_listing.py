"""Listing a product in one go: once, with a reason when the gate says no, and only by those who may."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from catalog.models import ListingReview, PictureEdit, Product, StockMovement
from catalog.policies.listing import FOUR_EYES
from catalog.terms import ProductStatus
from shop.core import numbers
from tests.factories import members
from tests.factories.catalog import CategoryFactory, PlaceFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/catalog/product/quick/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def picture(name="a.jpg"):
    image = Image.new("RGB", (900, 900), "#E8D8C0")
    ImageDraw.Draw(image).ellipse((250, 250, 650, 650), fill="#A03020")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    buffer.seek(0)
    buffer.name = name
    return buffer


def desk(*roles) -> Client:
    client = Client()
    client.force_login(members.staff(*roles) if roles else members.superuser())
    return client


def send(client, **changes):
    said = {
        "title": "红富士苹果 脆甜 1kg",
        "category": CategoryFactory().pk,
        "price": "12.80",
        "stock": "20",
        "place": PlaceFactory().pk,
        "once": numbers.token(),
        "picture": [picture()],
        **changes,
    }
    return client.post(ADDRESS, {name: value for name, value in said.items() if value is not None})


def test_sent_twice_it_is_listed_once():
    client, once = desk("operator"), numbers.token()
    place, category = PlaceFactory().pk, CategoryFactory().pk
    for _number in range(2):
        answer = send(client, once=once, place=place, category=category, improve="on")
        assert answer.status_code == 302
    product = Product.objects.get()
    assert product.status == ProductStatus.ON_SHELF and product.lowest_price == Decimal("12.80")
    assert StockMovement.objects.get().delta_on_hand == 20
    assert product.images.count() == 1 and PictureEdit.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"picture": None},
        {"picture": [io.BytesIO(b"no picture")]},
        {"price": "0"},
        {"price": "1.234"},
        {"title": " "},
        {"title": "长" * 31},
        {"category": "0"},
        {"stock": "-1"},
    ],
)
def test_what_is_wrong_is_said_and_leaves_nothing(changes):
    answer = send(desk(), **changes)
    assert answer.status_code == 422 and b"ql-alert" in answer.content
    assert not Product.objects.exists() and not StockMovement.objects.exists()


def test_what_the_gate_refuses_stays_a_draft_with_the_reason():
    client = desk("operator")
    answer = send(client, title="全国第一好吃的苹果")
    product = Product.objects.get()
    assert product.status != ProductStatus.ON_SHELF
    page = client.get(answer.url).content.decode()
    assert "ql-alert" in page and "第一" in page


def test_where_two_people_look_it_waits_for_the_other():
    FOUR_EYES.set(True, actor="system")
    send(desk("operator"))
    assert Product.objects.get().status != ProductStatus.ON_SHELF
    assert ListingReview.objects.count() == 1


def test_only_those_who_may_shelve_come_in():
    for role in ("warehouse", "customer_service"):
        assert desk(role).get(ADDRESS).status_code == 403
    assert send(desk("warehouse")).status_code == 403
    assert not Product.objects.exists()
