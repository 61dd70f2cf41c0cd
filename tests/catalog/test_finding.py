"""Synonyms, corrections, facets, suggestions and favourites say and do what they promise."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.errors import SynonymUnclear, TooManyFavourites
from catalog.models import SearchWord, Synonym
from catalog.reactions import merged
from catalog.selectors import favourites as favourite_list
from catalog.selectors import products, search, spelling, suggestions
from catalog.selectors.facets import Wanted
from catalog.services import favourites, search_words, synonyms
from catalog.services.skus import AxisRow, SkuRow, ValueRow, save_matrix
from members.events import MembersMerged, MembersParted
from members.models import MemberMerge
from shop.core import clock
from shop.core.errors import NotFound
from tests.factories.catalog import (
    BrandFactory,
    CategoryFactory,
    PlaceFactory,
    ProductFactory,
    StoreFactory,
    a_sku,
    searchable,
    stock_up,
)
from tests.factories.members import member

pytestmark = pytest.mark.django_db


def queries_of(action) -> int:
    with CaptureQueriesContext(connection) as queries:
        action()
    return len(queries)


def titles(**asked) -> list[str]:
    return sorted(card.title for card in products.listing(**asked).cards)


def on_shelf(*names):
    made = [ProductFactory(title=name) for name in names]
    searchable(*made)
    return made


def test_who_says_one_synonym_finds_the_goods_of_all():
    on_shelf("普罗旺斯西红柿", "圣女番茄", "土豆")
    assert titles(query="番茄") == ["圣女番茄"]
    group = synonyms.save(synonym=None, typed="西红柿 = 番茄，Tomato", is_active=True, actor="system")
    assert group.words == ["西红柿", "番茄", "tomato"]
    for said in ("番茄", "西红柿", "tomato", "ＴＯＭＡＴＯ"):
        assert titles(query=said) == ["圣女番茄", "普罗旺斯西红柿"], said
    assert set(products.listing(query="番茄").also) == {"西红柿", "tomato"}
    assert titles(query="tomatoes") == []
    synonyms.remove(synonym=group, actor="system")
    assert titles(query="番茄") == ["圣女番茄"]


def test_synonyms_that_cannot_be_kept_are_refused():
    synonyms.save(synonym=None, typed="西红柿=番茄", is_active=True, actor="system")
    for typed in (
        "番茄",
        "番茄=番茄",
        "番茄=洋柿子",
        "a=" + "b" * 21,
        "=".join("甲乙丙丁戊己庚辛壬"),
        "=,=",
        "!!=??",
    ):
        with pytest.raises(SynonymUnclear):
            synonyms.save(synonym=None, typed=typed, is_active=True, actor="system")
    assert Synonym.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("平果", "苹果"),
        ("红富土苹果", "红富士苹果"),
        ("纯牛乃", "纯牛奶"),
        ("pingou", "苹果"),
        ("mengniuu", "蒙牛"),
    ],
)
def test_what_was_meant_is_said_and_searched_for(typed, meant):
    on_shelf("红富士苹果 5斤装", "蒙牛纯牛奶250ml*24盒", "库尔勒香梨 3斤")
    found = products.listing(query=typed)
    assert (found.meant, found.is_exact) == (meant, False)
    assert titles(query=typed) == titles(query=meant)
    as_typed = products.listing(query=typed, as_typed=True)
    assert as_typed.meant == ""


def test_nothing_is_corrected_into_something_far():
    assert spelling.meant("洗衣机", ["红富士苹果", "洗手液"]) == ""
    assert spelling.meant("苹果", ["苹果"]) == ""
    assert spelling.meant("洗衣粉", ["洗衣液"]) == ""
    assert search.find("👨‍👩‍👧‍👦").meant == ""


@pytest.fixture
def shirts():
    """Two shirts: one red in M and white in L; one red in L, sold out."""
    brand = BrandFactory(name="云裳", slug="yunshang")
    made = []
    for title, looks, price in (
        ("纯棉T恤", [("红", "M"), ("白", "L")], "59"),
        ("速干T恤", [("红", "L")], "99"),
    ):
        product = ProductFactory(title=title, brand=brand if title == "纯棉T恤" else None)
        colours, sizes = (
            tuple(ValueRow(one) for one in dict.fromkeys(names)) for names in zip(*looks, strict=True)
        )
        axes = [AxisRow("颜色", colours), AxisRow("尺码", sizes)]
        rows = [
            SkuRow((colour.name, size.name), Decimal(price), is_active=(colour.name, size.name) in looks)
            for colour in colours
            for size in sizes
        ]
        save_matrix(product=product, axes=axes, rows=rows, actor="system")
        made.append(product)
    searchable(*made)
    for sku in made[0].skus.filter(is_active=True):
        stock_up(sku, 5 if "红" in sku.spec_text else 0)
    return made


def test_facets_narrow_a_list(shirts):
    cases = [
        (Wanted(), ["纯棉T恤", "速干T恤"]),
        (Wanted(lowest=Decimal(60)), ["速干T恤"]),
        (Wanted(highest=Decimal(60)), ["纯棉T恤"]),
        (Wanted(lowest=Decimal(99), highest=Decimal(59)), ["纯棉T恤", "速干T恤"]),
        (Wanted(brands=("yunshang",)), ["纯棉T恤"]),
        (Wanted(brands=("nobody",)), []),
        (Wanted(specs=(("颜色", "红"),)), ["纯棉T恤", "速干T恤"]),
        (Wanted(specs=(("颜色", "红"), ("颜色", "白"))), ["纯棉T恤", "速干T恤"]),
        (Wanted(specs=(("颜色", "红"), ("尺码", "L"))), ["速干T恤"]),
        (Wanted(in_stock=True), ["纯棉T恤"]),
        (Wanted(in_stock=True, specs=(("颜色", "白"),)), []),
        (Wanted(store="any"), []),
    ]
    for wanted, expected in cases:
        assert titles(wanted=wanted) == expected, wanted
        assert titles(query="T恤", wanted=wanted) == expected, wanted
        assert products.options(wanted=wanted)[1] == len(expected), wanted


def test_what_lies_in_a_store_can_be_collected_there():
    here, there = StoreFactory(code="here"), StoreFactory(code="there")
    closed = StoreFactory(code="closed", is_active=False)
    for place, title in ((here, "甲"), (there, "乙"), (closed, "丙"), (PlaceFactory(), "丁")):
        a_sku(title=title, place=place, stock=3)
    assert titles(wanted=Wanted(store="here")) == ["甲"]
    assert titles(wanted=Wanted(store="any")) == sorted(["甲", "乙"])
    assert titles(wanted=Wanted(store="closed")) == []


def test_options_show_what_differs_and_what_is_chosen(shirts):
    options, count = products.options(query="T恤", wanted=Wanted(specs=(("产地", "新疆"),)))
    assert count == 0
    assert options.brands == (("yunshang", "云裳"),)
    assert dict(options.axes) == {"产地": ("新疆",), "颜色": ("白", "红"), "尺码": ("L", "M")}


def test_lists_cost_the_same_however_long_and_narrow(shirts):
    wanted = Wanted(
        lowest=Decimal(1), brands=("yunshang",), specs=(("颜色", "红"),), in_stock=True, store="any"
    )
    few = (
        queries_of(lambda: products.listing(wanted=wanted)),
        queries_of(lambda: products.options(wanted=wanted)),
    )
    category = CategoryFactory()
    for _ in range(12):
        a_sku(product__category=category)
    many = (
        queries_of(lambda: products.listing(wanted=wanted)),
        queries_of(lambda: products.options(wanted=wanted)),
    )
    assert few == many and few[1] == 4
    assert queries_of(lambda: products.listing()) == 3


def test_suggestions_come_from_searches_categories_and_goods():
    on_shelf("红富士苹果", "苹果醋", "香梨")
    CategoryFactory(name="苹果专区", slug="apples")
    for _ in range(3):
        search_words.note(typed="苹果礼盒", found_count=2)
        search_words.note(typed="苹果电脑", found_count=0)
        search_words.note(typed="苹果脏话", found_count=1)
    search_words.hide(word=SearchWord.objects.get(word="苹果脏话"), is_hidden=True, actor="system")
    found = suggestions.suggest("苹果")
    assert found.words == ("苹果礼盒",)
    assert [node.name for node in found.categories] == ["苹果专区"]
    assert {card.title for card in found.products} == {"红富士苹果", "苹果醋"}
    assert queries_of(lambda: suggestions.suggest("苹果")) == 0
    assert queries_of(lambda: suggestions.suggest("香")) <= 6
    assert [card.title for card in suggestions.suggest("xiang").products] == ["香梨"]
    for odd in ("", "  ", "'", "%", "\x00", "👍", "a" * 500, "<b>", "苹果:*"):
        suggestions.suggest(odd)
    assert suggestions.popular() == ["苹果礼盒"]


def test_searches_are_counted_and_fade_and_numbers_of_people_are_not_kept():
    search_words.note(typed="　苹果 ", found_count=5)
    search_words.note(typed="苹果", found_count=3)
    for private in ("17000000001", "170-0000-0001", "a@b.cn", "26112100001234", "https://x.cn", "   "):
        search_words.note(typed=private, found_count=0)
    row = SearchWord.objects.get()
    assert (row.word, row.searched_count, row.heat, row.found_count) == ("苹果", 2, 2.0, 3)
    assert search_words.fade() == 1
    row.refresh_from_db()
    assert row.heat == pytest.approx(1.8) and row.searched_count == 2


def test_near_words_help_when_nothing_was_found():
    on_shelf("红富士苹果")
    CategoryFactory(name="洗衣液")
    assert suggestions.near("洗衣粉")[0] == "洗衣液"
    assert "苹果" in suggestions.near("苹果手机壳")
    assert suggestions.near("zzzzz") == [] == suggestions.near("")


def test_favourites_are_kept_once_listed_latest_first_and_handed_over(monkeypatch):
    me, other = member(), member()
    first, second = a_sku(title="甲").product, a_sku(title="乙", stock=0).product
    draft = ProductFactory(status="draft")
    assert favourites.add(member_id=me.pk, product_id=first.pk)
    assert not favourites.add(member_id=me.pk, product_id=first.pk)
    favourites.add(member_id=me.pk, product_id=second.pk)
    type(second).objects.filter(pk=second.pk).update(status="off_shelf")
    page = favourite_list.page(me.pk)
    assert [(card.title, card.status, card.is_sold_out) for card in page.cards] == [
        ("乙", "off_shelf", True),
        ("甲", "on_shelf", False),
    ]
    assert favourite_list.page(me.pk, page=99).cards == ()
    assert favourite_list.among(me.pk, [first.pk, draft.pk]) == {first.pk}
    for missing in (draft.pk, 10**9):
        with pytest.raises(NotFound):
            favourites.add(member_id=me.pk, product_id=missing)
    favourites.add(member_id=other.pk, product_id=first.pk)
    moved = favourites.hand_over(from_member_id=me.pk, to_member_id=other.pk)
    assert (favourite_list.count(other.pk), favourite_list.count(me.pk)) == (2, 1)
    favourites.take_back(keys=moved, from_member_id=other.pk, to_member_id=me.pk)
    assert (favourite_list.count(other.pk), favourite_list.count(me.pk)) == (1, 2)
    favourites.hand_over(from_member_id=me.pk, to_member_id=other.pk)
    monkeypatch.setattr(favourites, "AT_MOST", 2)
    with pytest.raises(TooManyFavourites):
        favourites.add(member_id=other.pk, product_id=a_sku().product_id)
    assert favourites.remove(member_id=other.pk, product_id=first.pk)
    assert not favourites.remove(member_id=other.pk, product_id=first.pk)


def test_favourites_cost_the_same_however_many():
    me = member()
    favourites.add(member_id=me.pk, product_id=a_sku().product_id)
    few = queries_of(lambda: favourite_list.page(me.pk))
    for _ in range(8):
        favourites.add(member_id=me.pk, product_id=a_sku().product_id)
    assert queries_of(lambda: favourite_list.page(me.pk)) == few == 4


def test_favourites_follow_joined_accounts_and_go_back():
    kept, gone = member(), member()
    goods = [a_sku().product_id for _ in range(2)]
    favourites.add(member_id=kept.pk, product_id=goods[0])
    for product_id in goods:
        favourites.add(member_id=gone.pk, product_id=product_id)
    merge = MemberMerge.objects.create(kept=kept, gone=gone, proofs=["a", "b"], merged_at=clock.now())
    fact = {"kept_id": kept.pk, "gone_id": gone.pk, "merge_id": merge.pk}
    merged.bring_favourites(MembersMerged(**fact))
    assert (favourite_list.count(kept.pk), favourite_list.count(gone.pk)) == (2, 1)
    merged.take_back_favourites(MembersParted(**fact))
    assert (favourite_list.count(kept.pk), favourite_list.count(gone.pk)) == (1, 2)
