"""Products are written, shown and hidden; categories and tags keep order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from catalog.errors import CategoryInUse, CategoryTooDeep, ProductIncomplete
from catalog.models import Category, Product, ProductTag, SkuDay
from catalog.selectors import categories as tree
from catalog.services import categories, products, sales, tags
from catalog.services.sales import Deal
from catalog.terms import AutomaticTag, ProductStatus
from shop.core import clock, outbox
from shop.core.errors import IllegalMove, Invalid
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories.catalog import CategoryFactory, ImageFactory, ProductFactory, TagFactory, a_sku

pytestmark = pytest.mark.django_db


def test_a_new_product_is_a_draft_and_can_be_searched_for():
    product = products.create(
        actor="user:1",
        title="  丹东  草莓 ",
        category=CategoryFactory(),
        description="<p onclick=x>甜</p><script>alert(1)</script>",
        tags=[TagFactory(name="现摘")],
    )
    product.refresh_from_db()
    assert (product.title, product.status) == ("丹东 草莓", ProductStatus.DRAFT)
    assert product.description == "<p>甜</p>"
    assert "caomei" in product.search_text
    assert "现摘" in product.search_text


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "草" * 31},
        {"minimum_quantity": 0},
        {"quantity_multiple": 0},
        {"sold_count": 9},
        {"status": "on_shelf"},
    ],
)
def test_odd_fields_are_refused(fields):
    with pytest.raises(Invalid):
        products.create(actor="user:1", category=CategoryFactory(), **{"title": "草莓"} | fields)
    product = ProductFactory()
    with pytest.raises(Invalid):
        products.update(product=product, actor="user:1", **fields)


def test_an_update_touches_what_it_names_only():
    product = ProductFactory(title="草莓")
    Product.objects.filter(pk=product.pk).update(sold_count=7)
    by_hand, new = TagFactory(), TagFactory()
    automatic = TagFactory(automatic=AutomaticTag.NEW)
    product.tags.add(by_hand)
    ProductTag.objects.create(product=product, tag=automatic, is_automatic=True)
    products.update(product=product, actor="user:1", title="奶油草莓", tags=[new])
    product.refresh_from_db()
    assert (product.title, product.sold_count) == ("奶油草莓", 7)
    assert set(product.tags.all()) == {new, automatic}
    assert AuditEntry.objects.filter(verb="update_product").exists()


def test_only_a_complete_product_is_put_on_the_shelf():
    product = ProductFactory(status="draft", on_shelf_at=None)
    with pytest.raises(ProductIncomplete) as refusal:
        products.put_on_shelf(product=product, actor="user:1")
    assert "、" in refusal.value.extra["missing"]
    a_sku(product=product)
    ImageFactory(product=product)
    products.put_on_shelf(product=product, actor="user:1")
    product.refresh_from_db()
    assert product.status == ProductStatus.ON_SHELF
    assert product.on_shelf_at
    way = [row.to_status for row in product.transitions.all()]
    assert way == ["submitted", "checked", "approved", "on_shelf"]
    with pytest.raises(IllegalMove):
        products.put_on_shelf(product=product, actor="user:1")
    products.take_off_shelf(product=product, actor="user:1", reason="缺货")
    assert [event.topic for event in OutboxEvent.objects.order_by("id")] == [
        "catalog.ListingSubmitted",
        "catalog.ListingApproved",
        "catalog.ProductPutOnShelf",
        "catalog.ProductTakenOffShelf",
    ]


def test_categories_know_their_level_and_move_with_all_below():
    root = categories.save(category=None, parent=None, actor="user:1", name="生鲜", slug="fresh")
    middle = categories.save(category=None, parent=root, actor="user:1", name="水果", slug="fruit")
    leaf = categories.save(category=None, parent=middle, actor="user:1", name="苹果", slug="apple")
    assert (root.depth, middle.depth, leaf.depth) == (1, 2, 3)
    with pytest.raises(CategoryTooDeep):
        categories.save(category=None, parent=leaf, actor="user:1", name="富士", slug="fuji")
    with pytest.raises(Invalid):
        categories.save(category=root, parent=leaf, actor="user:1")
    other = categories.save(category=None, parent=None, actor="user:1", name="其他", slug="other")
    with pytest.raises(CategoryTooDeep):
        categories.save(category=root, parent=other, actor="user:1")
    categories.save(category=middle, parent=None, actor="user:1", name="水果")
    leaf.refresh_from_db()
    assert leaf.depth == 2


def test_renaming_a_category_reaches_search(django_capture_on_commit_callbacks):
    category = CategoryFactory(name="水果")
    product = ProductFactory(title="草莓", category=category)
    tree.tree()
    with django_capture_on_commit_callbacks(execute=True):
        categories.save(category=category, parent=None, actor="user:1", name="鲜果")
    product.refresh_from_db()
    assert "鲜果" in product.search_text
    assert [node.name for node in tree.tree()] == ["鲜果"]


def test_only_an_empty_category_is_removed():
    category = CategoryFactory()
    ProductFactory(category=category)
    with pytest.raises(CategoryInUse):
        categories.remove(category=category, actor="user:1")
    empty = CategoryFactory()
    categories.remove(category=empty, actor="user:1")
    assert not Category.objects.filter(pk=empty.pk).exists()


def test_sales_are_counted_by_day_and_product():
    sku, other = a_sku(), a_sku()
    day = clock.business_day(clock.page_now())
    for price in ("9.00", "7.50"):
        with transaction.atomic():
            sales.record(
                on_date=day,
                deals=[
                    Deal(sku.pk, sku.product_id, 2, Decimal(price)),
                    Deal(sku.pk, sku.product_id, 1, Decimal("8.00")),
                    Deal(other.pk, other.product_id, 1, Decimal("10.00")),
                ],
            )
    row = SkuDay.objects.get(sku=sku)
    assert (row.sold_count, row.lowest_deal_price) == (6, Decimal("7.50"))
    sku.product.refresh_from_db()
    assert sku.product.sold_count == 6


def test_tags_hang_themselves_and_hands_have_the_last_word():
    new, hot = TagFactory(automatic=AutomaticTag.NEW), TagFactory(automatic=AutomaticTag.HOT)
    fresh, seller, pinned = a_sku().product, a_sku(), a_sku().product
    pinned.tags.add(hot)
    old = a_sku().product
    Product.objects.filter(pk=old.pk).update(on_shelf_at=clock.page_now() - timedelta(days=31))
    today = clock.business_day(clock.page_now())
    with transaction.atomic():
        sales.record(on_date=today, deals=[Deal(seller.pk, seller.product_id, 5, Decimal(9))])
    tags.refresh()
    assert set(new.products.all()) == {fresh, seller.product, pinned}
    assert set(hot.products.all()) == {seller.product, pinned}
    with clock.shifted(timedelta(days=31)):
        tags.refresh()
    assert set(new.products.all()) == set()
    assert set(hot.products.all()) == {pinned}


def test_a_new_product_says_so_at_once():
    tag = TagFactory(automatic=AutomaticTag.NEW)
    product = ProductFactory(status="draft", on_shelf_at=None)
    a_sku(product=product)
    ImageFactory(product=product)
    products.put_on_shelf(product=product, actor="user:1")
    outbox.drain_all()
    assert list(product.tags.all()) == [tag]
