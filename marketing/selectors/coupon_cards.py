"""Coupons as shoppers see them: to claim, in the wallet, beside a product. Nothing personal is cached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.cache import cache
from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Value, When

from catalog.models import Category, Product
from marketing.models import Coupon, CouponGrant
from marketing.pricing.facts import Line, Scope
from marketing.selectors import running
from marketing.terms import GrantStatus, ScopeKind
from shop.core import clock

CACHE_KEY = "marketing:coupons:1"
CACHE_SECONDS = 20
SHOWN_AT_MOST = 60
NAMED_AT_MOST = 3
SOON = timedelta(days=3)
NAMES = ArrayField(CharField())


@dataclass(frozen=True, slots=True)
class CouponCard:
    """A coupon on offer, or with `grant_id` a member's copy. `scope_names` names up to three categories or
    products. `share_taken` is the part handed out, in hundredths, None without a total.

    `state`: claim, claimed, gone, soon (claim opens at `opens_at`); of a copy its status, or waiting while
    its first day is still to come.
    """

    id: int
    name: str
    kind: str
    threshold: Decimal
    off: Decimal | None
    rate: Decimal | None
    cap: Decimal | None
    scope: Scope
    scope_names: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    state: str
    per_member: int = 1
    share_taken: int | None = None
    opens_at: datetime | None = None
    grant_id: int | None = None
    reference: str = ""
    claimed_count: int = 0


@dataclass(frozen=True, slots=True)
class Wallet:
    """One tab of a member's coupons and how many there are in each."""

    cards: tuple[CouponCard, ...]
    counts: dict[str, int]
    next_after: int | None


TABS: dict[str, Q] = {
    "usable": Q(status=GrantStatus.AVAILABLE),
    "used": Q(status__in=[GrantStatus.HELD, GrantStatus.USED]),
    "expired": Q(status__in=[GrantStatus.EXPIRED, GrantStatus.REVOKED]),
}


def on_offer(member_id: int | None = None) -> list[CouponCard]:
    """What may be claimed now or soon, and what has just gone; those that can be claimed first. One query,
    for a member two."""
    cards = _with_claims(_on_offer(), member_id)
    order = {"claim": 0, "claimed": 1, "soon": 2, "gone": 3}
    return sorted(cards, key=lambda card: order[card.state])


def of_product(
    product_id: int, category_ids: Sequence[int], sku_ids: Collection[int], member_id: int | None
) -> list[CouponCard]:
    """The coupons for this product that can be claimed, or that this member has claimed. The offer is at most
    20 s old, what the member has is read."""
    found = cache.get(CACHE_KEY)
    if not isinstance(found, list):
        found = _on_offer()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    lines = [Line(str(sku_id), sku_id, product_id, tuple(category_ids), Decimal(0), 1) for sku_id in sku_ids]
    fitting = [
        card for card in found if card.state == "claim" and any(card.scope.covers(line) for line in lines)
    ]
    return _with_claims(fitting, member_id) if fitting else []


def one(coupon_id: int, member_id: int) -> CouponCard | None:
    """One coupon on offer, as this member sees it; None for those only the shop gives."""
    offered = _coupons().filter(pk=coupon_id, is_active=True, is_claimable=True)
    cards = [_offer_card(coupon, clock.page_now()) for coupon in offered]
    return next(iter(_with_claims(cards, member_id)), None)


def wallet(member_id: int, tab: str = "usable", after: int | None = None, size: int = 30) -> Wallet:
    """A member's copies, of the usable ones those that end first. Two queries."""
    now = clock.page_now()
    mine = CouponGrant.objects.filter(member=member_id)
    counted = mine.order_by().values_list("status", "valid_until").annotate(n=Count("pk"))
    counts = dict.fromkeys(TABS, 0)
    for status, until, number in counted:
        counts[_tab(status, until, now)] += number
    is_over = Q(status=GrantStatus.AVAILABLE, valid_until__lte=now)
    wanted = TABS[tab] | is_over if tab == "expired" else TABS[tab] & ~is_over
    rows = mine.filter(wanted).select_related("coupon").annotate(**_scope_columns("coupon_id", "coupon__"))
    if tab == "usable":
        shown = list(rows.order_by("valid_until", "pk")[: size * 4])
        return Wallet(tuple(_grant_card(grant, now) for grant in shown), counts, None)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    cards = tuple(_grant_card(grant, now) for grant in found[:size])
    return Wallet(cards, counts, found[size - 1].pk if len(found) > size else None)


def usable_count(member_id: int) -> int:
    """How many coupons a member could use now or soon; one query."""
    return CouponGrant.objects.filter(
        member=member_id, status=GrantStatus.AVAILABLE, valid_until__gt=clock.page_now()
    ).count()


def _tab(status: str, until: datetime, now: datetime) -> str:
    if status == GrantStatus.AVAILABLE:
        return "usable" if until > now else "expired"
    return "used" if status in (GrantStatus.HELD, GrantStatus.USED) else "expired"


def _on_offer() -> list[CouponCard]:
    now = clock.page_now()
    open_soon = Q(claim_from=None) | Q(claim_from__lte=now + SOON)
    still_open = Q(claim_until=None) | Q(claim_until__gt=now)
    still_valid = Q(valid_until=None) | Q(valid_until__gt=now)
    rows = _coupons().filter(open_soon & still_open & still_valid, is_active=True, is_claimable=True)
    return [_offer_card(coupon, now) for coupon in rows.order_by("-pk")[:SHOWN_AT_MOST]]


def _coupons() -> QuerySet[Coupon]:
    return Coupon.objects.annotate(**_scope_columns())


def _scope_columns(outer: str = "pk", prefix: str = "") -> dict[str, Any]:
    """The ids of a coupon's scope and, for categories and products, the first few names."""
    cases = []
    for kind, field, model, name in (
        (ScopeKind.CATEGORIES, "categories", Category, "category__name"),
        (ScopeKind.PRODUCTS, "products", Product, "product__title"),
    ):
        through = getattr(Coupon, field).through
        names = through.objects.filter(coupon_id=OuterRef(outer)).order_by(f"{model._meta.model_name}_id")
        cases.append(
            When(
                **{f"{prefix}scope_kind": kind},
                then=ArraySubquery(names.values(name)[: NAMED_AT_MOST + 1], output_field=NAMES),
            )
        )
    return {
        "scope_ids": running.scope_ids(Coupon, outer=outer, prefix=prefix),
        "scope_names": Case(*cases, default=Value([], NAMES), output_field=NAMES),
    }


def _card(coupon: Coupon, row: Any, **fields: Any) -> CouponCard:
    return CouponCard(
        id=coupon.pk,
        name=coupon.name,
        kind=coupon.kind,
        threshold=coupon.threshold,
        off=coupon.off,
        rate=coupon.rate,
        cap=coupon.cap,
        scope=running.scope(coupon.scope_kind, row.scope_ids),
        scope_names=tuple(row.scope_names),
        valid_days=coupon.valid_days,
        per_member=coupon.per_member,
        **fields,
    )


def _offer_card(coupon: Any, now: datetime) -> CouponCard:
    total = coupon.total_count
    is_gone = total is not None and coupon.issued_count >= total
    opens_later = coupon.claim_from is not None and coupon.claim_from > now
    return _card(
        coupon,
        coupon,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        state="soon" if opens_later else "gone" if is_gone else "claim",
        share_taken=None if not total else min(100, coupon.issued_count * 100 // total),
        opens_at=coupon.claim_from if opens_later else None,
    )


def _grant_card(grant: Any, now: datetime) -> CouponCard:
    state = grant.status
    if state == GrantStatus.AVAILABLE and grant.valid_until <= now:
        state = GrantStatus.EXPIRED
    elif state == GrantStatus.AVAILABLE and grant.valid_from > now:
        state = "waiting"
    return _card(
        grant.coupon,
        grant,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        state=state,
        grant_id=grant.pk,
        reference=grant.reference,
    )


def _with_claims(cards: Sequence[CouponCard], member_id: int | None) -> list[CouponCard]:
    """The same cards, those the member has as many of as allowed marked so; also when they are gone."""
    if member_id is None or not cards:
        return list(cards)
    mine = CouponGrant.objects.filter(member=member_id, coupon__in=[card.id for card in cards]).order_by()
    had = dict(mine.values_list("coupon").annotate(n=Count("pk")))
    return [
        replace(
            card,
            claimed_count=had.get(card.id, 0),
            state="claimed"
            if had.get(card.id, 0) >= card.per_member and card.state in ("claim", "gone")
            else card.state,
        )
        for card in cards
    ]
