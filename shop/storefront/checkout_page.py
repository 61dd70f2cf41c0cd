"""The checkout page's words and marks, from what the trade says about it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Place
from catalog.selectors import places
from marketing.policies import POINTS_CAP
from members.models import Member
from orders import policies
from orders.selectors import baskets
from orders.services.checkout import CheckoutLine, CheckoutPage
from orders.terms import DeliveryMode
from shop.core import clock, money
from shop.storefront import coupon_words, gathering, ledgers

ALL_POINTS = "all"
NO_COUPON = "none"
HINTS_SHOWN = 2
UNSEEN: dict[str, Any] = {"due": "", "freight": "", "lines": {}}


def context(member: Member, page: CheckoutPage, given: Mapping[str, str]) -> dict[str, Any]:
    """Everything the template shows."""
    quote = page.quote
    why_not = _why_not(page)
    return {
        "page": page,
        "key": page.key,
        "quote": quote,
        "mode": page.delivery.mode,
        "address": page.address,
        "place": page.store,
        "stores": page.stores,
        "days": _days(page.store, given.get("slot", "")) if page.store else [],
        "chosen_slot": given.get("slot", ""),
        "contact_name": given.get("contact_name", "") or _contact(member, page),
        "contact_phone": given.get("contact_phone", ""),
        "own_phone": member.user.masked_phone,
        "lines": [_line(page, line) for line in page.lines],
        "troubles": [trouble.message_text for trouble in page.troubles],
        "coupons": _coupons(page),
        "hints": [] if given.get("sku") else gathering.hint_links(quote)[:HINTS_SHOWN],
        "gathers": not given.get("sku"),
        "points": _points(page),
        "note": given.get("note", ""),
        "ledger": ledgers.of_quote(quote) if quote else None,
        "seen": _seen(page),
        "undertaking": _fresh_words(page),
        "payment_minutes": policies.PAYMENT_MINUTES.get(),
        "can_submit": not why_not,
        "why_not": why_not,
    }


def settled(page: CheckoutPage) -> dict[str, str]:
    """What the page was priced with, for the order to be placed with: which coupon, how many points."""
    points = page.quote.points_used if page.quote else 0
    chosen = {"coupon": str(page.coupon_grant_id or NO_COUPON)}
    return chosen | ({"points": str(points)} if points else {})


def changes(page: CheckoutPage, seen: str) -> list[str]:
    """In plain words, what differs from the page the shopper saw (`seen` is what that page wrote down)."""
    try:
        before = {**UNSEEN, **json.loads(seen or "{}")}
        lines = {
            str(key): (str(title), str(price), int(count))
            for key, (title, price, count) in before["lines"].items()
        }
    except (ValueError, TypeError, AttributeError):
        return []
    if not lines or page.quote is None:
        return []
    said = []
    now = {str(line.price.sku_id): line for line in page.lines}
    for key, (title, price, _count) in lines.items():
        line = now.get(key)
        if line is None:
            said.append(_("“{title}” can't be bought any more and was left out.").format(title=title))
        elif str(line.price.unit_price) != price:
            said.append(
                _("“{title}” cost ¥{before} and now costs {after}.").format(
                    title=title, before=price, after=money.show(line.price.unit_price)
                )
            )
    if str(page.quote.freight_due) != before["freight"]:
        said.append(_("Delivery costs {amount} now.").format(amount=money.show(page.quote.freight_due)))
    if before["due"] and str(page.quote.due) != before["due"]:
        said.append(
            _("The total was ¥{before} and is {after} now.").format(
                before=before["due"], after=money.show(page.quote.due)
            )
        )
    return said


def title_of(page: CheckoutPage, sku_id: object) -> str:
    """The title of a line on the page, or empty."""
    return next((line.fact.title for line in page.lines if line.fact.id == sku_id), "")


def _seen(page: CheckoutPage) -> str:
    if page.quote is None:
        return ""
    lines = {
        str(line.price.sku_id): [line.fact.title, str(line.price.unit_price), line.price.quantity]
        for line in page.lines
    }
    return json.dumps(
        {"due": str(page.quote.due), "freight": str(page.quote.freight_due), "lines": lines},
        ensure_ascii=False,
    )


def _line(page: CheckoutPage, line: CheckoutLine) -> dict[str, Any]:
    fact = line.fact
    problem = ""
    if line.is_short:
        few = _("Only {count} left here").format(count=fact.available)
        problem = baskets.short_words(line.contents, line.price.quantity, few)
    promise = ""
    if page.delivery.mode == DeliveryMode.EXPRESS:
        promise = _("Leaves us within {hours} hours").format(hours=fact.promised_ship_hours)
    return {
        "fact": fact,
        "price": line.price,
        "inside": baskets.inside_words(line.contents),
        "badges": ledgers.line_words(page.quote, line.price.key),
        "promise": promise,
        "problem": problem,
    }


def _days(store: Place, chosen: str) -> list[dict[str, Any]]:
    """The days that can be booked; the one with the chosen slot is open, else the first."""
    today = clock.business_day(clock.page_now())
    found = []
    for day, slots in places.days(store):
        named = _("Today") if day == today else formats.date_format(day, "n-j D")
        shown = [_slot(start, end) for start, end in slots]
        holds = any(slot["value"] == chosen for slot in shown)
        found.append({"label": named, "slots": shown, "is_open": holds})
    if found and not any(day["is_open"] for day in found):
        found[0]["is_open"] = True
    return found


def _slot(start: datetime, end: datetime) -> dict[str, str]:
    begins, ends = start.astimezone(clock.SHANGHAI), end.astimezone(clock.SHANGHAI)
    return {
        "value": f"{start.isoformat()}/{end.isoformat()}",
        "label": f"{begins:%H:%M}–{ends:%H:%M}",
    }


def _contact(member: Member, page: CheckoutPage) -> str:
    first = page.addresses[0].recipient if page.addresses else ""
    return member.user.display_name or first


def _coupons(page: CheckoutPage) -> dict[str, Any] | None:
    """The member's coupons: the chosen one in a line, all of them to choose from."""
    rows = coupon_words.choices(page.coupons, page.coupon_grant_id)
    if not rows:
        return None
    usable = [row for row in rows if not row.why_not]
    chosen = next((row for row in rows if row.is_chosen), None)
    if chosen and not chosen.why_not:
        words = _("{name}: {amount} off").format(name=chosen.name, amount=chosen.off)
    elif usable:
        count = len(usable)
        words = ngettext("{count} coupon can be used", "{count} coupons can be used", count).format(
            count=count
        )
    else:
        words = _("None can be used yet")
    is_best = bool(usable) and chosen is usable[0]
    return {
        "words": words,
        "is_best": is_best and len(usable) > 1,
        "usable": usable,
        "others": [row for row in rows if row.why_not],
        "is_none": chosen is None,
    }


def _points(page: CheckoutPage) -> dict[str, Any] | None:
    """Points that can be used now, and what bounds them, as the quote's own hints say it."""
    quote = page.quote
    if quote is None or not page.points_available:
        return None
    used = next((one for one in quote.adjustments if one.lane == "points"), None)
    if used:
        words = _("{points} points take {amount} off").format(
            points=quote.points_used, amount=money.show(used.amount)
        )
        return {"used": True, "words": words, "help": _points_help(page, quote.points_used)}
    usable = next((one for one in quote.why_nots if one.code in ("points_unused", "points_capped")), None)
    if usable is None:
        return None
    words = _("Use {points} points, ¥{amount} off").format(
        points=usable.parameters["points"], amount=usable.parameters["amount"]
    )
    return {"used": False, "words": words, "help": _points_help(page, int(usable.parameters["points"]))}


def _points_help(page: CheckoutPage, most: int) -> str:
    """How many there are, and the cap where it binds."""
    have = _("You have {points} points.").format(points=page.points_available)
    if most >= page.points_available:
        return have
    percent = f"{(POINTS_CAP.get() * 100).normalize():f}"
    return (
        have + " " + _("They pay at most {percent}% of the goods, after the coupon.").format(percent=percent)
    )


def _fresh_words(page: CheckoutPage) -> str:
    """Goods that can't be sent back without a reason are named before the order, as the law wants."""
    fresh = [line.fact.title for line in page.lines if not line.fact.no_reason_return]
    if not fresh:
        return ""
    named = "、".join(fresh[:3])
    return _(
        "Fresh goods can't be returned without a reason: {titles}. By submitting you confirm this."
    ).format(
        titles=named
        if len(fresh) <= 3
        else _("{titles} and {count} more").format(titles=named, count=len(fresh) - 3)
    )


def _why_not(page: CheckoutPage) -> str:
    """Why it can't be submitted yet; empty when it can."""
    if page.troubles:
        return _("Some goods need a change")
    if any(line.is_short for line in page.lines):
        return _("Not enough in stock")
    if page.delivery.mode == DeliveryMode.PICKUP:
        if page.store is None:
            return _("Choose a store")
        return "" if places.days(page.store) else _("Choose another store")
    return "" if page.address else _("Add an address first")
