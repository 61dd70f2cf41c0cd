"""What partner brands of gift boxes get of a stretch of days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from orders.models import OrderLine, RefundLine
from orders.terms import RefundStatus
from shop.core import money


@dataclass(frozen=True, slots=True)
class Share:
    """One box of one partner in a channel, at one percentage. `sold` is what paid orders of these days bring,
    `refunded` what went back on these days, of whatever order; `owed` may be negative."""

    partner_id: int
    partner: str
    channel_code: str
    title: str
    percent: Decimal
    pieces: int
    returned: int
    sold: Decimal
    refunded: Decimal

    @property
    def net(self) -> Decimal:
        return self.sold - self.refunded

    @property
    def owed(self) -> Decimal:
        """The percentage of the net, rounded once."""
        return money.yuan(self.net * self.percent / 100)


def owed(start: datetime, end: datetime, *, partner_id: int | None = None) -> list[Share]:
    """The shares of [start, end), by partner, box and channel; two queries."""
    only: dict[str, Any] = (
        {"bundle__partner": partner_id} if partner_id else {"bundle__partner__isnull": False}
    )
    named = {
        "partner": "bundle__partner_id",
        "name": "bundle__partner__name",
        "channel": "bundle__channel_code",
        "percent": "bundle__revenue_share",
        "box": "title",
    }
    sold: Iterable[Any] = (
        OrderLine.objects.filter(order__paid_at__gte=start, order__paid_at__lt=end, **only)
        .order_by()
        .values(**{name: F(path) for name, path in named.items()})
        .annotate(pieces=Sum("quantity"), amount=Sum("due"))
    )
    back: Iterable[Any] = (
        RefundLine.objects.filter(
            refund__status=RefundStatus.SUCCEEDED,
            refund__done_at__gte=start,
            refund__done_at__lt=end,
            **{f"line__{name}": value for name, value in only.items()},
        )
        .order_by()
        .values(**{name: F(f"line__{path}") for name, path in named.items()})
        .annotate(pieces=Sum("quantity"), total=Sum("amount"))
    )
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sold:
        rows[_key(row)] = {"pieces": row["pieces"], "sold": row["amount"]}
    for row in back:
        rows.setdefault(_key(row), {}).update(returned=row["pieces"], refunded=row["total"])
    return [
        Share(
            partner_id=key[1],
            partner=key[0],
            channel_code=key[3],
            title=key[2],
            percent=key[4],
            pieces=found.get("pieces", 0),
            returned=found.get("returned", 0),
            sold=found.get("sold", money.ZERO),
            refunded=found.get("refunded", money.ZERO),
        )
        for key, found in sorted(rows.items())
    ]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["name"], row["partner"], row["box"], row["channel"], row["percent"]
