"""Selling elsewhere from the same stock: what a channel offers, what is set aside for it, what it sold."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from catalog import locks
from catalog.channels import signing, stock_push
from catalog.errors import SoldOut
from catalog.errors.sales_channels import ChannelAddressRefused, ChannelUntrusted, NotSoldThere
from catalog.models import ChannelSale, ChannelStock, SalesChannel, Sku
from catalog.policies.sales_channels import CHANNELS_LISTEN
from catalog.services import stock
from catalog.services.allocation import Want
from catalog.terms import DeliveryMode
from catalog.terms.sales_channels import ChannelKind, ChannelMode
from shop.core import audit, clock, numbers
from shop.core.errors import Invalid
from shop.core.transactions import unit

MOST = 1_000_000
LINES_AT_MOST = 200
FIELDS = (
    "code",
    "name",
    "kind",
    "mode",
    "share_percent",
    "buffer",
    "place_id",
    "endpoint",
    "is_active",
)


@unit
def save(*, channel: SalesChannel | None, actor: str, **fields: Any) -> SalesChannel:
    """Make a channel or change it; everything it offers is told anew.

    Raises ChannelAddressRefused for a host that is not in CHANNEL_HOSTS, Invalid(field) for a till without
    a place, a share over 100, a code that changes (goods are set aside under it) or unknown fields.
    """
    if strange := fields.keys() - set(FIELDS):
        raise Invalid(fields=sorted(strange))
    if channel and fields.get("code", channel.code) != channel.code:
        raise Invalid(field="code")
    saved = channel or SalesChannel(secret=numbers.token(32))
    before = {name: getattr(saved, name) for name in fields} if channel else None
    for name, value in fields.items():
        setattr(saved, name, value)
    if saved.kind == ChannelKind.POS and saved.place_id is None:
        raise Invalid(field="place")
    if not 0 <= saved.share_percent <= 100:
        raise Invalid(field="share_percent")
    if saved.endpoint and not stock_push.may_be_called(saved.endpoint, settings.CHANNEL_HOSTS):
        raise ChannelAddressRefused(host=urlsplit(saved.endpoint).netloc)
    saved.retry_at, saved.failed_count, saved.error = None, 0, ""
    saved.save()
    audit.record(
        actor=actor, verb="save_channel", target=f"channel:{saved.code}", before=before, after=fields
    )
    _listen(actor)
    saved.stock.update(changed_at=_queue_now(saved))
    return saved


@unit
def renew_secret(*, channel: SalesChannel, actor: str) -> str:
    """A new secret; the old one is worth nothing from now on."""
    secret = numbers.token(32)
    channel.secret = secret
    channel.save(update_fields=["secret"])
    audit.record(actor=actor, verb="renew_secret", target=f"channel:{channel.code}")
    return secret


@unit
def tell_all(*, channel: SalesChannel) -> None:
    """Queue every number anew and try at once, however often it failed before."""
    channel.stock.update(changed_at=_queue_now(channel))
    SalesChannel.objects.filter(pk=channel.pk).update(retry_at=None)


@unit
def offer(*, channel: SalesChannel, codes: Sequence[str], actor: str) -> int:
    """Let the channel sell these SKUs (by code), too; returns how many are new.

    Raises NotSoldThere(code) for the first code no active SKU has, or that is a bundle, which has no stock
    of its own; nothing is changed then.
    """
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    known = dict(Sku.objects.filter(code__in=wanted, is_active=True, bundle=None).values_list("code", "pk"))
    if missing := next((code for code in wanted if code not in known), None):
        raise NotSoldThere(code=missing)
    before = set(channel.stock.filter(sku__in=known.values()).values_list("sku", flat=True))
    now = _queue_now(channel)
    fresh = [pk for pk in known.values() if pk not in before]
    ChannelStock.objects.bulk_create(
        ChannelStock(channel=channel, sku_id=pk, changed_at=now) for pk in sorted(fresh)
    )
    audit.record(
        actor=actor, verb="offer_in_channel", target=f"channel:{channel.code}", after={"codes": wanted}
    )
    return len(fresh)


@unit
def set_aside(*, channel: SalesChannel, sku_id: int, place_id: int, quantity: int, actor: str) -> None:
    """Hold exactly so many pieces of a SKU in a place for the channel: nobody else can sell them.

    They are a reservation, so what is set aside never exceeds what lies there (ST8). Raises SoldOut when
    less is free, NotSoldThere when the channel does not offer the SKU, Invalid outside 0 … 1,000,000.
    """
    if not 0 <= quantity <= MOST:
        raise Invalid(field="quantity")
    _locked(channel)
    offered = channel.stock.select_related("sku").filter(sku=sku_id).first()
    if offered is None:
        raise NotSoldThere(code=str(sku_id))
    held = [one for one in _held(channel, sku_id) if one.level.place_id == place_id]
    now = sum(one.open_count for one in held)
    if quantity > now:
        stock.reserve(
            reference=channel.reference,
            wants=[Want(f"{sku_id}:{numbers.token(6)}", sku_id, quantity - now)],
            mode=DeliveryMode.PICKUP,
            place_id=place_id,
            actor=actor,
        )
    elif quantity < now:
        stock.release(reference=channel.reference, quantities=_share(held, now - quantity), actor=actor)
    ChannelStock.objects.filter(pk=offered.pk, changed_at=None).update(changed_at=_queue_now(channel))
    audit.record(
        actor=actor,
        verb="set_aside",
        target=f"channel:{channel.code}",
        before={"sku": offered.sku.code, "quantity": now},
        after={"sku": offered.sku.code, "quantity": quantity, "place": place_id},
    )


def identify(*, code: str, headers: Mapping[str, str], body: bytes) -> SalesChannel:
    """The channel that signed the body. Raises ChannelUntrusted; says nothing about which codes exist."""
    channel = SalesChannel.objects.filter(code=code, is_active=True).first()
    if channel is None or not signing.is_good(
        secret=channel.secret,
        message_id=headers.get("X-Weimall-Id", ""),
        timestamp=headers.get("X-Weimall-Timestamp", ""),
        signature=headers.get("X-Weimall-Signature", ""),
        body=body,
        now=time.time(),
    ):
        raise ChannelUntrusted()
    return channel


@unit
def sold(*, channel: SalesChannel, number: str, lines: Sequence[tuple[str, int]]) -> ChannelSale:
    """Take what the channel sold out of stock, all lines or none: first what is set aside, then, when it
    shares, what is free. The same number again changes nothing.

    Raises SoldOut(sku_id, available) when it sold what is not there: we keep the goods for those who paid
    here and the channel is told the truth at once. NotSoldThere, Invalid.
    """
    wanted: dict[str, int] = {}
    for code, quantity in lines:
        if not 1 <= quantity <= MOST:
            raise Invalid(field="quantity")
        wanted[code] = wanted.get(code, 0) + quantity
    if not wanted or len(wanted) > LINES_AT_MOST or not 1 <= len(number) <= 64:
        raise Invalid(field="lines" if number else "number")
    _locked(channel)
    known = ChannelSale.objects.filter(channel=channel, number=number).first()
    if known:
        return known
    offered = dict(channel.stock.filter(sku__code__in=wanted).values_list("sku__code", "sku"))
    if missing := next((code for code in wanted if code not in offered), None):
        raise NotSoldThere(code=missing)
    actor = channel.reference
    from_aside: dict[str, int] = {}
    rest: list[Want] = []
    for code, quantity in wanted.items():
        held = _held(channel, offered[code])
        taken = min(quantity, sum(one.open_count for one in held))
        from_aside |= _share(held, taken)
        if quantity > taken:
            if channel.mode == ChannelMode.ALLOTTED:
                raise SoldOut(sku_id=offered[code], available=taken)
            rest.append(Want(code, offered[code], quantity - taken))
    if from_aside:
        stock.consume(reference=channel.reference, quantities=from_aside, actor=actor)
    if rest:
        reference = f"{channel.reference}:{number}"
        mode = DeliveryMode.PICKUP if channel.place_id else DeliveryMode.EXPRESS
        stock.reserve(reference=reference, wants=rest, mode=mode, place_id=channel.place_id, actor=actor)
        stock.consume(reference=reference, actor=actor)
    return ChannelSale.objects.create(
        channel=channel, number=number, lines=[list(line) for line in wanted.items()], created_at=clock.now()
    )


def _queue_now(channel: SalesChannel) -> datetime | None:
    """Now for who is told, nothing for who asks us."""
    return clock.now() if channel.endpoint else None


def _locked(channel: SalesChannel) -> None:
    locks.sales_channel(channel.pk)


def _held(channel: SalesChannel, sku_id: int) -> list[Any]:
    held = locks.active_reservations(channel.reference, None)
    return [one for one in held if one.line_key.partition(":")[0] == str(sku_id)]


def _share(held: Sequence[Any], quantity: int) -> dict[str, int]:
    """So many pieces over these reservations, the oldest first."""
    shares: dict[str, int] = {}
    for one in held:
        taken = min(quantity, one.open_count)
        if taken:
            shares[one.line_key] = taken
            quantity -= taken
    return shares


def _listen(actor: str) -> None:
    wants = SalesChannel.objects.filter(is_active=True).exists()
    if CHANNELS_LISTEN.get() != wants:
        CHANNELS_LISTEN.set(wants, actor=actor)
