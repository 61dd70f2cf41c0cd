"""Coupons and limits when a member presses twice at once, with controls that show the danger is real."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from marketing.errors import CouponGone, CouponSpent, CouponTaken, LimitedGone, LimitedUsed, LimitExceeded
from marketing.invariants import INVARIANTS
from marketing.models import Coupon, CouponGrant, LimitedPrice, PromotionUse
from marketing.selectors import limits as limit_facts
from marketing.services import coupons, limited, limits
from marketing.terms import GrantStatus
from shop.core import clock
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_coupon, a_discount, a_grant, a_limit, a_shopper
from tests.races import Meeting, run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

ORDERS = 8


def test_one_coupon_goes_to_one_of_many_orders():
    member = a_shopper()
    grant = a_grant(member)
    outcome = run_together(
        ORDERS,
        lambda n: coupons.hold(grant_id=grant.pk, member_id=member.pk, reference=f"order:{n}"),
        pass_number=True,
    )
    assert len(outcome.results) == 1
    assert len(outcome.of(CouponSpent)) == ORDERS - 1
    assert PromotionUse.objects.filter(grant=grant, released_at=None).count() == 1
    assert not [invariant.id for invariant in INVARIANTS if invariant.broken()]


def test_control_reading_first_and_writing_later_gives_one_coupon_to_many_orders():
    grant = a_grant(a_shopper())
    meeting = Meeting(ORDERS)

    def hold_carelessly() -> None:
        with transaction.atomic():
            mine = CouponGrant.objects.get(pk=grant.pk)
            if mine.status != GrantStatus.AVAILABLE:
                raise CouponSpent(grant_id=grant.pk)
            meeting.wait()
            CouponGrant.objects.filter(pk=grant.pk).update(status=GrantStatus.HELD, reference="order:1")

    assert len(run_together(ORDERS, hold_carelessly).results) > 1


def test_the_index_behind_the_lock_lets_one_live_use_through():
    member = a_shopper()
    grant = a_grant(member)

    def use_without_lock(number: int) -> None:
        PromotionUse.objects.create(
            rule=grant.rule,
            member=member,
            grant=grant,
            reference=f"order:{number}",
            created_at=clock.now(),
        )

    outcome = run_together(ORDERS, use_without_lock, pass_number=True)
    assert (len(outcome.results), len(outcome.of(IntegrityError))) == (1, ORDERS - 1)


def test_copies_handed_out_at_once_are_not_more_than_there_are():
    coupon = a_coupon(total_count=5)
    members = [a_shopper() for _ in range(ORDERS)]
    outcome = run_together(
        ORDERS, lambda n: coupons.claim(coupon_id=coupon.pk, member_id=members[n].pk), pass_number=True
    )
    assert (len(outcome.results), len(outcome.of(CouponGone))) == (5, 3)
    assert Coupon.objects.get().issued_count == CouponGrant.objects.count() == 5


def test_the_last_copies_claimed_by_fifty_at_once_are_handed_out_once():
    """The budget of a coupon: 50 members, each pressing twice, 5 copies."""
    coupon = a_coupon(total_count=5)
    members = [a_shopper() for _ in range(25)]
    outcome = run_together(
        50, lambda n: coupons.claim(coupon_id=coupon.pk, member_id=members[n % 25].pk), pass_number=True
    )
    assert len(outcome.results) == 5
    assert len(outcome.of(CouponGone)) + len(outcome.of(CouponTaken)) == 45
    assert len({grant.member_id for grant in outcome.results}) == 5, "nobody has two"
    assert not [invariant.id for invariant in INVARIANTS if invariant.broken()]


def test_control_counting_first_and_writing_later_hands_out_more_than_there_are():
    coupon = a_coupon(total_count=1)
    members = [a_shopper() for _ in range(ORDERS)]
    meeting = Meeting(ORDERS)

    def claim_carelessly(number: int) -> None:
        with transaction.atomic():
            if CouponGrant.objects.filter(coupon=coupon).count() >= 1:
                raise CouponGone(coupon_id=coupon.pk)
            meeting.wait()
            now = clock.now()
            CouponGrant.objects.create(
                coupon=coupon,
                member=members[number],
                number=1,
                valid_from=now,
                valid_until=now + timedelta(days=1),
                created_at=now,
            )

    assert len(run_together(ORDERS, claim_carelessly, pass_number=True).results) > 1


def test_a_member_who_claims_twice_at_once_gets_one_copy():
    coupon, member = a_coupon(), a_shopper()
    outcome = run_together(ORDERS, lambda: coupons.claim(coupon_id=coupon.pk, member_id=member.pk))
    assert (len(outcome.results), len(outcome.of(CouponTaken))) == (1, ORDERS - 1)
    assert Coupon.objects.get().issued_count == 1


def test_orders_of_one_member_at_once_stay_within_the_limit():
    sku, member = a_sku(), a_shopper()
    a_limit(sku, 3)
    outcome = run_together(
        ORDERS,
        lambda n: limits.use(member_id=member.pk, wants=[(sku.pk, 1)], reference=f"order:{n}"),
        pass_number=True,
    )
    assert (len(outcome.results), len(outcome.of(LimitExceeded))) == (3, ORDERS - 3)
    assert sum(use.quantity for use in PromotionUse.objects.all()) == 3


def test_control_counting_without_the_tally_breaks_the_limit():
    sku, member = a_sku(), a_shopper()
    limit = a_limit(sku, 3)
    meeting = Meeting(ORDERS)

    def use_carelessly(number: int) -> None:
        with transaction.atomic():
            limits.check(member_id=member.pk, wants=[(sku.pk, 1)])
            meeting.wait()
            PromotionUse.objects.create(
                rule=limit.rule,
                member=member,
                reference=f"order:{number}",
                quantity=1,
                created_at=clock.now(),
            )

    run_together(ORDERS, use_carelessly, pass_number=True)
    assert limit_facts.used_by([limit], member.pk, clock.now())[limit.pk] > 3


def one_piece(sku, rule: str) -> list[limited.Taken]:
    return [limited.Taken(rule, sku.pk, 1, Decimal("5.00"))]


def test_a_limited_quota_is_never_oversold_and_given_back_pieces_are_sold_again():
    sku, buyers = a_sku(), [a_shopper() for _ in range(20)]
    discount = a_discount((sku, "5.00"), quota=7)
    take = one_piece(sku, discount.rule)

    def buy(number: int) -> None:
        limited.use(member_id=buyers[number].pk, reference=f"order:{number}", taken=take)

    outcome = run_together(20, buy, pass_number=True)
    assert (len(outcome.results), len(outcome.of(LimitedGone))) == (7, 13)
    assert LimitedPrice.objects.get().taken_count == 7
    holders = list(PromotionUse.objects.filter(released_at=None).values_list("reference", flat=True)[:3])
    run_together(6, lambda n: limited.release(reference=holders[n % 3]), pass_number=True)
    assert LimitedPrice.objects.get().taken_count == 4, "each given back once"
    again = run_together(
        10,
        lambda n: limited.use(member_id=buyers[n].pk, reference=f"order:again-{n}", taken=take),
        pass_number=True,
    )
    assert len(again.results) == 3
    assert not [invariant.id for invariant in INVARIANTS if invariant.broken()]


def test_control_reading_the_quota_first_oversells_it_up_to_the_constraint():
    sku = a_sku()
    a_discount((sku, "5.00"), quota=1)
    meeting = Meeting(ORDERS)

    def take_carelessly() -> None:
        with transaction.atomic():
            price = LimitedPrice.objects.get()
            if price.taken_count + 1 > (price.quota or 0):
                raise LimitedGone(sku_id=sku.pk)
            meeting.wait()
            price.taken_count += 1
            price.save()

    outcome = run_together(ORDERS, take_carelessly)
    assert len(outcome.results) > 1, "everybody believes to have the last piece"


def test_double_taps_of_one_member_stay_within_the_limited_discounts_bound():
    sku, member = a_sku(), a_shopper()
    discount = a_discount((sku, "5.00"), quota=50, per_member=2)
    take = one_piece(sku, discount.rule)
    outcome = run_together(
        ORDERS,
        lambda n: limited.use(member_id=member.pk, reference=f"order:{n}", taken=take),
        pass_number=True,
    )
    assert (len(outcome.results), len(outcome.of(LimitedUsed))) == (2, ORDERS - 2)
    assert LimitedPrice.objects.get().taken_count == 2
