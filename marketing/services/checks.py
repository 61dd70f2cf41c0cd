"""Whether a merchant's rule can work. Each refusal names the field and says what to change."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from marketing import terms, wording
from marketing.errors import RuleUnsound
from marketing.policies import MEMBER_GAP
from shop.core.money import ZERO, yuan


def window(starts_at: datetime, ends_at: datetime | None) -> None:
    """An end lies after the start. Raises RuleUnsound, as all checks here."""
    if ends_at is not None and ends_at <= starts_at:
        _no("ends_at", _("The end must be later than the start."))


def limited_window(starts_at: datetime, ends_at: datetime | None) -> None:
    """A limited-time discount says when it ends."""
    if ends_at is None:
        _no("ends_at", _("A limited-time discount needs an end: shoppers see the time that is left."))
    window(starts_at, ends_at)


def limited_prices(rows: Sequence[tuple[str, Decimal, Decimal, int | None, int]]) -> None:
    """(SKU, list price, price, quota, pieces taken): at least one, each once and below its list price, no
    quota below what is taken."""
    if not rows:
        _no("prices", _("Add at least one SKU."))
    named = [sku for sku, *_rest in rows]
    for sku, list_price, price, quota, taken in rows:
        if named.count(sku) > 1:
            _no("prices", _("{sku} is there twice.").format(sku=sku))
        if price <= 0 or price >= list_price:
            _no(
                "prices",
                _("{sku}: the price must be below the list price {list_price}.").format(
                    sku=sku, list_price=wording.yuan(list_price)
                ),
            )
        if quota is not None and quota < max(1, taken):
            _no(
                "prices",
                _("{sku}: at least {count} pieces, as many as are taken.").format(
                    sku=sku, count=max(1, taken)
                ),
            )


def limited_stays(sku: str, *, taken: int, stays: bool) -> None:
    """A price at which pieces were taken counts them, so it stays until they all came back."""
    if taken and not stays:
        detail = _("{sku}: {count} pieces are taken. Set the pieces to {count} instead of removing it.")
        _no("prices", detail.format(sku=sku, count=taken))


def scope(kind: str, chosen: dict[str, Any]) -> None:
    """A rule about chosen goods names some; `chosen` maps the field of each kind to what was chosen."""
    if kind != terms.ScopeKind.ALL and not chosen[kind]:
        _no(kind, _("Choose at least one, or let the rule apply to all goods."))


def rate(value: Decimal, field: str = "rate") -> None:
    """A price factor takes something off, but never more than nine tenths."""
    if not terms.LOWEST_RATE <= value < 1:
        _no(field, _("A price factor lies between 0.1 and 1: 0.9 means 90% of the price."))


def tier_steps(steps: Sequence[tuple[int, Decimal]]) -> None:
    """(pieces, factor): at least one step, more pieces always cost less each."""
    _count(steps)
    for _pieces, factor in steps:
        rate(factor, "steps")
    for (fewer, dearer), (more, cheaper) in _neighbours(steps, _("Two steps begin at {first} pieces.")):
        if cheaper >= dearer:
            _no(
                "steps",
                _("From {more} pieces the factor must be lower than {factor}, the one from {fewer}.").format(
                    more=more, factor=f"{dearer.normalize():f}", fewer=fewer
                ),
            )


def reduction_steps(steps: Sequence[tuple[Decimal, Decimal]], *, is_cumulative: bool) -> None:
    """(threshold, off): at least one step, none above its threshold, higher thresholds take more off."""
    _count(steps)
    if is_cumulative and len(steps) > 1:
        _no("steps", _("A rule for every multiple has one step only."))
    for threshold, off in steps:
        if threshold <= 0 or off <= 0:
            _no("steps", _("Threshold and reduction must be more than 0."))
        if off > threshold:
            _no(
                "steps",
                _("{off} off from {threshold} would be more than the goods cost.").format(
                    off=wording.yuan(off), threshold=wording.yuan(threshold)
                ),
            )
    for (low, less), (high, more) in _neighbours(steps, _("Two steps begin at ¥{first}.")):
        if more <= less:
            _no(
                "steps",
                _("From {high} more than {less} must be taken off, the reduction from {low}.").format(
                    high=wording.yuan(high), less=wording.yuan(less), low=wording.yuan(low)
                ),
            )


def level_rate(value: Decimal) -> None:
    """A member price is lower than the normal price by the gap the policy asks for."""
    rate(value)
    most = 1 - MEMBER_GAP.get()
    if value > most:
        _no(
            "rate",
            _("At most {most}: members must notice the difference.").format(most=f"{most.normalize():f}"),
        )


def sku_level_price(list_price: Decimal, price: Decimal) -> None:
    """As `level_rate`, for the price of one SKU."""
    if price <= 0:
        _no("price", _("The price must be more than 0."))
    most = yuan(list_price * (1 - MEMBER_GAP.get()))
    if price > most:
        _no(
            "price",
            _("At most {most}: the normal price is {normal}.").format(
                most=wording.yuan(most), normal=wording.yuan(list_price)
            ),
        )


def bundle(parts: Sequence[tuple[Decimal, int]], price: Decimal) -> None:
    """(list price, pieces): at least two pieces, and together they cost more than the bundle."""
    if sum(pieces for _price, pieces in parts) < 2:
        _no("parts", _("A bundle has at least two pieces."))
    normal = sum((list_price * pieces for list_price, pieces in parts), ZERO)
    if price >= normal:
        _no(
            "parts",
            _("One by one these goods cost {normal}: the bundle must cost less.").format(
                normal=wording.yuan(normal)
            ),
        )


def limit(product: object, sku: object) -> None:
    """A limit is about a product or about one SKU."""
    if (product is None) == (sku is None):
        _no("product", _("Choose either a product or a SKU."))


def coupon(
    *,
    kind: str,
    threshold: Decimal,
    off: Decimal | None,
    rate_paid: Decimal | None,
    cap: Decimal | None,
    valid_from: datetime | None,
    valid_until: datetime | None,
    valid_days: int | None,
    claim_from: datetime | None,
    claim_until: datetime | None,
    total_count: int | None,
    issued_count: int,
) -> None:
    """A coupon has the value its kind needs, an end, and copies enough for what was handed out."""
    if threshold < 0:
        _no("threshold", _("The threshold must not be negative."))
    if kind == terms.CouponKind.FIXED:
        if not off or off <= 0:
            _no("off", _("Say how many yuan the coupon takes off."))
        if threshold and off > threshold:
            _no("off", _("The coupon must not take off more than its threshold."))
    if kind == terms.CouponKind.PERCENT:
        if rate_paid is None:
            _no("rate", _("Say which share of the price is paid: 0.9 means 90%."))
        rate(rate_paid)
        if cap is not None and cap <= 0:
            _no("cap", _("Leave the cap empty or set it above 0."))
    if (valid_until is None) == (not valid_days):
        _no("valid_days", _("Give either a fixed end or a number of days."))
    if valid_from and valid_until and valid_until <= valid_from:
        _no("valid_until", _("The end must be later than the start."))
    if claim_from and claim_until and claim_until <= claim_from:
        _no("claim_until", _("The end must be later than the start."))
    if total_count is not None and total_count < issued_count:
        _no("total_count", _("{count} have been handed out already.").format(count=issued_count))


def _count(steps: Sequence[Any]) -> None:
    if not steps:
        _no("steps", _("Add at least one step."))
    if len(steps) > terms.STEPS_AT_MOST:
        _no("steps", _("At most {count} steps.").format(count=terms.STEPS_AT_MOST))


def _neighbours(
    steps: Sequence[tuple[Any, Any]], twice: str
) -> list[tuple[tuple[Any, Any], tuple[Any, Any]]]:
    """Steps beside each other, from the lowest up; `twice` is said of two that begin alike."""
    ordered = sorted(steps)
    pairs = list(pairwise(ordered))
    for low, high in pairs:
        if low[0] == high[0]:
            _no("steps", twice.format(first=low[0]))
    return pairs


def _no(field: str, detail: str) -> NoReturn:
    raise RuleUnsound(field=field, detail=detail)
