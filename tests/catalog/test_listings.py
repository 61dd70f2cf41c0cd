"""From draft to shelf: checked, submitted, reviewed; the gate; what the category asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from catalog.errors.listing import AlreadyReviewed, ListingRefused, NotAPaper, OwnListing, ReviewNeeded
from catalog.models import (
    CategoryRule,
    ListingCheck,
    ListingReview,
    ListingWord,
    Parameter,
    ParameterValue,
    PictureSlot,
    Product,
)
from catalog.policies.listing import FOUR_EYES
from catalog.selectors import listings as reading
from catalog.selectors import products as pages
from catalog.services import (
    favourites,
    listing_desk,
    listing_parameters,
    listing_words,
    listings,
    papers,
    products,
)
from catalog.services.listing import gathering, scoring
from catalog.services.listing.gathering import Said
from shop.core import clock
from shop.core.errors import IllegalMove, Invalid, NotFound
from shop.core.models import AuditEntry, Decision
from tests.factories import members
from tests.factories.catalog import BrandFactory, CategoryFactory, ImageFactory, ProductFactory, a_sku

pytestmark = pytest.mark.django_db
WRITER, REVIEWER = "user:1", "user:2"
PDF = b"%PDF-1.4 paper"


@pytest.fixture(autouse=True)
def dictionary() -> None:
    listing_words.load_starter(actor="system")


def a_draft(title: str = "栖霞红富士苹果 5斤装", **fields: Any) -> Product:
    product: Any = ProductFactory(title=title, status="draft", on_shelf_at=None, **fields)
    a_sku(product=product)
    ImageFactory(product=product)
    return product  # type: ignore[no-any-return]


def found(product: Product, said: Said | None = None) -> set[str]:
    return {one.code for one in scoring.judge(gathering.facts(product, said or Said())).findings}


def path_of(product: Product) -> list[str]:
    return [row.to_status for row in product.transitions.all()]


def test_a_clean_listing_waits_for_a_person_who_puts_it_on_the_shelf_in_one_click() -> None:
    product = a_draft()
    review = listings.submit(product=product, actor=WRITER, note="新到")
    assert (product.status, review.outcome, review.submitted_by) == ("checked", "", WRITER)
    assert list(reading.open_reviews()) == [review]
    with pytest.raises(IllegalMove):
        listings.submit(product=product, actor=WRITER)
    listing_desk.pass_on(review=review, actor=REVIEWER)
    product.refresh_from_db()
    assert path_of(product) == ["submitted", "checked", "approved", "on_shelf"]
    assert ListingReview.objects.get().outcome == "approved"
    assert product.listing_check.score > 0
    with pytest.raises(AlreadyReviewed):
        listings.reject(review=review, actor=REVIEWER, reason="晚了")


def test_the_check_sends_back_what_it_blocks_and_says_why() -> None:
    product = a_draft("全国第一红富士苹果 5斤装")
    review = listings.submit(product=product, actor=WRITER)
    assert (product.status, review.outcome, review.is_by_machine) == ("rejected", "rejected", True)
    assert "全国第一" in review.reason
    decision = Decision.objects.get(noun="listing", reference=f"product:{product.pk}")
    assert decision.rules[0]["code"] == "absolute_word"
    assert decision.outcome == {"passed": False}
    products.update(product=product, actor=WRITER, title="红富士苹果 5斤装 脆甜")
    assert listings.submit(product=product, actor=WRITER).outcome == ""


def test_the_gate_lets_nothing_blocked_through_and_leaves_it_as_it_was() -> None:
    product = a_draft("治疗失眠的苹果 5斤装")
    with pytest.raises(ListingRefused) as refusal:
        products.put_on_shelf(product=product, actor=REVIEWER)
    assert [one["code"] for one in refusal.value.extra["items"]] == ["claim_word"]
    assert "治疗" in refusal.value.message_text
    product.refresh_from_db()
    assert (product.status, path_of(product)) == ("draft", [])
    assert not ListingReview.objects.exists()


def test_a_reviewer_sends_back_with_a_reason_and_never_without() -> None:
    product = a_draft()
    review = listings.submit(product=product, actor=WRITER)
    with pytest.raises(Invalid):
        listings.reject(review=review, actor=REVIEWER, reason=" ")
    listings.reject(review=review, actor=REVIEWER, reason="图片看不清")
    product.refresh_from_db()
    assert (product.status, reading.last_review(product.pk).reason) == ("rejected", "图片看不清")  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(verb="reject_listing").exists()


def test_with_four_eyes_nobody_passes_what_is_their_own() -> None:
    FOUR_EYES.set(True, actor="system")
    product = a_draft()
    with pytest.raises(ReviewNeeded):
        products.put_on_shelf(product=product, actor=WRITER)
    review = listings.submit(product=product, actor=WRITER)
    with pytest.raises(OwnListing):
        listings.approve(review=review, actor=WRITER)
    with pytest.raises(OwnListing):
        products.put_on_shelf(product=product, actor=WRITER)
    products.put_on_shelf(product=Product.objects.get(pk=product.pk), actor=REVIEWER)
    assert Product.objects.get(pk=product.pk).status == "on_shelf"


def test_what_changes_after_its_approval_needs_another_one() -> None:
    product = a_draft()
    listings.approve(review=listings.submit(product=product, actor=WRITER), actor=REVIEWER)
    product.refresh_from_db()
    products.update(product=product, actor=WRITER, title=product.title)
    assert product.status == "approved"
    products.update(product=product, actor=WRITER, title="完全不同的商品 5斤装")
    assert product.status == "draft"
    listings.submit(product=product, actor=WRITER)
    listings.withdraw(product=product, actor=WRITER)
    assert (product.status, reading.open_review(product.pk)) == ("draft", None)


def test_shoppers_see_nothing_that_is_on_its_way_to_the_shelf() -> None:
    product = a_draft()
    member = members.member()
    listings.submit(product=product, actor=WRITER)
    with pytest.raises(NotFound):
        pages.page(product.pk)
    with pytest.raises(NotFound):
        favourites.add(member_id=member.pk, product_id=product.pk)
    products.put_on_shelf(product=product, actor=REVIEWER)
    products.take_off_shelf(product=product, actor=REVIEWER)
    assert pages.page(product.pk).is_on_sale is False


def test_rules_come_down_the_tree_and_the_closest_wins() -> None:
    root: Any = CategoryFactory()
    leaf: Any = CategoryFactory(parent=root)
    product = a_draft(category=leaf, subtitle="")
    CategoryRule.objects.create(severities={"subtitle_missing": "blocks"})
    above = CategoryRule.objects.create(category=root, papers=["qc_report"])
    PictureSlot.objects.create(rule=above, slot="main", count=1, long_side=100, short_side=100)
    assert {"subtitle_missing", "paper_missing"} <= found(product)
    assert "picture_small" not in found(product)
    assert scoring.judge(gathering.facts(product)).blocking[0].code == "subtitle_missing"
    CategoryRule.objects.create(category=leaf, severities={"subtitle_missing": "off"})
    assert "subtitle_missing" not in found(product)
    above.is_prohibited = True
    above.save()
    with pytest.raises(ListingRefused):
        products.put_on_shelf(product=product, actor=REVIEWER)


def test_what_stands_in_the_form_is_judged_and_nothing_is_written(django_assert_num_queries: Any) -> None:
    product = a_draft()
    with django_assert_num_queries(12):
        gathering.facts(product)
    said = Said(title="顶级苹果 5斤装礼盒", description="<p>甜</p><img src='/media/a.jpg'>")
    assert {"absolute_word", "description_short"} <= found(product, said)
    assert not ListingCheck.objects.exists()
    assert "picture_missing" in {one.code for one in scoring.judge(gathering.facts(None, said)).findings}


def test_parameters_are_asked_by_category_kept_by_id_and_shown_to_shoppers() -> None:
    root: Any = CategoryFactory()
    product = a_draft(category=CategoryFactory(parent=root))
    origin = Parameter.objects.create(category=root, name="产地")
    days = Parameter.objects.create(name="保质期", kind="number", unit="天", is_required=False)
    other = Parameter.objects.create(category_id=CategoryFactory().pk, name="材质")
    assert "parameter_missing" in found(product)
    values = {origin.pk: " 山东  栖霞 ", days.pk: "15", 10**9: "谁"}
    listing_parameters.save(product=product, values=values, actor=WRITER)
    assert "parameter_missing" not in found(product)
    assert other.pk not in {one.id for one in gathering.facts(product).parameters}
    products.put_on_shelf(product=product, actor=REVIEWER)
    assert set(pages.page(product.pk).parameters) == {("产地", "山东 栖霞"), ("保质期", "15 天")}
    listing_parameters.save(product=product, values={days.pk: ""}, actor=WRITER)
    assert list(ParameterValue.objects.values_list("parameter", flat=True)) == [origin.pk]


def test_an_expired_paper_keeps_goods_off_and_is_noticed_on_the_shelf() -> None:
    today = clock.business_day(clock.now())
    product = a_draft(brand=BrandFactory())
    with pytest.raises(NotAPaper):
        papers.add(product=product, kind="qc_report", content=b"MZ", actor=WRITER)
    paper = papers.add(
        product=product, kind="qc_report", content=PDF, actor=WRITER, expires_on=today + timedelta(days=40)
    )
    assert paper.path.startswith("private/")
    products.put_on_shelf(product=product, actor=REVIEWER)
    assert (listings.recheck_due(), list(reading.failing())) == (0, [])
    with clock.shifted(timedelta(days=12)):
        assert listings.recheck_due() == 1
        assert listings.recheck_due() == 0
    with clock.shifted(timedelta(days=45)):
        assert listings.recheck_due() == 1
        assert [one.product_id for one in reading.failing()] == [product.pk]
        products.take_off_shelf(product=product, actor=REVIEWER)
        with pytest.raises(ListingRefused):
            products.put_on_shelf(product=product, actor=REVIEWER)
        Product.objects.update(status="on_shelf")
        papers.add(product=product, kind="qc_report", content=PDF, actor=WRITER, for_brand=True)
        assert not reading.failing().exists()
    papers.remove(paper=paper, actor=WRITER)
    assert not default_storage.exists(paper.path)


def test_similar_goods_elsewhere_hint_at_another_category() -> None:
    fruit, toys = CategoryFactory(name="水果"), CategoryFactory(name="玩具")
    for number in range(4):
        products.create(actor=WRITER, title=f"红富士苹果 {number}斤装", category=fruit)
    Product.objects.update(status="on_shelf")
    assert "category_mismatch" in found(a_draft(category=toys))
    assert "category_mismatch" not in found(a_draft(category=fruit))


def test_the_starter_words_come_back_without_touching_what_was_changed() -> None:
    ListingWord.objects.filter(word="顶级").update(is_active=False)
    ListingWord.objects.filter(word="第一").delete()
    assert listing_words.load_starter(actor=WRITER) == 1
    assert not ListingWord.objects.get(word="顶级").is_active
    assert "absolute_word" not in found(a_draft("顶级红富士苹果 5斤装"))
