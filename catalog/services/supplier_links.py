"""The door of a supplier to one order: made, withdrawn, opened, answered. Nobody signs in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.core.cache import cache

from catalog import locks
from catalog.errors.purchasing import AnswerUnclear, LinkGone
from catalog.models import PurchaseLine, PurchaseOrder, SupplierLink
from catalog.policies.purchasing import LINK_DAYS
from catalog.states.purchasing import OPEN, PLANNED, PURCHASE
from catalog.terms.purchasing import PurchaseStatus
from shop.core import audit, clock, crypto, numbers
from shop.core.errors import IllegalMove, Invalid, NotFound, TooMany
from shop.core.transactions import unit

TOKEN_BYTES = 24
TRIES_A_MINUTE = 30
WRONG_A_MINUTE = 10
FARTHEST = timedelta(days=365)


@dataclass(frozen=True)
class Answer:
    """What the supplier says to one line: pieces, 0 for no."""

    quantity: int
    note: str = ""


@unit
def issue(*, order_id: int, actor: str) -> str:
    """A new token for an order that was sent; earlier ones die. It is told once: only its hash is kept.

    Raises IllegalMove for an order the supplier must not see yet or that has ended, NotFound.
    """
    order = locks.purchase_order(order_id)
    if order is None:
        raise NotFound(order_id=order_id)
    if order.status not in (*OPEN, PurchaseStatus.DECLINED):
        raise IllegalMove(noun=PURCHASE.name, status=order.status, to=PurchaseStatus.SENT)
    now = clock.now()
    order.links.filter(revoked_at=None).update(revoked_at=now)
    token = numbers.token(TOKEN_BYTES)
    SupplierLink.objects.create(
        order=order,
        token_hash=_hash(token),
        expires_at=now + timedelta(days=LINK_DAYS.get()),
        actor=actor,
        created_at=now,
    )
    audit.record(actor=actor, verb="issue_supplier_link", target=f"purchase:{order.pk}")
    return token


@unit
def revoke(*, order_id: int, actor: str) -> None:
    """Close the door at once."""
    if SupplierLink.objects.filter(order=order_id, revoked_at=None).update(revoked_at=clock.now()):
        audit.record(actor=actor, verb="revoke_supplier_link", target=f"purchase:{order_id}")


def open_order(*, token: str, caller: str) -> PurchaseOrder:
    """The order behind a token. `caller` is an address; who tries too often or guesses waits a minute.

    Raises LinkGone for a token that is unknown, expired, withdrawn or of an order nobody may see any more,
    and TooMany.
    """
    _slow_down(f"supplier_link:{_short(caller)}", TRIES_A_MINUTE)
    link = _alive(token)
    if link is None:
        _slow_down(f"supplier_link_wrong:{_short(caller)}", WRONG_A_MINUTE)
        raise LinkGone()
    if link.opened_at is None:
        SupplierLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())
    return link.order


@unit
def answer(
    *, token: str, answers: Mapping[int, Answer], promised_on: date | None, note: str = ""
) -> PurchaseOrder:
    """Write the supplier's word to every line (by line id), once; all zeros decline the order.

    Confirmed pieces lie between 0 and what was ordered. Raises LinkGone, IllegalMove when it was answered,
    AnswerUnclear, Invalid for a day that can't be.
    """
    link = _alive(token)
    order = locks.purchase_order(link.order_id) if link else None
    if link is None or order is None:
        raise LinkGone()
    if order.status != PurchaseStatus.SENT:
        raise IllegalMove(noun=PURCHASE.name, status=order.status, to=PurchaseStatus.CONFIRMED)
    lines = list(order.lines.select_related("sku"))
    for line in lines:
        said = answers.get(line.pk)
        if said is None or not 0 <= said.quantity <= line.quantity:
            raise AnswerUnclear(code=line.sku.code, most=line.quantity)
        line.confirmed_quantity, line.supplier_note = said.quantity, said.note[:200]
    today = clock.today()
    is_declined = not any(line.confirmed_quantity for line in lines)
    if not is_declined and (promised_on is None or not today <= promised_on <= today + FARTHEST):
        raise Invalid(field="promised_on")
    PurchaseLine.objects.bulk_update(lines, ["confirmed_quantity", "supplier_note"])
    PURCHASE.move(
        order,
        PurchaseStatus.DECLINED if is_declined else PurchaseStatus.CONFIRMED,
        actor=f"supplier:{order.supplier_id}",
        promised_on=None if is_declined else promised_on,
        supplier_note=note[:500],
        confirmed_at=clock.now(),
    )
    return order


def _alive(token: str) -> SupplierLink | None:
    link = (
        SupplierLink.objects.filter(token_hash=_hash(token), revoked_at=None, expires_at__gt=clock.page_now())
        .select_related("order__supplier", "order__place")
        .first()
    )
    ended = (*PLANNED, PurchaseStatus.CANCELLED)
    return None if link is None or link.order.status in ended else link


def _hash(token: str) -> str:
    return crypto.keyed_hash(token, "supplier_link")


def _short(caller: str) -> str:
    return sha256(caller.encode()).hexdigest()[:24]


def _slow_down(name: str, most: int) -> None:
    """Counts a minute's tries in the cache; without a cache nobody is kept out."""
    cache.add(name, 0, 60)
    try:
        count = cache.incr(name)
    except ValueError:
        return
    if count > most:
        raise TooMany(retry_after=60)
