"""What a channel may sell, and how far behind it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Min, Q, QuerySet, Sum

from catalog.models import ChannelPush, ChannelStock, Reservation, SalesChannel
from catalog.selectors import stock
from catalog.terms.sales_channels import ChannelMode

LAG_WINDOW = timedelta(hours=1)


class Percentile95(Aggregate):
    """The value 95 of 100 rows stay under."""

    function = "percentile_cont"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def set_aside(channel: SalesChannel, sku_ids: Collection[int] | None = None) -> dict[int, int]:
    """Pieces held for the channel by SKU; one query."""
    held = Reservation.objects.filter(reference=channel.reference, status="active")
    if sku_ids is not None:
        held = held.filter(level__sku__in=sku_ids)
    rows = held.values_list("level__sku").annotate(
        open=Sum(F("quantity") - F("consumed_count") - F("released_count"))
    )
    return dict(rows.order_by())


def tellable(channel: SalesChannel, sku_ids: Collection[int]) -> dict[int, int]:
    """Pieces the channel may sell by SKU: what is set aside for it and, when it shares, its part of what is
    free less the pieces kept back. Two queries at most.
    """
    own = set_aside(channel, sku_ids)
    if channel.mode == ChannelMode.ALLOTTED:
        return {sku_id: own.get(sku_id, 0) for sku_id in sku_ids}
    free = stock.available(sku_ids, channel.place_id)
    return {
        sku_id: own.get(sku_id, 0)
        + max(0, free.get(sku_id, 0) * channel.share_percent // 100 - channel.buffer)
        for sku_id in sku_ids
    }


def of_levels(level_ids: Collection[int]) -> QuerySet[ChannelStock]:
    """What active channels that want to be told offer of the SKUs that lie in these levels."""
    told = ChannelStock.objects.filter(sku__levels__in=level_ids, channel__is_active=True)
    return told.exclude(channel__endpoint="").distinct()


@dataclass(frozen=True)
class Lag:
    """How a channel keeps up: SKUs waiting, since when, and the 95th percentile of the last hour in ms."""

    waiting: int = 0
    since: datetime | None = None
    p95_ms: int | None = None
    pushes: int = 0


def lags(channels: Collection[int], now: datetime) -> dict[int, Lag]:
    """Lag by channel; two queries."""
    queues: dict[int, Any] = {
        row["channel"]: row
        for row in ChannelStock.objects.filter(channel__in=channels)
        .exclude(changed_at=None)
        .values("channel")
        .annotate(waiting=Count("pk"), since=Min("changed_at"))
        .order_by()
    }
    pushed: dict[int, Any] = {
        row["channel"]: row
        for row in ChannelPush.objects.filter(channel__in=channels, created_at__gt=now - LAG_WINDOW)
        .values("channel")
        .annotate(
            p95=Percentile95(F("lag_ms"), filter=Q(is_done=True)), pushes=Count("pk", filter=Q(is_done=True))
        )
        .order_by()
    }
    return {
        pk: Lag(
            waiting=queues.get(pk, {}).get("waiting", 0),
            since=queues.get(pk, {}).get("since"),
            p95_ms=None if pushed.get(pk, {}).get("p95") is None else round(pushed[pk]["p95"]),
            pushes=pushed.get(pk, {}).get("pushes", 0),
        )
        for pk in channels
    }
