"""What a guest wanted to be told of, kept in their session until they have signed in."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest

from catalog.services import goods_notices
from catalog.terms.prices import NoticeKind
from members.models import Member
from shop.core.errors import Refusal
from shop.storefront.choice import Choice

KEY = "wanted_notice"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What can be asked of the chosen SKU, and what was asked already."""

    sku_id: int
    is_gone: bool
    waits_back: bool
    waits_drop: bool


def of(choice: Choice, kinds: Collection[str], *, is_on_sale: bool) -> Wishes | None:
    """None where there is nothing to ask; `kinds` are what the member waits for."""
    if choice.sku is None or not is_on_sale:
        return None
    return Wishes(
        sku_id=choice.sku.id,
        is_gone=choice.sku.available <= 0,
        waits_back=NoticeKind.BACK in kinds,
        waits_drop=NoticeKind.DROP in kinds,
    )


def keep(request: HttpRequest, sku_id: int, kind: str) -> None:
    """Remember it for after the sign-in."""
    request.session[KEY] = [sku_id, kind]


def fulfil(request: HttpRequest, member: Member) -> None:
    """Note it for who has just signed in; what makes no sense any more is forgotten."""
    wanted = request.session.pop(KEY, None)
    if isinstance(wanted, list) and len(wanted) == 2:
        try:
            goods_notices.wish(member_id=member.pk, sku_id=int(wanted[0]), kind=str(wanted[1]))
        except Refusal:
            return
