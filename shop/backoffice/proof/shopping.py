"""Wishes and orders made the way shoppers make them: previewed, then placed at the price seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from members.models import Address, Member
from orders.models import Order
from orders.services import checkout
from orders.services.destinations import Delivery
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode, Source
from shop.core import numbers


@dataclass(frozen=True, slots=True)
class Wish:
    """A checkout page that has been looked at: `place` is the press of its button."""

    member: Member
    wants: tuple[LineRequest, ...]
    delivery: Delivery
    digest: str
    key: str
    coupon_grant_id: int | None = None

    def place(self) -> Order:
        """Raises what checkout.place raises."""
        return checkout.place(
            member=self.member,
            wants=self.wants,
            delivery=self.delivery,
            digest=self.digest,
            key=self.key,
            coupon_grant_id=self.coupon_grant_id,
            source=Source.DIRECT,
        )


def wish(
    member: Member, pieces: Mapping[int, int], *, coupon_grant_id: int | None = None, digest: str = ""
) -> Wish:
    """`pieces` by SKU, sent to the member's default address. Raises what checkout.preview raises."""
    address = Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "pk").first()
    delivery = Delivery(mode=DeliveryMode.EXPRESS, address_id=address.pk if address else None)
    wants = tuple(LineRequest(sku_id, quantity) for sku_id, quantity in pieces.items())
    if not digest:
        digest = checkout.preview(
            member=member, wants=wants, delivery=delivery, coupon_grant_id=coupon_grant_id
        ).digest
    return Wish(member, wants, delivery, digest, numbers.token(), coupon_grant_id)


def order(member: Member, pieces: Mapping[int, int], *, coupon_grant_id: int | None = None) -> Order:
    return wish(member, pieces, coupon_grant_id=coupon_grant_id).place()
