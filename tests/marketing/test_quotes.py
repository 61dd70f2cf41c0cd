"""A basket priced from the database, in a bounded number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.services.freight import Rate
from marketing.errors import CouponExpired, CouponNotYetValid, CouponSpent
from marketing.models import Coupon, TierPrice
from marketing.pricing import hints
from marketing.pricing.quote import Quote
from marketing.selectors import quotes
from marketing.services import coupons
from marketing.terms import CouponKind
from members.services import points
from shop.core import clock, settings_store
from shop.core.errors import Invalid, NotFound
from tests.factories.catalog import CategoryFactory, a_freight_template, a_sku
from tests.factories.marketing import (
    a_bundle,
    a_coupon,
    a_grant,
    a_level,
    a_reduction,
    a_shopper,
    a_sku_level_price,
    a_tier,
)

pytestmark = pytest.mark.django_db

GUANGZHOU = "440106"


def price(member=None, *wants, **arguments) -> Quote:
    arguments.setdefault("delivery_mode", "pickup")
    wants = [(str(sku.pk), sku.pk, quantity) for sku, quantity in wants]
    return quotes.make(member=member, wants=wants, **arguments)


def codes(made: Quote) -> list[tuple[str, str]]:
    return [(one.rule, str(one.amount)) for one in made.adjustments]


def test_silver_member_buys_two_and_pays_81_each():
    silver = a_level("银卡", rate="0.9")
    tier, sku = a_tier(), a_sku(price="100.00")
    made = price(a_shopper(silver), (sku, 2))
    assert codes(made) == [(f"level:{silver.pk}", "20.00"), (tier.rule, "18.00")]
    assert made.lines[0].unit_price == Decimal("81.00")


def test_everything_at_once_from_the_database():
    silver = a_level("银卡", rate="0.9")
    member = a_shopper(silver)
    points.earn(member_id=member.pk, points=500, source="test")
    parcels = a_freight_template(is_default=True)
    fruit = CategoryFactory()
    apples = a_sku(price="60.00", product__category=CategoryFactory(parent=fruit))
    pears = a_sku(price="50.00")
    a_sku_level_price(pears, silver, "40.00")
    bundle = a_bundle((apples, 1), (pears, 1), price="90.00")
    reduction = a_reduction(("80", "8"), about=[fruit])
    a_reduction(("10", "9"), about=[pears], is_active=False)
    grant = a_grant(member, about=[apples.product, pears.product], threshold=Decimal("100"))
    made = price(
        member,
        (apples, 2),
        (pears, 1),
        delivery_mode="express",
        region_code=GUANGZHOU,
        coupon_grant_id=grant.pk,
        points=500,
    )
    assert codes(made) == [
        (f"level:{silver.pk}", "12.00"),
        (f"level:{silver.pk}", "10.00"),
        (bundle.rule, "4.00"),
        (reduction.rule, "8.00"),
        (grant.rule, "5.00"),
        ("points", "5.00"),
    ]
    assert made.freight_list == Decimal("8.00")
    assert made.fees[0].rule == f"freight:{parcels.pk}"
    assert made.due == Decimal("134.00")
    assert made.points_used == 500
    assert made.uses(grant.rule)
    assert Quote.from_json(made.as_json()) == made


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_lines_and_rules(count):
    silver = a_level("银卡", rate="0.9")
    member = a_shopper(silver)
    grant = a_grant(member)
    a_freight_template(is_default=True)
    skus = [a_sku(stock=0) for _ in range(count)]
    for _ in range(3):
        a_tier(about=[skus[0]])
        a_reduction(about=[skus[0].product])
        a_bundle((skus[0], 1), price="9.00")
    settings_store.forget()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        price(
            member,
            *((sku, 1) for sku in skus),
            delivery_mode="express",
            region_code=GUANGZHOU,
            coupon_grant_id=grant.pk,
            points=10,
        )
    assert len(queries) <= 8
    with CaptureQueriesContext(connection) as queries:
        price(None, *((sku, 1) for sku in skus))
    assert len(queries) == 3


def test_windows_are_judged_by_database_time():
    sku, now = a_sku(price="100.00"), clock.now()
    tier = a_tier(starts_at=now, ends_at=now + timedelta(hours=1))
    assert codes(price(None, (sku, 2), at=now))
    assert not codes(price(None, (sku, 2), at=now - timedelta(seconds=1)))
    assert not codes(price(None, (sku, 2), at=now + timedelta(hours=1)))
    with clock.shifted(timedelta(hours=2)):
        assert not codes(price(None, (sku, 2)))
    TierPrice.objects.filter(pk=tier.pk).update(is_active=False)
    assert not codes(price(None, (sku, 2), at=now))


def test_goods_off_the_shelf_or_unknown_are_left_out():
    sku, gone = a_sku(price="10.00"), a_sku(price="10.00", product__status="off_shelf")
    made = quotes.make(
        member=None, wants=[("1", sku.pk, 1), ("2", gone.pk, 1), ("3", 0, 1)], delivery_mode="pickup"
    )
    assert [line.sku_id for line in made.lines] == [sku.pk]


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_refused(quantity):
    with pytest.raises(Invalid):
        price(None, (a_sku(), quantity))


def test_a_member_price_switched_off_counts_no_more_but_sku_prices_do():
    silver = a_level("银卡", rate="0.9", is_active=False)
    one, other = a_sku(price="100.00"), a_sku(price="100.00")
    a_sku_level_price(one, silver, "95.00")
    made = price(a_shopper(silver), (one, 1), (other, 1))
    assert [str(line.due) for line in made.lines] == ["95.00", "100.00"]


def test_freight_follows_the_region_and_says_who_delivers_nowhere():
    template = a_freight_template(
        Rate(first_fee=Decimal("6"), next_fee=Decimal("1"), free_from=Decimal("59")),
        Rate(first_fee=Decimal("20"), next_fee=Decimal("5"), region_codes=("650000",)),
        Rate(first_fee=Decimal("0"), next_fee=Decimal("0"), region_codes=("710000",), delivers=False),
    )
    sku = a_sku(price="10.00", product__freight_template=template)

    def to(region: str, pieces: int = 1) -> Quote:
        return price(None, (sku, pieces), delivery_mode="express", region_code=region)

    assert to(GUANGZHOU).freight_due == Decimal("6.00")
    assert to(GUANGZHOU, 6).freight_due == 0
    assert to("650102", 2).freight_due == Decimal("25.00")
    assert to("710000").undeliverable == (str(sku.pk),)
    assert not to("").is_freight_known
    assert hints.next_steps(to(GUANGZHOU))[0].parameters["missing"] == "49.00"
    assert price(None, (sku, 1)).freight_list == 0


def test_a_coupon_that_cannot_be_used_is_refused_with_the_reason():
    member, sku, now = a_shopper(), a_sku(), clock.now()

    def use(grant_id: int, **arguments) -> Quote:
        return price(member, (sku, 1), coupon_grant_id=grant_id, **arguments)

    grant = a_grant(member)
    with pytest.raises(NotFound):
        use(0)
    with pytest.raises(NotFound):
        use(a_grant(a_shopper()).pk)
    with pytest.raises(CouponExpired):
        use(grant.pk, at=now + timedelta(days=8))
    with pytest.raises(CouponNotYetValid):
        use(a_grant(member, valid_from=now + timedelta(days=1)).pk)
    coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:1")
    with pytest.raises(CouponSpent):
        use(grant.pk)


def test_a_coupon_below_its_threshold_is_a_reason_and_no_refusal():
    member, sku = a_shopper(), a_sku(price="30.00")
    grant = a_grant(member, threshold=Decimal("45.60"))
    made = price(member, (sku, 1), coupon_grant_id=grant.pk)
    assert not made.uses(grant.rule)
    assert made.why_nots[0].parameters["missing"] == "15.60"


def test_every_kind_of_coupon_can_be_stored_and_counts():
    member, sku = a_shopper(), a_sku(price="100.00")
    a_freight_template(is_default=True)
    kinds = {
        CouponKind.FIXED: {"off": Decimal("7")},
        CouponKind.PERCENT: {"rate": Decimal("0.8"), "cap": Decimal("15")},
        CouponKind.FREE_SHIPPING: {},
    }
    saved = []
    for kind, fields in kinds.items():
        grant = a_grant(member, a_coupon(kind=kind, **fields))
        made = price(
            member, (sku, 1), coupon_grant_id=grant.pk, delivery_mode="express", region_code=GUANGZHOU
        )
        saved.append(str(made.saved))
    assert saved == ["7.00", "15.00", "6.00"]
    assert Coupon.objects.count() == 3
