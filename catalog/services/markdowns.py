"""Prices lowered because a batch expires soon, and put back when the batch is gone."""

from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from catalog import locks
from catalog.errors.batches import NothingToMarkDown
from catalog.models import Batch, BatchLevel, Markdown
from catalog.selectors import near_expiry
from catalog.services import prices
from catalog.terms import SELLABLE_POOLS
from shop.core import clock, decisions, refs, scans
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

LANGUAGE = "zh-hans"


@unit
def apply(*, batch_id: int, price: Decimal, actor: str) -> Markdown:
    """Lower the list price of the batch's SKU until the batch is gone; leaves a Decision with the figures.

    Raises NothingToMarkDown when the batch is gone or lowered already, or the price isn't lower; BelowFloor.
    """
    batch = Batch.objects.filter(pk=batch_id).select_related("sku").first()
    if batch is None:
        raise NotFound(batch_id=batch_id)
    sku = locks.sku(batch.sku_id)
    near = next((one for one in near_expiry.rows(clock.today()) if one.batch.pk == batch_id), None)
    if not price.is_finite():
        raise Invalid(field="price")
    if sku is None or near is None or near.markdown or price >= sku.list_price:
        raise NothingToMarkDown(batch=batch.code)
    before = sku.list_price
    prices.set_price(sku_id=sku.pk, list_price=price, actor=actor, reason=_why("lower", batch))
    decisions.record(
        noun="markdown",
        reference=f"batch:{batch_id}",
        inputs={
            "left": near.pieces,
            "days": near.days,
            "sold_per_day": str(round(near.per_day, 2)),
            "leftover": near.leftover,
            "floor": str(sku.floor_price) if sku.floor_price is not None else None,
        },
        rules=[f"{near.percent}%"],
        outcome={"suggested": str(near.price), "price": str(price), "before": str(before), "by": actor},
    )
    return Markdown.objects.create(
        batch=batch,
        old_price=before,
        new_price=price,
        left_count=near.pieces,
        days_left=near.days,
        actor=actor,
        created_at=clock.page_now(),
    )


@unit
def end(*, markdown_id: int, actor: str) -> bool:
    """End a markdown and put the price back, unless somebody has set another one since; False when it had
    ended. One that lowered the price further for another batch puts it back to where this one began.
    """
    markdown = Markdown.objects.select_related("batch").filter(pk=markdown_id).first()
    if markdown is None:
        raise NotFound(markdown_id=markdown_id)
    sku = locks.sku(markdown.batch.sku_id)
    if not Markdown.objects.filter(pk=markdown_id, ended_at=None).update(ended_at=clock.page_now()):
        return False
    _hand_on(markdown)
    if sku is not None and sku.list_price == markdown.new_price:
        prices.set_price(
            sku_id=sku.pk,
            list_price=markdown.old_price,
            actor=actor,
            reason=_why("back", markdown.batch),
        )
    return True


def end_due() -> int:
    """End markdowns whose batch is sold out, expired or recalled; returns how many."""
    today = clock.today()
    there = BatchLevel.objects.filter(on_hand__gt=0, level__pool__in=SELLABLE_POOLS).values("batch")
    still = Batch.objects.filter(pk__in=there, expires_on__gte=today, recalled_at=None).values("pk")
    due = Markdown.objects.filter(ended_at=None).exclude(batch__in=still)
    return scans.each(
        list(due.values_list("pk", flat=True)), lambda pk: end(markdown_id=pk, actor=refs.SYSTEM)
    )


def _hand_on(markdown: Markdown) -> None:
    later = Markdown.objects.filter(
        batch__sku=markdown.batch.sku_id, ended_at=None, old_price=markdown.new_price, pk__gt=markdown.pk
    )
    next_one = later.order_by("pk").first()
    if next_one is not None:
        next_one.old_price = markdown.old_price
        next_one.save(update_fields=["old_price"])


def _why(step: str, batch: Batch) -> str:
    with translation.override(LANGUAGE):
        words = _("Batch {batch} expires soon") if step == "lower" else _("Batch {batch} is gone")
        return words.format(batch=batch.code)
