"""People find goods by Chinese words, by pinyin, by halves of words, and in spite of slips."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.selectors import products, search, words
from catalog.services import search_text
from tests.factories.catalog import BrandFactory, CategoryFactory, ProductFactory, TagFactory, searchable

pytestmark = pytest.mark.django_db

TITLES = [
    "红富士苹果 5斤装",
    "鲜榨苹果汁 1L",
    "库尔勒香梨 3斤",
    "蒙牛纯牛奶250ml*24盒",
    "帮宝适纸尿裤 L码",
    "海南小米蕉",
    "手机支架",
]


@pytest.fixture
def shelf():
    fruit = CategoryFactory(name="新鲜水果", parent=CategoryFactory(name="生鲜"))
    found = {title: ProductFactory(title=title, category=fruit) for title in TITLES[:3]}
    found |= {title: ProductFactory(title=title) for title in TITLES[3:]}
    found["草莓"] = ProductFactory(
        title="丹东草莓", subtitle="现摘现发", brand=BrandFactory(name="Driscoll's")
    )
    searchable(*found.values())
    return found


def titles(query, **more):
    return [card.title for card in products.listing(query=query, **more).cards]


EXACT = [
    ("红富士苹果", "红富士苹果 5斤装"),
    ("苹果", "红富士苹果 5斤装"),
    ("富士", "红富士苹果 5斤装"),
    ("苹果汁", "鲜榨苹果汁 1L"),
    ("梨", "库尔勒香梨 3斤"),
    ("香梨", "库尔勒香梨 3斤"),
    ("pingguo", "红富士苹果 5斤装"),
    ("ping guo", "红富士苹果 5斤装"),
    ("PingGuo", "红富士苹果 5斤装"),
    ("hongfushi", "红富士苹果 5斤装"),
    ("xiangli", "库尔勒香梨 3斤"),
    ("牛奶 250", "蒙牛纯牛奶250ml*24盒"),
    ("牛奶250ml", "蒙牛纯牛奶250ml*24盒"),
    ("MENGNIU", "蒙牛纯牛奶250ml*24盒"),
    ("纸尿裤l", "帮宝适纸尿裤 L码"),
    ("driscoll", "丹东草莓"),
    ("现摘", "丹东草莓"),
    ("  草莓　", "丹东草莓"),
]
SLIPS = [
    ("红富土苹果", "红富士苹果 5斤装"),  # a wrong stroke
    ("平果", "红富士苹果 5斤装"),  # same sound, wrong characters
    ("纯牛乃", "蒙牛纯牛奶250ml*24盒"),
]
ODD = [
    "'",
    '"',
    "\\",
    "%",
    "_",
    "a'b & | ! ( ) : * <->",
    "':*",
    "\x00",
    "苹\x00果",
    "\ud800",
    "\u200b",
    "🍎",
    "🍎苹果",
    "   ",
    "　",
    "苹" * 5000,
    "a" * 5000,
    "(((",
    "!!",
    "&",
    "苹果:*",
    "苹果 OR 1=1; --",
    "<script>",
    "ａｐｐｌｅ",
    "é",
    "ß",
    "ﬁ",
    "١٢",
    "가나",
    "𠮷野家",
    "-",
    "—",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
]


def test_exact_words_find_their_goods(shelf):
    for query, first in EXACT:
        found = products.listing(query=query)
        assert found.is_exact, query
        assert found.cards[0].title == first, query


def test_slips_find_what_was_meant(shelf):
    for query, first in SLIPS:
        found = products.listing(query=query)
        assert not found.is_exact, query
        assert found.cards[0].title == first, query


def test_halves_and_slips_of_pinyin_find_everything_near(shelf):
    assert set(titles("pinggu")) == set(titles("pinguo")) == {"红富士苹果 5斤装", "鲜榨苹果汁 1L"}


def test_words_in_the_title_rank_before_words_beside_it(shelf):
    beside = ProductFactory(title="果盘礼盒", subtitle="含苹果")
    searchable(beside)
    assert titles("苹果").index("果盘礼盒") > titles("苹果").index("红富士苹果 5斤装")


def test_among_equals_the_better_seller_comes_first():
    slow, fast = ProductFactory(title="山东苹果"), ProductFactory(title="陕西苹果", sold_count=900)
    searchable(slow, fast)
    assert titles("苹果") == ["陕西苹果", "山东苹果"]


def test_categories_and_tags_are_words_too(shelf):
    assert set(titles("水果")) >= set(TITLES[:3])
    product = shelf["手机支架"]
    product.tags.add(TagFactory(name="爆款"))
    searchable(product)
    assert titles("爆款") == ["手机支架"]


def test_goods_off_the_shelf_are_not_found(shelf):
    hidden = ProductFactory(title="青苹果", status="off_shelf")
    searchable(hidden)
    assert "青苹果" not in titles("青苹果")


def test_nothing_similar_is_nothing(shelf):
    assert products.listing(query="洗衣机").cards == []
    assert products.listing(query="xyzqwv").total == 0


def test_no_input_breaks_search(shelf):
    for query in ODD:
        found = products.listing(query=query)
        if query.strip():
            assert found.total == search.find(query).products.count(), query


def test_words_are_folded_into_one_form():
    assert words.query("　ＡＢＣ　１２３\n苹果 ") == "abc 123 苹果"
    assert len(words.query("苹" * 999)) == words.LONGEST_QUERY
    assert words.fold("\ud800a\x00b") == "a b"


def test_rebuilding_reaches_every_product(shelf):
    type(shelf["手机支架"]).objects.update(search_vector=None, search_text="")
    assert titles("手机") == []
    assert search_text.rebuild_all(batch=3) == len(shelf)
    assert titles("手机") == ["手机支架"]


def test_searching_takes_few_queries(shelf):
    with CaptureQueriesContext(connection) as queries:
        products.listing(query="苹果")
    assert len(queries) == 5  # synonyms are cached from now on
    with CaptureQueriesContext(connection) as queries:
        products.listing(query="苹果")
    assert len(queries) == 4
    for slip in ("红富土苹果", "苹果水蜜桃香梨葡萄", "zzzzqq"):
        with CaptureQueriesContext(connection) as queries:
            products.listing(query=slip)
        assert len(queries) <= 12, slip
