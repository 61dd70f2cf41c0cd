"""Offers on cards, their beginning and end, and the words for what a quote holds."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from marketing import wording
from marketing.models import TierPrice
from marketing.pricing.quote import Adjustment, Fee, WhyNot
from marketing.selectors import offers
from marketing.services import promotions
from shop.core import clock
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories.catalog import CategoryFactory, a_sku
from tests.factories.marketing import a_bundle, a_level, a_limit, a_reduction, a_shopper, a_tier


def badges(sku, member=None) -> list[tuple[str, str]]:
    with translation.override("en"):
        found = offers.for_products([sku.product_id], member)[sku.product_id]
    return [(badge.code, badge.text) for badge in found]


@pytest.mark.django_db
def test_a_card_shows_what_its_product_could_get():
    fruit = CategoryFactory()
    apple, soap = a_sku(product__category=CategoryFactory(parent=fruit)), a_sku()
    ends = clock.now() + timedelta(hours=3)
    a_tier((2, "0.9"), (5, "0.85"), about=[apple], ends_at=ends)
    a_reduction(("100", "10"), about=[fruit])
    a_reduction(("88", "8"), is_cumulative=True, about=[soap.product])
    a_bundle((apple, 1), (soap, 1), price="15.00")
    a_tier(starts_at=clock.now() + timedelta(hours=1))
    a_limit(apple.product, 3)
    silver = a_shopper(a_level("Silver"))
    assert badges(apple, silver) == [
        ("level", "Silver price, 10% off"),
        ("tier", "2 or more: 10% off"),
        ("tier", "5 or more: 15% off"),
        ("reduction", "¥10 off from ¥100"),
        ("bundle", "早餐套餐"),
        ("limit", "3 per person"),
    ]
    level = offers.for_products([apple.product_id], silver)[apple.product_id][0]
    assert (level.unit_price, level.unit_prices) == (Decimal("9.00"), {apple.pk: Decimal("9.00")})
    assert badges(soap) == [("reduction", "¥8 off every ¥88"), ("bundle", "早餐套餐")]
    assert offers.for_products([apple.product_id])[apple.product_id][0].ends_at == ends


@pytest.mark.django_db
def test_badges_cost_two_queries_and_one_for_the_level(django_assert_num_queries):
    ids = [a_sku(stock=0).product_id for _ in range(12)]
    silver = a_shopper(a_level())
    for _ in range(5):
        a_tier()
    with django_assert_num_queries(2):
        offers.for_products(ids)
    with django_assert_num_queries(3):
        offers.for_products(ids, silver)
    with django_assert_num_queries(0):
        assert offers.for_products([]) == {}


@pytest.mark.django_db
def test_what_runs_is_listed_with_its_steps_in_words(django_assert_num_queries):
    fruit = CategoryFactory()
    a_tier(name="多买", ends_at=clock.now() + timedelta(days=1))
    reduction = a_reduction(name="水果满减", about=[fruit])
    a_reduction(starts_at=clock.now() + timedelta(days=1))
    with django_assert_num_queries(1), translation.override("en"):
        first, second = offers.running()
    assert (first.rule, first.name, first.scope_kind, first.scope_ids) == (
        reduction.rule,
        "水果满减",
        "categories",
        (fruit.pk,),
    )
    assert first.texts == ("¥10 off from ¥100", "¥50 off from ¥300")
    assert second.ends_at is not None
    assert len(offers.running(limit=1)) == 1


@pytest.mark.django_db
def test_begin_and_end_are_announced_once_each():
    tier = a_tier(ends_at=clock.now() + timedelta(hours=1))
    a_reduction(starts_at=clock.now() + timedelta(days=2))
    assert [promotions.announce_due(), promotions.announce_due()] == [1, 0]
    with clock.shifted(timedelta(hours=2)):
        assert [promotions.announce_due(), promotions.announce_due()] == [1, 0]
        TierPrice.objects.update(ends_at=None)
        assert promotions.announce_due() == 1
        TierPrice.objects.update(is_active=False)
        assert promotions.announce_due() == 1
    told = list(OutboxEvent.objects.order_by("id").values_list("topic", "payload__rule"))
    assert (
        told
        == [
            ("marketing.PromotionStarted", tier.rule),
            ("marketing.PromotionEnded", tier.rule),
        ]
        * 2
    )
    assert AuditEntry.objects.filter(target=f"marketing.tierprice:{tier.pk}").count() == 4


SAID = [
    ("level_price", {"level": "银卡", "rate": "0.9"}, "银卡 price, 10% off"),
    ("level_sku_price", {"level": "银卡"}, "银卡 price"),
    ("tier_price", {"name": "多买", "min_quantity": 2, "rate": "0.85"}, "多买 (2 or more: 15% off)"),
    ("flash", {}, "Flash price"),
    ("bundle_price", {"name": "早餐", "price": "90.00", "sets": 2}, "早餐, 2 × ¥90"),
    (
        "full_reduction",
        {"name": "满减", "threshold": "300.00", "off": "50.00", "times": 1},
        "满减 (¥50 off from ¥300)",
    ),
    (
        "full_reduction",
        {"name": "满减", "threshold": "100.00", "off": "30.00", "times": 3},
        "满减 (¥10 off every ¥100)",
    ),
    ("coupon_fixed", {"name": "新人"}, "Coupon “新人”"),
    ("coupon_percent", {"name": "新人", "rate": "0.8"}, "Coupon “新人”, 20% off"),
    ("coupon_free_shipping", {"name": "新人"}, "Free shipping with coupon “新人”"),
    ("points", {"points": 500, "per_yuan": 100}, "500 points"),
    ("free_from", {"threshold": "59.00"}, "Free shipping from ¥59"),
    ("of_a_later_version", {}, "Discount"),
]
NOT_SAID = [
    ("tier_next", {"missing_count": 1, "rate": "0.9"}, "Add 1 more for 10% off"),
    (
        "better_price_won",
        {"name": "银卡", "winner": "flash", "price": "79.00"},
        "银卡 is not used, Flash price is lower: ¥79",
    ),
    (
        "bundle_incomplete",
        {"missing_count": 2, "name": "早餐", "price": "9.90"},
        "Add 2 more for 早餐 at ¥9.90",
    ),
    ("bundle_not_lower", {"name": "早餐", "price": "9.90"}, "早餐 is not used, ¥9.90 would not be less"),
    ("reduction_next", {"missing": "15.60", "off": "50.00"}, "Buy ¥15.60 more to get ¥50 off"),
    ("lines_serve_other", {"name": "满减"}, "满减 is not used: its goods count for a better reduction"),
    (
        "coupon_threshold",
        {"name": "新人", "threshold": "80.00", "missing": "15.60"},
        "Coupon “新人” needs ¥80, ¥15.60 to go",
    ),
    ("coupon_scope", {"name": "新人"}, "Coupon “新人” is not for these goods"),
    ("coupon_not_needed", {"name": "新人"}, "Coupon “新人” would change nothing here"),
    ("points_unused", {"points": 500, "amount": "5.00"}, "500 points can take ¥5 off"),
    ("points_capped", {"points": 300, "amount": "3.00"}, "At most 300 points can be used here, for ¥3"),
    ("points_short", {"available": 20}, "You have 20 points"),
    ("free_from_next", {"missing": "9.00"}, "Buy ¥9 more for free shipping"),
    ("of_a_later_version", {}, "An offer does not apply here."),
]

KNOWN_CODES = {code for code, _, _ in SAID + NOT_SAID} - {"of_a_later_version", "flash"}
LANES = Path(wording.__file__).parent / "pricing" / "lanes"


@pytest.mark.parametrize(("code", "parameters", "words"), SAID)
def test_what_is_taken_off_has_words(code, parameters, words):
    with translation.override("en"):
        assert wording.explain(Adjustment("unit", "x:1", code, parameters, {}, Decimal(1))) == words


@pytest.mark.parametrize(("code", "parameters", "words"), NOT_SAID)
def test_what_is_not_taken_off_has_words(code, parameters, words):
    with translation.override("en"):
        assert wording.explain_why_not(WhyNot("unit", "x:1", code, parameters)) == words


def test_a_freight_fee_has_words():
    parameters = {
        "units": 2100,
        "first_units": 1000,
        "first_fee": "6.00",
        "next_units": 500,
        "next_fee": "1.50",
    }
    with translation.override("en"):
        assert wording.explain_fee(Fee("freight:1", "freight_weight", parameters, Decimal(1))) == (
            "2.1 kg: ¥6 for the first 1 kg, ¥1.50 for each further 500 g"
        )


def test_every_code_the_lanes_write_has_words():
    """A code without words would reach the shopper as "Discount"."""
    source = "".join(path.read_text() for path in LANES.glob("*.py"))
    for code in KNOWN_CODES:
        assert f'"{code}"' in source or code in ("coupon_fixed", "coupon_percent"), code
    written = set(re.findall(r'(?:take|why_not)\(\s*"\w+",\s*[\w.]+,\s*"(\w+)"', source))
    assert written <= KNOWN_CODES
