"""A coupon's life: handed out, held, spent, given back, expired, taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from marketing.errors import CouponExpired, CouponGone, CouponSpent, CouponTaken
from marketing.events import CouponGranted
from marketing.invariants import INVARIANTS
from marketing.models import Coupon, CouponGrant, PromotionUse
from marketing.services import coupons
from marketing.terms import CouponKind, GrantStatus
from shop.core import clock
from shop.core.errors import IllegalMove, NotFound
from shop.core.models import OutboxEvent
from tests.factories.marketing import a_coupon, a_grant, a_shopper

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [invariant.id for invariant in INVARIANTS if invariant.broken()]


def test_a_copy_is_claimed_once_a_member_and_announced():
    member, coupon = a_shopper(), a_coupon(total_count=10)
    grant = coupons.claim(coupon_id=coupon.pk, member_id=member.pk)
    assert (grant.status, grant.number, grant.valid_until - grant.valid_from) == (
        GrantStatus.AVAILABLE,
        1,
        timedelta(days=7),
    )
    assert OutboxEvent.objects.filter(topic=CouponGranted.topic, payload={"grant_id": grant.pk}).exists()
    with pytest.raises(CouponTaken):
        coupons.claim(coupon_id=coupon.pk, member_id=member.pk)
    coupon.refresh_from_db()
    assert coupon.issued_count == 1
    assert not broken()


def test_the_last_copy_is_the_last():
    coupon = a_coupon(total_count=1)
    coupons.claim(coupon_id=coupon.pk, member_id=a_shopper().pk)
    with pytest.raises(CouponGone):
        coupons.claim(coupon_id=coupon.pk, member_id=a_shopper().pk)
    assert not broken()


def test_a_coupon_is_claimed_in_its_time_only_but_staff_may_give_it():
    now, member = clock.now(), a_shopper()
    early = a_coupon(claim_from=now + timedelta(days=1))
    late = a_coupon(claim_until=now - timedelta(days=1))
    off = a_coupon(is_active=False)
    over = a_coupon(valid_until=now - timedelta(days=1))
    for coupon in (early, late, off, over):
        with pytest.raises(CouponGone):
            coupons.claim(coupon_id=coupon.pk, member_id=member.pk)
    assert coupons.give(coupon_id=early.pk, member_id=member.pk, source="staff").source == "staff"
    for coupon in (off, over):
        with pytest.raises(CouponGone):
            coupons.give(coupon_id=coupon.pk, member_id=member.pk, source="staff")
    with pytest.raises(NotFound):
        coupons.claim(coupon_id=0, member_id=member.pk)


def test_a_held_coupon_is_held_by_one_order():
    member = a_shopper()
    grant = a_grant(member)
    hold = {"grant_id": grant.pk, "member_id": member.pk}
    coupons.hold(**hold, reference="order:1", amount=Decimal("5.00"))
    coupons.hold(**hold, reference="order:1")
    with pytest.raises(CouponSpent):
        coupons.hold(**hold, reference="order:2")
    grant.refresh_from_db()
    assert (grant.status, grant.reference) == (GrantStatus.HELD, "order:1")
    use = PromotionUse.objects.get()
    assert (use.rule, use.amount, use.released_at) == (grant.rule, Decimal("5.00"), None)
    assert not broken()


def test_a_strangers_coupon_does_not_exist():
    with pytest.raises(NotFound):
        coupons.hold(grant_id=a_grant(a_shopper()).pk, member_id=a_shopper().pk, reference="order:1")


def test_validity_is_checked_again_when_the_order_takes_it():
    member = a_shopper()
    grant = a_grant(member)
    with clock.shifted(timedelta(days=8)), pytest.raises(CouponExpired):
        coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:1")


def test_a_closed_order_gives_its_coupon_back_held_or_spent():
    member = a_shopper()
    grant = a_grant(member)
    for number, is_paid in enumerate((False, True)):
        reference = f"order:{number}"
        coupons.hold(grant_id=grant.pk, member_id=member.pk, reference=reference)
        if is_paid:
            coupons.spend(reference=reference)
            coupons.spend(reference=reference)
            assert CouponGrant.objects.get().status == GrantStatus.USED
        coupons.release(reference=reference)
        coupons.release(reference=reference)
        grant.refresh_from_db()
        assert (grant.status, grant.reference) == (GrantStatus.AVAILABLE, "")
    assert not PromotionUse.objects.filter(released_at=None).exists()
    moves = [(row.from_status, row.to_status) for row in grant.transitions.all()]
    assert moves == [
        ("available", "held"),
        ("held", "available"),
        ("available", "held"),
        ("held", "used"),
        ("used", "available"),
    ]
    assert not broken()


def test_expired_copies_end_at_the_scan_but_held_ones_wait():
    member = a_shopper()
    idle, held = a_grant(member), a_grant(member)
    coupons.hold(grant_id=held.pk, member_id=member.pk, reference="order:1")
    assert coupons.expire_due() == 0
    with clock.shifted(timedelta(days=8)):
        assert coupons.expire_due() == 1
        coupons.release(reference="order:1")
        assert coupons.expire_due() == 1
    assert set(CouponGrant.objects.values_list("status", flat=True)) == {GrantStatus.EXPIRED}
    assert idle.transitions.get().to_status == "expired"


def test_staff_take_back_what_nobody_holds():
    member = a_shopper()
    grant = a_grant(member)
    coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:1")
    with pytest.raises(IllegalMove):
        coupons.revoke(grant_id=grant.pk, actor="user:1", reason="误发")
    coupons.release(reference="order:1")
    coupons.revoke(grant_id=grant.pk, actor="user:1", reason="误发")
    with pytest.raises(CouponGone):
        coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:2")


def refused_by_the_database(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_the_database_holds_what_the_services_promise():
    member = a_shopper()
    coupon = a_coupon(total_count=1)
    grant = a_grant(member, coupon)
    coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:1")
    again = {"rule": grant.rule, "member": member, "grant": grant, "created_at": clock.now()}
    grants, mine = CouponGrant.objects.filter(pk=grant.pk), Coupon.objects.filter(pk=coupon.pk)
    for change in (
        lambda: PromotionUse.objects.create(**again, reference="order:2"),
        lambda: mine.update(issued_count=2),
        lambda: mine.update(kind=CouponKind.PERCENT),
        lambda: mine.update(kind=CouponKind.PERCENT, off=None),
        lambda: mine.update(off=None),
        lambda: mine.update(valid_days=None),
        lambda: grants.update(status="lost"),
        lambda: grants.update(reference=""),
        lambda: CouponGrant.objects.create(
            coupon=coupon,
            member=member,
            number=1,
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            created_at=grant.created_at,
        ),
    ):
        assert refused_by_the_database(change)


def test_invariants_see_what_is_wrong():
    member = a_shopper()
    grant = a_grant(member)
    coupons.hold(grant_id=grant.pk, member_id=member.pk, reference="order:1")
    assert not broken()
    PromotionUse.objects.update(released_at=clock.now())
    assert broken() == ["CP1"]
    PromotionUse.objects.update(released_at=None, reference="order:2")
    assert broken() == ["CP1"]
    PromotionUse.objects.update(reference="order:1", rule="coupon:0")
    assert broken() == ["MK1"]
    PromotionUse.objects.update(rule=grant.rule)
    Coupon.objects.update(issued_count=0)
    assert broken() == ["CP2"]
