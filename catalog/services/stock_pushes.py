"""The queue of what channels don't know yet: filled by facts, emptied by messages, late ones said."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Least

from catalog import locks
from catalog.channels import stock_push
from catalog.channels.stock_push import Answer, Item
from catalog.models import ChannelPush, ChannelStock, SalesChannel
from catalog.selectors import sales_channels as selector
from shop.core import clock, numbers, retention
from shop.core.transactions import forbid_transaction, unit

AT_ONCE = 200
LOST_AFTER = timedelta(minutes=1)
LONGEST_WAIT = 3600


@unit
def note_changed(*, level_ids: tuple[int, ...]) -> list[int]:
    """Queue what these levels change for channels; returns the channels that have something to hear."""
    rows = selector.of_levels(level_ids)
    ChannelStock.objects.filter(pk__in=rows.values("pk"), changed_at=None).update(changed_at=clock.now())
    return sorted(set(rows.values_list("channel", flat=True)))


def push_due() -> int:
    """Tell every channel what it doesn't know, as far as it is time to try; returns the messages."""
    now = clock.page_now()
    _find_lost()
    waiting = ChannelStock.objects.exclude(changed_at=None).values("channel")
    due = SalesChannel.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now), pk__in=waiting)
    return sum(push(channel_id=pk) for pk in due.values_list("pk", flat=True))


def push(*, channel_id: int) -> int:
    """Tell one channel, 200 SKUs a message, until it knows all or a message fails; returns the messages.

    Silence is no success: the numbers are sent again with a higher version, so an older message that comes
    later does no harm.
    """
    forbid_transaction()
    for sent in range(1, 51):
        channel, rows = _take(channel_id)
        if channel is None or not rows:
            return sent - 1
        answer = stock_push.tell(
            endpoint=channel.endpoint,
            secret=channel.secret,
            message_id=numbers.token(),
            items=[Item(row.sku.code, row.sent_count or 0, channel.version) for row in rows],
            hosts=settings.CHANNEL_HOSTS,
        )
        _settle(channel, rows, answer)
        if not answer.is_done:
            return sent
    return sent


@unit
def _take(channel_id: int) -> tuple[SalesChannel | None, list[ChannelStock]]:
    channel = locks.sales_channel(channel_id)
    if channel is None or not channel.is_active or not channel.endpoint:
        return None, []
    waiting = channel.stock.exclude(changed_at=None).select_related("sku").order_by("changed_at")
    rows = list(waiting[:AT_ONCE])
    if not rows:
        return channel, []
    channel.version += 1
    channel.save(update_fields=["version"])
    told = selector.tellable(channel, [row.sku_id for row in rows])
    for row in rows:
        row.sending_since, row.changed_at = row.changed_at, None
        row.version, row.sent_count = channel.version, told[row.sku_id]
    ChannelStock.objects.bulk_update(rows, ["changed_at", "sending_since", "version", "sent_count"])
    return channel, rows


@unit
def _settle(channel: SalesChannel, rows: list[ChannelStock], answer: Answer) -> None:
    now = clock.now()
    mine = ChannelStock.objects.filter(pk__in=[row.pk for row in rows], version=channel.version)
    oldest = min(row.sending_since for row in rows if row.sending_since)
    ChannelPush.objects.create(
        channel=channel,
        sku_count=len(rows),
        lag_ms=max(0, int((now - oldest).total_seconds() * 1000)),
        is_done=answer.is_done,
        error=answer.error[:200],
        created_at=now,
    )
    channels = SalesChannel.objects.filter(pk=channel.pk)
    if answer.is_done:
        mine.update(told_count=F("sent_count"), told_at=now, sending_since=None)
        channels.update(failed_count=0, retry_at=None, error="")
        return
    _queue_again(mine)
    wait = min(LONGEST_WAIT, 5 * 2 ** min(channel.failed_count, 12))
    channels.update(
        failed_count=F("failed_count") + 1,
        retry_at=now + timedelta(seconds=wait),
        error=answer.error[:200],
    )


@unit
def _find_lost() -> None:
    """Messages whose sender ended in the middle: what they said is unknown, so it is said again."""
    _queue_again(ChannelStock.objects.filter(sending_since__lte=clock.now() - LOST_AFTER))


def _queue_again(rows: QuerySet[ChannelStock]) -> None:
    rows.exclude(sending_since=None).update(
        changed_at=Least(Coalesce(F("changed_at"), F("sending_since")), F("sending_since")),
        sending_since=None,
    )


retention.keep(
    "channel_pushes", timedelta(days=7), lambda before: ChannelPush.objects.filter(created_at__lt=before)
)
