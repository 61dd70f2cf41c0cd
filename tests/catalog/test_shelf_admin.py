"""The pages about the shelf: answers are given where one reads, by those who may."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from catalog.models import (
    IdleWarning,
    PictureEdit,
    PictureTwin,
    Product,
    SeasonPlan,
    SpotCheck,
    Tag,
    TagOverride,
    TakeDown,
)
from catalog.services import idle, images, spot_checks
from catalog.terms import ProductStatus
from catalog.terms.shelf import CheckItem, CheckOutcome, IdleAnswer, TwinAnswer
from shop.core import outbox
from tests.catalog.test_shelf_care import shelved
from tests.factories import members
from tests.factories.catalog import ImageFactory, a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def desk(*roles) -> Client:
    client = Client()
    client.force_login(members.staff(*roles))
    return client


@pytest.fixture
def operator() -> Client:
    return desk("operator")


def test_a_warning_says_why_and_takes_its_answers(operator):
    shelved("10.00"), shelved("10.00")
    idle.scan()
    first, second = IdleWarning.objects.order_by("pk")
    page = operator.get(reverse("admin:catalog_idlewarning_change", args=[first.pk])).content.decode()
    assert str(first.get_cause_display()) in page
    for verb in ("clear_idle", "retire_idle", "ignore_idle"):
        assert reverse(f"admin:catalog_idlewarning_{verb}", args=[first.pk]) in page
    operator.post(
        reverse("admin:catalog_idlewarning_clear_idle", args=[first.pk]),
        {"percent_off": 20, "reason": "清仓"},
    )
    operator.post(reverse("admin:catalog_idlewarning_retire_idle", args=[second.pk]))
    answers = IdleWarning.objects.order_by("pk").values_list("answer", flat=True)
    assert list(answers) == [IdleAnswer.CLEAR, IdleAnswer.RETIRE]
    assert operator.get(reverse("admin:catalog_idlewarning_changelist") + "?todo=open").status_code == 200


def test_a_checklist_is_filled_in_and_a_take_down_settled(operator):
    sku = a_sku()
    ImageFactory(product=sku.product)
    operator.get(reverse("admin:catalog_spotcheck_pick_more"))
    check = SpotCheck.objects.get()
    address = reverse("admin:catalog_spotcheck_spot_check", args=[check.pk])
    said = dict.fromkeys(CheckItem.values, "yes")
    assert operator.post(address, {"price": "yes"}).status_code == 200
    operator.post(address, {**said, "stock": "no", "note": "受潮"})
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.FAILED
    row = TakeDown.objects.get()
    outbox.drain_all()
    settle = reverse("admin:catalog_takedown_settle_take_down", args=[row.pk])
    operator.post(settle, {"settlement": "换新", "may_return": "yes"})
    operator.post(reverse("admin:catalog_product_put_on_shelf", args=[sku.product_id]))
    assert Product.objects.get().status == ProductStatus.ON_SHELF


def test_one_press_takes_a_product_down(operator):
    sku = a_sku()
    address = reverse("admin:catalog_product_take_down", args=[sku.product_id])
    assert operator.get(address).status_code == 200
    operator.post(address, {"cause": "safety", "reason": "漏气"})
    assert Product.objects.get().status == ProductStatus.OFF_SHELF and TakeDown.objects.get().reason == "漏气"
    for role in ("customer_service", "warehouse"):
        assert desk(role).post(address, {"cause": "safety"}).status_code == 403


def picture(colour="#A03020"):
    image = Image.new("RGB", (600, 600), "#C9CCD0")
    ImageDraw.Draw(image).ellipse((180, 180, 420, 420), fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    buffer.seek(0)
    return buffer


def test_a_picture_is_looked_at_kept_and_taken_back(operator):
    image = images.add(product=a_sku().product, file=picture(), actor="user:1")
    address = reverse("admin:catalog_product_improve", args=[image.pk])
    assert operator.get(address).status_code == 200
    shown = operator.post(
        address, {"look": "1", "white": "on", "box": "[0.1, 0.1, 0.8, 0.8]", "ratio": "1:1"}
    )
    assert shown["Content-Type"] == "image/jpeg" and not PictureEdit.objects.exists()
    assert min(Image.open(io.BytesIO(shown.content)).getpixel((10, 10))) > 240
    for wrong in ({"box": "[0.9, 0, 0.9, 1]"}, {"box": "nonsense"}, {"sharpen": "900"}):
        assert operator.post(address, {"look": "1", **wrong}).status_code == 422
    operator.post(address, {"keep": "1", "auto_light": "on"})
    before, now = PictureEdit.objects.get().path, type(image).objects.get(pk=image.pk).path
    assert before == image.path != now
    operator.post(address, {"undo": "1"})
    assert type(image).objects.get(pk=image.pk).path == before
    assert desk("warehouse").post(address, {"keep": "1", "auto_light": "on"}).status_code == 403


def test_pictures_alike_are_answered_many_at_once(operator):
    for _number in range(2):
        images.add(product=a_sku().product, file=picture(), actor="user:1")
    twin = PictureTwin.objects.get()
    address = reverse("admin:catalog_picturetwin_changelist")
    assert operator.get(address).status_code == 200
    operator.post(address, {"action": "may_stay", "_selected_action": [twin.pk]})
    twin.refresh_from_db()
    assert twin.answer == TwinAnswer.FINE


def test_a_plan_and_a_tag_are_written_by_form(operator):
    sku = a_sku()
    tag = Tag.objects.create(name="爆款", slug="hot", automatic="hot")
    days = {
        "stock_on": "2030-01-01",
        "visuals_on": "2030-01-02",
        "on_on": "2030-01-05",
        "off_on": "2030-02-01",
    }
    operator.post(
        reverse("admin:catalog_seasonplan_add"),
        {"name": "春节", "goods": [sku.product_id], "note": "", **days},
    )
    plan = SeasonPlan.objects.get()
    assert plan.goods.get().product_id == sku.product_id
    page = operator.get(reverse("admin:catalog_seasonplan_change", args=[plan.pk]))
    assert page.status_code == 200 and "se-steps" in page.content.decode()
    refused = operator.post(
        reverse("admin:catalog_seasonplan_change", args=[plan.pk]),
        {"name": "春节", "goods": [sku.product_id], "note": "", **days, "stock_on": "2031-01-01"},
    )
    plan.refresh_from_db()
    assert str(plan.stock_on) == "2030-01-01" and refused.status_code in (200, 302)
    operator.post(reverse("admin:catalog_seasonplan_cancel_plan", args=[plan.pk]))
    plan.refresh_from_db()
    assert plan.cancelled_at
    operator.post(
        reverse("admin:catalog_tagoverride_add"),
        {"product": sku.product_id, "tag": tag.pk, "choice": "always", "until_on": ""},
    )
    row = TagOverride.objects.get()
    assert sku.product.tags.filter(pk=tag.pk).exists()
    operator.post(reverse("admin:catalog_tagoverride_delete", args=[row.pk]), {"post": "yes"})
    assert not TagOverride.objects.exists() and not sku.product.tags.filter(pk=tag.pk).exists()


def test_lists_take_as_many_queries_for_many_rows(operator, django_assert_max_num_queries):
    for _number in range(6):
        shelved("10.00")
    idle.scan()
    spot_checks.pick(count=5, actor="user:1")
    for name in ("idlewarning", "spotcheck", "takedown", "picturetwin", "seasonplan", "tagoverride"):
        operator.get(reverse(f"admin:catalog_{name}_changelist"))
        with django_assert_max_num_queries(45):
            assert operator.get(reverse(f"admin:catalog_{name}_changelist")).status_code == 200
