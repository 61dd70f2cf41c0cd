"""What follows when two accounts become one: orders, coupons, limits, favourites; and what goes back."""

import pytest

from catalog.models import Favourite
from marketing.models import CouponGrant, PromotionUse
from marketing.services import coupons
from members.errors import JoinedAgain
from members.models import Member, MemberMerge, User
from members.selectors import points as book
from members.services import merging, people, points, wechat
from orders.models import Basket
from orders.selectors import rewards
from orders.services import baskets, closing
from shop.core import clock, outbox
from shop.core.errors import NotFound
from tests import books
from tests.factories import members as make
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_coupon
from tests.factories.orders import STAFF, paid, pay, place, received

pytestmark = pytest.mark.django_db

PROOFS = ("wechat:1", "phone_code:1")


@pytest.fixture
def pair() -> tuple[Member, Member]:
    """The second came by WeChat and has bought before a number was asked for."""
    return make.member(), people.member_of(wechat.sign_in(app_id="wx", openid="o1"))


def _without_number(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(phone_cipher=None, phone_hash=None, phone_tail="")


def _with_number(member: Member) -> Member:
    member.user.put_phone(make.phone())
    member.user.save()
    return member


def test_orders_coupons_favourites_and_the_basket_follow(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    sku, other = a_sku(price="10.00", stock=9), a_sku(price="5.00", stock=9)
    order = paid({sku: 1}, member=_with_number(gone))
    _without_number(gone)
    template = a_coupon(per_member=3)
    for member in (keep, keep, gone):
        coupons.give(coupon_id=template.pk, member_id=member.pk, source="test")
    for member in (keep, gone):
        Favourite.objects.create(member=member, product=sku.product, created_at=clock.now())
    Favourite.objects.create(member=gone, product=other.product, created_at=clock.now())
    baskets.add(basket=baskets.of(member=gone), sku_id=sku.pk, quantity=2)
    baskets.add(basket=baskets.of(member=keep), sku_id=sku.pk, quantity=1)
    record = merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    outbox.drain_all()
    order.refresh_from_db()
    assert order.member == keep
    numbers = CouponGrant.objects.filter(member=keep).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert not PromotionUse.objects.filter(member=gone).exists()
    assert set(Favourite.objects.filter(member=keep).values_list("product", flat=True)) == {
        sku.product_id,
        other.product_id,
    }
    assert Basket.objects.get(member=keep).lines.get().quantity == 3
    assert not Basket.objects.filter(member=gone).exists()
    assert books.broken() == []
    merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    outbox.drain_all()
    order.refresh_from_db()
    assert order.member == gone
    assert CouponGrant.objects.get(member=gone).number == 1
    assert CouponGrant.objects.filter(member=keep).count() == 2
    assert books.broken() == []


def test_points_of_an_order_on_its_way_over_are_not_lost(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    order = place(member=_with_number(gone))
    _without_number(gone)
    points.earn(member_id=gone.pk, points=10, source="a")
    merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    points.earn(member_id=gone.pk, points=7, source=order.reference)
    outbox.drain_all()
    assert (book.balance(keep.pk), book.balance(gone.pk)) == (17, 0)
    assert MemberMerge.objects.get().moved["orders"] == [order.pk]


def test_points_of_orders_that_came_along_go_back_with_refunds(
    pair: tuple[Member, Member], bank: type[PaperBank]
) -> None:
    keep, gone = pair
    _with_number(gone)
    points.earn(member_id=gone.pk, points=600, source="a")
    sku = a_sku(price="50.00", stock=9)
    refunded = pay(place({sku: 2}, member=gone, points=300))
    closed = place({sku: 1}, member=gone, points=300)
    had = received({sku: 1}, member=gone)
    _without_number(gone)
    record = merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    outbox.drain_all()
    before = book.balance(keep.pk)
    closing.give_back(order_id=refunded.pk, actor=STAFF, reason="x", quantities={refunded.lines.get().pk: 1})
    outbox.drain_all()
    assert book.balance(keep.pk) == before + 150
    closing.cancel(order_id=closed.pk, actor=STAFF)
    assert book.balance(keep.pk) == before + 450
    assert rewards.points_for(had.goods_due) == before
    assert books.broken() == []
    merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    outbox.drain_all()
    assert books.broken() == []


def test_a_coupon_can_be_claimed_after_two_accounts_were_parted(pair: tuple[Member, Member]) -> None:
    keep, gone = pair
    template = a_coupon(per_member=9)
    for member in (keep, gone):
        coupons.claim(coupon_id=template.pk, member_id=member.pk)
    record = merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    outbox.drain_all()
    assert coupons.claim(coupon_id=template.pk, member_id=keep.pk).number == 3
    merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    outbox.drain_all()
    assert coupons.claim(coupon_id=template.pk, member_id=keep.pk).number == 4
    assert books.broken() == []


def test_what_came_late_goes_back_too_and_nothing_moves_once_they_are_parted(
    pair: tuple[Member, Member],
) -> None:
    keep, gone = pair
    record = merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    points.earn(member_id=gone.pk, points=7, source="late")
    outbox.drain_all()
    assert book.balance(keep.pk) == 7
    merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    assert (book.balance(keep.pk), book.balance(gone.pk)) == (0, 7)
    with pytest.raises(NotFound):
        merging.note(merge_id=record.pk, name="orders", keys=[1])


def test_debts_part_with_their_account_and_the_later_joining_is_undone_first(
    pair: tuple[Member, Member],
) -> None:
    keep, gone = pair
    points.take_back(member_id=gone.pk, points=30, source="refund")
    first = merging.merge(keep=keep, gone=gone, proofs=PROOFS)
    outbox.drain_all()
    assert keep.points_debts.get().remaining == 30
    _without_number(keep)
    second = merging.merge(keep=make.member(), gone=Member.objects.get(pk=keep.pk), proofs=PROOFS)
    outbox.drain_all()
    with pytest.raises(JoinedAgain):
        merging.undo(merge_id=first.pk, actor="user:1", reason="two people")
    for record in (second, first):
        merging.undo(merge_id=record.pk, actor="user:1", reason="two people")
    assert gone.points_debts.get().remaining == 30
    assert not keep.points_debts.exists()
    assert books.broken() == []
