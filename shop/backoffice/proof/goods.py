"""Promises about goods and coupons: what there is once is sold once."""

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import StockLevel
from marketing.services import coupons
from orders.models import Order, OrderLine
from shop.backoffice.proof import crowd, shopping
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town
from shop.core import money

BUYERS = 50
CARTS = 10


def last_piece(town: Town, *, buyers: int = BUYERS) -> Scene:
    """So many buyers press "submit order" for the last piece in the same moment."""
    sku = town.product("最后一箱橙子", price="39.90", stocked=1, objects="1f34a")
    first = shopping.wish(town.member(), {sku.pk: 1})
    wishes = [first] + [
        shopping.wish(town.member(), {sku.pk: 1}, digest=first.digest) for _number in range(buyers - 1)
    ]
    outcome = crowd.together([one.place for one in wishes])
    sold = Order.objects.filter(lines__sku=sku).distinct().count()
    level = StockLevel.objects.get(sku=sku)
    return Scene(
        title=_("{count} buyers, one piece").format(count=buyers),
        done=_("{count} people press “Submit order” for the last piece in the same moment.").format(
            count=buyers
        ),
        expected=_("One gets it. The others are told that it is sold out. Stock never goes below zero."),
        came=_(
            "{sold} got it, {refused} were told no, {crashed} saw an error. "
            "In stock {on_hand}, promised to orders {reserved}."
        ).format(
            sold=sold,
            refused=len(outcome.refusals),
            crashed=len(outcome.failures),
            on_hand=level.on_hand,
            reserved=level.reserved,
        ),
        is_kept=(sold, len(outcome.results), level.reserved, level.on_hand) == (1, 1, 1, 1)
        and len(outcome.refusals) == buyers - 1,
    )


def one_coupon(town: Town, *, carts: int = CARTS) -> Scene:
    """One coupon, used in so many carts of its owner in the same moment."""
    member = town.member()
    grant = coupons.claim(coupon_id=town.coupon().pk, member_id=member.pk)
    goods = [
        town.product(f"礼盒 {n + 1} 号", price="60.00", stocked=5, objects="1f381") for n in range(carts)
    ]
    wishes = [shopping.wish(member, {sku.pk: 1}, coupon_grant_id=grant.pk) for sku in goods]
    outcome = crowd.together([one.place for one in wishes])
    grant.refresh_from_db()
    with_coupon = Order.objects.filter(coupon_grant_id=grant.pk).count()
    bought = OrderLine.objects.filter(sku__in=goods).count()
    off = money.show(sum((_off(order) for order in outcome.results), money.ZERO))
    return Scene(
        title=_("One coupon in {count} carts").format(count=carts),
        done=_(
            "A member has one ¥8 coupon and submits {count} orders with it in the same moment, "
            "as from many phones."
        ).format(count=carts),
        expected=_("One order gets the ¥8. The others are refused, not sold at another price than shown."),
        came=_(
            "{used} order got the coupon, {refused} were told no, {crashed} saw an error; {off} given away."
        ).format(used=with_coupon, refused=len(outcome.refusals), crashed=len(outcome.failures), off=off),
        is_kept=(with_coupon, bought, len(outcome.refusals)) == (1, 1, carts - 1) and grant.status == "held",
    )


def _off(order: Order) -> Decimal:
    rows = [share for line in order.lines.all() for share in line.shares if share["lane"] == "coupon"]
    return sum((abs(Decimal(share["amount"])) for share in rows), money.ZERO)
