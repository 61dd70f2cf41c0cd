"""What pages read: right, and in a fixed number of queries."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.selectors import categories, products, skus
from catalog.services import stock
from catalog.services.skus import AxisRow, SkuRow, ValueRow, save_matrix
from catalog.services.stock import Want
from shop.core.errors import NotFound
from tests.factories.catalog import (
    CategoryFactory,
    ImageFactory,
    PlaceFactory,
    ProductFactory,
    StoreFactory,
    TagFactory,
    a_freight_template,
    a_sku,
    stock_up,
)

pytestmark = pytest.mark.django_db


def queries_of(action) -> int:
    with CaptureQueriesContext(connection) as queries:
        action()
    return len(queries)


def a_shirt(**fields):
    """A product with two axes and four SKUs, two of each colour."""
    product = ProductFactory(title="纯棉T恤", **fields)
    axes = [
        AxisRow("颜色", (ValueRow("红色"), ValueRow("白色"))),
        AxisRow("尺码", (ValueRow("M"), ValueRow("L"))),
    ]
    rows = [
        SkuRow((colour, size), Decimal("59.00") + 10 * (size == "L"))
        for colour in ("红色", "白色")
        for size in ("M", "L")
    ]
    return product, save_matrix(product=product, axes=axes, rows=rows, actor="user:1")


def test_facts_tell_everything_about_a_sku_in_one_query():
    root = CategoryFactory()
    leaf = CategoryFactory(parent=CategoryFactory(parent=root))
    template = a_freight_template(is_default=True)
    product = ProductFactory(
        category=leaf, minimum_quantity=2, quantity_multiple=2, sale_unit="斤", no_reason_return=False
    )
    first, second = a_sku(product=product, stock=4, spec_text="5斤"), a_sku(stock=0)
    ImageFactory(product=product, path="products/b.jpg", position=1)
    ImageFactory(product=product, path="products/a.jpg", position=0)
    with transaction.atomic():
        stock.reserve(reference="order:1", wants=[Want("1", first.pk, 1)])
    assert queries_of(lambda: skus.facts([first.pk, second.pk])) == 1
    facts = skus.facts([first.pk, second.pk, 10**9])
    assert set(facts) == {first.pk, second.pk}
    fact = facts[first.pk]
    assert (fact.title, fact.spec_text, fact.available) == (product.title, "5斤", 3)
    assert fact.category_ids == (leaf.pk, leaf.parent_id, root.pk)
    assert (fact.freight_template_id, fact.image_path) == (template.pk, "products/a.jpg")
    assert (fact.minimum_quantity, fact.quantity_multiple, fact.sale_unit) == (2, 2, "斤")
    assert fact.is_on_sale
    assert not fact.no_reason_return
    assert facts[second.pk].available == 0
    assert skus.facts([]) == {}


def test_facts_count_one_place_when_asked():
    store = StoreFactory()
    sku = a_sku(stock=5)
    stock_up(sku, 2, store)
    assert skus.facts([sku.pk])[sku.pk].available == 7
    assert skus.facts([sku.pk], place_id=store.pk)[sku.pk].available == 2


def test_what_is_retired_or_off_the_shelf_is_not_on_sale():
    retired, hidden = a_sku(is_active=False), a_sku(product__status="off_shelf")
    assert not any(fact.is_on_sale for fact in skus.facts([retired.pk, hidden.pk]).values())


def test_a_sku_shows_the_picture_of_its_value():
    product, (red, *_) = a_shirt()
    ImageFactory(product=product, path="products/all.jpg")
    white = product.axes.get(position=1).values.get(name="白色")
    ImageFactory(product=product, path="products/white.jpg", value=white, position=5)
    facts = skus.facts([sku.pk for sku in product.skus.all()])
    assert facts[red.pk].image_path == "products/all.jpg"
    assert {facts[sku.pk].image_path for sku in product.skus.filter(values=white)} == {"products/white.jpg"}


def test_cards_take_two_queries_however_many():
    shown = [a_sku(stock=n).product for n in range(4)]
    shirt, _ = a_shirt()
    ImageFactory(product=shirt, path="products/shirt.jpg")
    shirt.tags.add(TagFactory(name="新品"), TagFactory(name="爆款"))
    ids = [shirt.pk, *(product.pk for product in shown), 10**9]
    assert queries_of(lambda: products.cards(ids)) == 2
    cards = products.cards(ids)
    assert [card.id for card in cards] == ids[:-1]
    assert (cards[0].lowest_price, cards[0].highest_price) == (Decimal("59.00"), Decimal("69.00"))
    assert cards[0].has_price_range
    assert cards[0].single_sku_id is None
    assert cards[0].is_sold_out
    assert cards[0].image_path == "products/shirt.jpg"
    assert sorted(tag.name for tag in cards[0].tags) == ["新品", "爆款"]
    assert cards[1].is_sold_out
    assert not cards[2].is_sold_out
    assert cards[2].single_sku_id == shown[1].skus.get().pk


def test_listing_shows_a_category_with_all_below_it():
    root = CategoryFactory()
    leaf = CategoryFactory(parent=CategoryFactory(parent=root))
    inside, outside = ProductFactory(category=leaf), ProductFactory()
    assert [card.id for card in products.listing(category=root.slug).cards] == [inside.pk]
    assert [card.id for card in products.listing(category=root.pk).cards] == [inside.pk]
    assert {card.id for card in products.listing().cards} == {inside.pk, outside.pk}
    with pytest.raises(NotFound):
        products.listing(category="nowhere")


def test_listing_sorts_and_pages():
    cheap = a_sku(price="1.00", product__sold_count=1, product__title="便宜").product
    dear = a_sku(price="9.00", product__sold_count=5, product__title="贵").product
    a_sku(product__status="off_shelf")
    a_sku(product__status="draft")
    order = {
        "best": [dear, cheap],
        "sold": [dear, cheap],
        "price_up": [cheap, dear],
        "price_down": [dear, cheap],
        "new": [dear, cheap],
        "nonsense": [dear, cheap],
    }
    for sort, expected in order.items():
        assert [card.id for card in products.listing(sort=sort).cards] == [one.pk for one in expected], sort
    first = products.listing(size=1, sort="price_up")
    assert (first.total, first.has_next, first.cards[0].id) == (2, True, cheap.pk)
    second = products.listing(size=1, sort="price_up", page=2)
    assert (second.has_next, second.cards[0].id) == (False, dear.pk)
    for odd in (-1, 0, 10**9):
        assert products.listing(page=odd).total == 2


def test_listing_takes_three_queries():
    category = a_sku().product.category
    categories.tree()
    assert queries_of(lambda: products.listing(category=category.slug)) == 3


def test_page_takes_four_queries():
    product, saved = a_shirt()
    ImageFactory(product=product)
    stock_up(saved[0], 3)
    product.tags.add(TagFactory(name="新品", colour="#2B7A4B"))
    categories.tree()
    assert queries_of(lambda: products.page(product.pk)) == 4
    page = products.page(product.pk)
    assert [axis.name for axis in page.axes] == ["颜色", "尺码"]
    assert [[value.name for value in axis.values] for axis in page.axes] == [["红色", "白色"], ["M", "L"]]
    assert page.skus[0].spec_text == "红色 / M"
    assert page.skus[0].value_ids == (page.axes[0].values[0].id, page.axes[1].values[0].id)
    assert [sku.available for sku in page.skus] == [3, 0, 0, 0]
    assert [(tag.name, tag.colour) for tag in page.tags] == [("新品", "#2B7A4B")]
    assert [node.id for node in page.trail] == [product.category_id]
    assert not page.is_sold_out
    assert page.single_sku is None


def test_page_of_a_product_off_the_shelf_says_so_and_a_draft_has_none():
    hidden, draft = a_sku(product__status="off_shelf").product, ProductFactory(status="draft")
    assert not products.page(hidden.pk).is_on_sale
    for pk in (draft.pk, 10**9):
        with pytest.raises(NotFound):
            products.page(pk)


def test_values_without_a_sku_are_not_offered():
    product, _ = a_shirt()
    product.skus.filter(values__name="白色").update(is_active=False)
    assert [value.name for value in products.page(product.pk).axes[0].values] == ["红色"]


def test_category_tree_is_read_once():
    root = CategoryFactory(name="生鲜", position=1)
    CategoryFactory(name="水果", parent=root)
    CategoryFactory(name="藏", is_visible=False)
    first = CategoryFactory(name="粮油", position=0)
    assert queries_of(categories.tree) == 1
    assert queries_of(categories.tree) == 0
    tree = categories.tree()
    assert [node.name for node in tree] == ["粮油", "生鲜"]
    assert [node.name for node in tree[1].children] == ["水果"]
    assert [node.name for node in categories.trail(tree[1].children[0].id)] == ["生鲜", "水果"]
    assert categories.find(first.slug).path == (first.pk,)
    assert categories.find("nowhere") is None
    assert categories.trail(10**9) == []


def test_inactive_places_sell_nothing():
    sku = a_sku(stock=0)
    stock_up(sku, 3, PlaceFactory(is_active=False))
    assert skus.facts([sku.pk])[sku.pk].available == 0
    assert products.cards([sku.product_id])[0].is_sold_out
