"""Coupons as tickets: what is on them, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketing import wording
from marketing.pricing.facts import Coupon
from marketing.selectors.coupon_cards import NAMED_AT_MOST, CouponCard
from marketing.selectors.coupon_choice import CouponOption
from shop.core import clock, money

ENDS_SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A coupon in words. `state` as of the card; `stamp` says in a word why it can't be used; `help` stands
    below in small, `is_urgent` when it ends soon. `share_taken` is in hundredths."""

    id: int
    grant_id: int | None
    name: str
    worth: str
    condition: str
    scope: str
    validity: str
    state: str
    stamp: str = ""
    is_urgent: bool = False
    share_taken: int | None = None
    short: str = ""
    order_number: str = ""

    @property
    def is_off(self) -> bool:
        return bool(self.stamp)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A coupon at the checkout; `why_not` is empty when it can be used, `rule` leads to what is missing."""

    grant_id: int
    name: str
    worth: str
    condition: str
    validity: str
    off: str
    why_not: str
    is_chosen: bool
    rule: str


def ticket(card: CouponCard) -> Ticket:
    """What stands on a ticket."""
    validity, is_urgent = _validity(card)
    return Ticket(
        id=card.id,
        grant_id=card.grant_id,
        name=card.name,
        worth=wording.coupon_worth(card.kind, card.off, card.rate),
        condition=wording.coupon_condition(card.threshold, card.cap),
        scope=_scope(card),
        validity=validity,
        state=card.state,
        stamp=_stamp(card),
        is_urgent=is_urgent,
        share_taken=card.share_taken,
        short=wording.coupon_short(card.kind, card.threshold, card.off, card.rate),
        order_number=card.reference.removeprefix("order:") if card.reference.startswith("order:") else "",
    )


def choices(options: Sequence[CouponOption], chosen_id: int | None) -> list[ChoiceRow]:
    """The coupons of a member for one basket."""
    return [
        ChoiceRow(
            grant_id=option.grant_id,
            name=option.name,
            worth=_worth(option.coupon),
            condition=wording.coupon_condition(option.coupon.threshold, option.coupon.cap),
            validity=_until(option.valid_until)[0],
            off=money.show(option.off),
            why_not=wording.explain_why_not(option.why_not) if option.why_not else "",
            is_chosen=option.grant_id == chosen_id,
            rule=option.coupon.rule if option.why_not and "missing" in option.why_not.parameters else "",
        )
        for option in options
    ]


def _worth(coupon: Coupon) -> str:
    return wording.coupon_worth(coupon.kind, coupon.off, coupon.rate)


def _scope(card: CouponCard) -> str:
    if card.scope.kind == "all":
        return _("For all goods")
    if not card.scope_names:
        return _("For chosen goods")
    named = _(", ").join(card.scope_names[:NAMED_AT_MOST])
    if len(card.scope_names) > NAMED_AT_MOST:
        return _("For {names} and more").format(names=named)
    return _("For {names}").format(names=named)


def _validity(card: CouponCard) -> tuple[str, bool]:
    if card.state == "waiting" and card.valid_from:
        return _("From {day} on").format(day=_day(card.valid_from)), False
    if card.opens_at:
        return _("To claim from {day}").format(day=_day(card.opens_at)), False
    if card.valid_until:
        return _until(card.valid_until)
    days = card.valid_days or 0
    words = ngettext("Valid for {days} day once claimed", "Valid for {days} days once claimed", days)
    return words.format(days=days), False


def _until(end: datetime) -> tuple[str, bool]:
    left = end - clock.page_now()
    if timedelta(0) < left < timedelta(days=1):
        return _("Ends {day}").format(day=_day(end)), True
    if timedelta(0) < left < ENDS_SOON:
        days = -(-left // timedelta(days=1))
        return ngettext("{days} day left", "{days} days left", days).format(days=days), True
    return _("Until {day}").format(day=_day(end)), False


def _day(moment: datetime) -> str:
    return date_format(moment.astimezone(clock.SHANGHAI), "n-j H:i")


def _stamp(card: CouponCard) -> str:
    return {
        "gone": _("All gone"),
        "held": _("In an order"),
        "used": _("Used"),
        "expired": _("Expired"),
        "revoked": _("Taken back"),
    }.get(card.state, "")
