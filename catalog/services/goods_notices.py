"""Telling members once that goods are there again or cost less."""

from collections.abc import Collection

from django.utils import translation
from django.utils.translation import gettext as _

from catalog import locks
from catalog.errors.prices import NoticeNotNeeded, TooManyNotices
from catalog.models import GoodsNotice, Sku
from catalog.selectors import stock
from catalog.terms import ProductStatus
from catalog.terms.prices import NoticeKind
from members.services import messages
from members.terms import MessageKind
from shop.core import clock, money
from shop.core.errors import NotFound
from shop.core.transactions import unit

AT_MOST = 100
BATCH = 500
LANGUAGE = "zh-hans"


@unit
def wish(*, member_id: int, sku_id: int, kind: str) -> GoodsNotice:
    """The member wants to be told, once; asked twice it is one wish. Raises NotFound, NoticeNotNeeded for
    goods that are there, TooManyNotices."""
    sku = Sku.objects.filter(pk=sku_id, is_active=True, product__status=ProductStatus.ON_SHELF).first()
    if sku is None or kind not in NoticeKind.values:
        raise NotFound(sku_id=sku_id)
    if kind == NoticeKind.BACK and stock.available([sku_id])[sku_id] > 0:
        raise NoticeNotNeeded()
    waiting = GoodsNotice.objects.filter(member=member_id, sent_at=None)
    found = waiting.filter(sku=sku_id, kind=kind).first()
    if found is not None:
        return found
    if waiting.count() >= AT_MOST:
        raise TooManyNotices(limit=AT_MOST)
    row, _is_new = GoodsNotice.objects.get_or_create(
        member_id=member_id,
        sku_id=sku_id,
        kind=kind,
        sent_at=None,
        defaults={"price": sku.list_price, "created_at": clock.page_now()},
    )
    return row


@unit
def forget(*, member_id: int, sku_id: int, kind: str) -> bool:
    """No word about it after all; False when there was no such wish."""
    count, _rows = GoodsNotice.objects.filter(member=member_id, sku=sku_id, kind=kind, sent_at=None).delete()
    return bool(count)


def tell_back() -> int:
    """Tell all whose goods are free to buy again; how many were told."""
    waiting = GoodsNotice.objects.filter(kind=NoticeKind.BACK, sent_at=None)
    wanted = list(
        waiting.filter(sku__is_active=True, sku__product__status=ProductStatus.ON_SHELF)
        .order_by()
        .values_list("sku_id", flat=True)
        .distinct()
    )
    there = [sku_id for sku_id, free in stock.available(wanted).items() if free > 0] if wanted else []
    return _tell_all(waiting.filter(sku__in=there).values_list("pk", flat=True)) if there else 0


def tell_drop(*, sku_id: int) -> int:
    """Tell all who asked when the SKU cost more than now; how many were told."""
    sku = Sku.objects.filter(pk=sku_id, is_active=True, product__status=ProductStatus.ON_SHELF).first()
    if sku is None:
        return 0
    waiting = GoodsNotice.objects.filter(
        sku=sku, kind=NoticeKind.DROP, sent_at=None, price__gt=sku.list_price
    )
    return _tell_all(waiting.values_list("pk", flat=True))


@unit
def hand_over(*, from_member_id: int, to_member_id: int) -> list[int]:
    """Two accounts became one: its open wishes come along, where there is no same one. Their keys."""
    theirs = GoodsNotice.objects.filter(member=to_member_id, sent_at=None).values_list("sku_id", "kind")
    there = set(theirs)
    keys = [
        row.pk
        for row in GoodsNotice.objects.filter(member=from_member_id, sent_at=None).order_by("pk")
        if (row.sku_id, row.kind) not in there
    ]
    GoodsNotice.objects.filter(pk__in=keys).update(member=to_member_id)
    return keys


@unit
def hand_back(*, keys: list[int], from_member_id: int, to_member_id: int) -> None:
    """The two parted again: what came along and still waits goes back."""
    GoodsNotice.objects.filter(pk__in=keys, member=from_member_id, sent_at=None).update(member=to_member_id)


def _tell_all(keys: Collection[int]) -> int:
    found = sorted(keys)
    return sum(_tell(found[start : start + BATCH]) for start in range(0, len(found), BATCH))


@unit
def _tell(keys: list[int]) -> int:
    """Those nobody told meanwhile; the message is written with the mark, so it goes out once."""
    notices = locks.goods_notices(keys)
    for notice in notices:
        messages.tell(
            member_id=notice.member_id,
            kind=_message_kind(notice.kind),
            parameters=_facts(notice),
            target=f"product:{notice.sku.product_id}",
            key=f"goods_notice:{notice.pk}",
        )
    now = clock.page_now()
    GoodsNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=now)
    return len(notices)


def _message_kind(kind: str) -> MessageKind:
    return MessageKind.GOODS_BACK if kind == NoticeKind.BACK else MessageKind.PRICE_DROP


def _facts(notice: GoodsNotice) -> dict[str, str]:
    with translation.override(LANGUAGE):
        hint = _("Back again. It may go fast.")
        plain = _("Standard")
    return {
        "what": notice.sku.product.title,
        "specification": notice.sku.spec_text or plain,
        "price": money.show(notice.sku.list_price),
        "before": money.show(notice.price),
        "hint": hint,
    }
