"""What a channel may sell, and how far behind it is."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, F, FloatField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

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
    free less the pieces kept back. Three queries at most.
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


def with_lag(channels: QuerySet[SalesChannel], now: datetime) -> QuerySet[SalesChannel]:
    """How each keeps up: `waiting_count` SKUs it knows something old of, `p95_ms` of the last hour (the 95th
    percentile from a change of stock to the channel's answer, None without messages).
    """
    waiting = ChannelStock.objects.filter(channel=OuterRef("pk")).exclude(changed_at=None)
    pushed = ChannelPush.objects.filter(channel=OuterRef("pk"), is_done=True, created_at__gt=now - LAG_WINDOW)
    return channels.annotate(
        waiting_count=Coalesce(
            Subquery(waiting.order_by().values("channel").annotate(n=Count("pk")).values("n")), 0
        ),
        p95_ms=Subquery(
            pushed.order_by().values("channel").annotate(p95=Percentile95(F("lag_ms"))).values("p95")
        ),
    )
