"""An order in plain words: the headline with the time that matters, what to do next, the pickup."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from orders import policies
from orders.models import Order, Pickup
from orders.selectors import nudges
from orders.selectors.orders import OrderPage
from orders.terms import CloseReason, DeliveryMode, PickupStatus, ShopperStateCode
from shop.core import clock

SIGNS = {
    ShopperStateCode.TO_PAY: "wallet",
    ShopperStateCode.IN_REVIEW: "clock",
    ShopperStateCode.TO_SHIP: "box",
    ShopperStateCode.PART_SHIPPED: "box",
    ShopperStateCode.TO_RECEIVE: "truck",
    ShopperStateCode.TO_PICK_UP: "store",
    ShopperStateCode.REFUNDING: "refund",
    ShopperStateCode.COMPLETED: "done",
    ShopperStateCode.CLOSED: "close",
}
TONES = {
    ShopperStateCode.TO_PAY: "brand",
    ShopperStateCode.COMPLETED: "leaf",
    ShopperStateCode.CLOSED: "ink-2",
    ShopperStateCode.REFUNDING: "amber",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """`until` is the instant a countdown runs to."""

    words: str
    detail: str
    sign: str
    is_quiet: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownPickup:
    """`shown_code` is the code in groups of four."""

    code: str
    shown_code: str
    is_waiting: bool
    place_name: str
    place_address: str
    place_phone: str
    slot_words: str
    contact_name: str


def headline(page: OrderPage) -> Headline:
    code = page.state.code
    is_quiet = code in (ShopperStateCode.CLOSED, ShopperStateCode.COMPLETED)
    until = page.order.expires_at if code == ShopperStateCode.TO_PAY else None
    return Headline(page.state.label, _detail(page), SIGNS[code], is_quiet, until)


def next_words(order: Order) -> str:
    """What comes after the payment."""
    if order.delivery_mode == DeliveryMode.PICKUP:
        return _("We get it ready now. Show the code in the store.")
    return _("We pack it now and tell you here as soon as it leaves.")


def pickup(found: Pickup | None) -> ShownPickup | None:
    if found is None:
        return None
    return ShownPickup(
        code=found.code,
        shown_code=" ".join(found.code[start : start + 4] for start in range(0, len(found.code), 4)),
        is_waiting=found.status == PickupStatus.WAITING,
        place_name=found.place.name,
        place_address=found.place.address,
        place_phone=found.place.phone,
        slot_words=slot_words(found.slot_start, found.slot_end),
        contact_name=found.contact_name,
    )


def slot_words(start: datetime | None, end: datetime | None) -> str:
    """`11-21 18:00–20:00`, local time."""
    if start is None or end is None:
        return ""
    begins, ends = start.astimezone(clock.SHANGHAI), end.astimezone(clock.SHANGHAI)
    return f"{begins:%m-%d %H:%M}–{ends:%H:%M}"


def cancel_words(order: Order, state: ShopperStateCode) -> tuple[str, str]:
    """What cancelling does, and the button's words."""
    if state == ShopperStateCode.TO_PAY:
        return _("Nothing was charged. The goods go back on the shelf."), _("Cancel the order")
    words = _("{amount} goes back to your WeChat, usually within minutes; a bank card takes up to 3 days.")
    return words.format(amount=f"¥{order.paid_amount - order.refunded_amount:.2f}"), _(
        "Cancel and get the money back"
    )


def asked(order: Order) -> str:
    """That the shop has been asked to ship, and from when on it can be asked again; empty before that."""
    again_at = nudges.again_at(order)
    if order.nudged_at is None or again_at is None:
        return ""
    asked_at, next_at = (moment.astimezone(clock.SHANGHAI) for moment in (order.nudged_at, again_at))
    return _("You asked on {asked}. The shop has seen it; you can ask again from {again}.").format(
        asked=f"{asked_at:%m-%d %H:%M}", again=f"{next_at:%m-%d %H:%M}"
    )


def extended(order: Order) -> str:
    """Until when a shopper who asked for more time has it; empty before that."""
    if order.extended_at is None or order.auto_confirm_at is None:
        return ""
    until = order.auto_confirm_at.astimezone(clock.SHANGHAI)
    return _("You have time until {until}. It was extended once already.").format(
        until=f"{until:%m-%d %H:%M}"
    )


def _detail(page: OrderPage) -> str:
    order, code = page.order, page.state.code
    if code == ShopperStateCode.TO_PAY:
        return _("The goods are kept for you. Time left:")
    if code == ShopperStateCode.TO_PICK_UP:
        slot = slot_words(order.slot_start, order.slot_end)
        return _("Ready for you at {place}, {slot}").format(
            place=order.place.name if order.place else "", slot=slot
        )
    if code in (ShopperStateCode.TO_SHIP, ShopperStateCode.PART_SHIPPED):
        hours = min((line.promised_ship_hours for line in page.lines), default=48)
        return _("It leaves us within {hours} hours of payment.").format(hours=hours)
    if code == ShopperStateCode.TO_RECEIVE and order.auto_confirm_at:
        day = order.auto_confirm_at.astimezone(clock.SHANGHAI)
        return _("On its way. We take it as received on {day}.").format(day=f"{day:%m-%d}")
    if code == ShopperStateCode.REFUNDING:
        return _("The money is on its way back to where it came from.")
    if code == ShopperStateCode.COMPLETED:
        return _("Thank you. Points for it are in your account.")
    if code == ShopperStateCode.IN_REVIEW:
        return _("We look at it once more before it leaves.")
    return _closed_words(order)


def _closed_words(order: Order) -> str:
    minutes = policies.PAYMENT_MINUTES.get()
    return {
        CloseReason.EXPIRED: _(
            "It wasn't paid within {minutes} minutes, so the goods are free again."
        ).format(minutes=minutes),
        CloseReason.CANCELLED_BY_SHOPPER: _("You cancelled it."),
        CloseReason.CANCELLED_BY_STAFF: _("The shop cancelled it."),
        CloseReason.REFUNDED: _("The money is back where it came from."),
    }.get(order.close_reason, "")  # type: ignore[call-overload]
