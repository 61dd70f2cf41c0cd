"""A till in a store and a stand on the sandbox's platform 集市, both selling from the same stock."""

from contextlib import suppress

import requests
from django.conf import settings

from catalog.errors import SoldOut
from catalog.models import SalesChannel, Sku, StockLevel
from catalog.services import sales_channels, stock_pushes
from catalog.terms import Pool
from catalog.terms.sales_channels import ChannelKind, ChannelMode
from shop.core import refs

OFFERED = 12
ASIDE = 3


def open_all(warehouse_id: int, store_id: int) -> int:
    """Two channels with the goods that sell best; returns the numbers the platform was told."""
    best = Sku.objects.filter(is_active=True, levels__place=warehouse_id, levels__pool=Pool.SPOT)
    codes = list(
        best.order_by("-product__sold_count", "pk").values_list("code", flat=True).distinct()[:OFFERED]
    )
    stand = _open("bazaar", "集市", ChannelKind.EXTERNAL, endpoint=f"{settings.SANDBOX_URL}/platform/stock")
    till = _open("till", "门店收银台", ChannelKind.POS, place_id=store_id)
    for channel in (stand, till):
        sales_channels.offer(channel=channel, codes=codes, actor=refs.SYSTEM)
    _set_aside(stand, warehouse_id)
    if not settings.SANDBOX_URL:
        return 0
    requests.post(
        f"{settings.SANDBOX_URL}/_control/platform",
        json={"code": stand.code, "secret": stand.secret},
        timeout=10,
    ).raise_for_status()
    stock_pushes.push(channel_id=stand.pk)
    return stand.stock.exclude(told_at=None).count()


def _open(code: str, name: str, kind: str, place_id: int | None = None, endpoint: str = "") -> SalesChannel:
    return sales_channels.save(
        channel=SalesChannel.objects.filter(code=code).first(),
        actor=refs.SYSTEM,
        code=code,
        name=name,
        kind=kind,
        mode=ChannelMode.SHARED,
        share_percent=80 if endpoint else 100,
        place_id=place_id,
        endpoint=endpoint if settings.SANDBOX_URL else "",
    )


def _set_aside(channel: SalesChannel, place_id: int) -> None:
    """A few pieces that are the platform's alone."""
    levels = StockLevel.objects.filter(
        place=place_id, pool=Pool.SPOT, sku__channel_stock__channel=channel, on_hand__gte=20
    )
    for sku_id in levels.order_by("sku").values_list("sku", flat=True)[:ASIDE]:
        with suppress(SoldOut):
            sales_channels.set_aside(
                channel=channel, sku_id=sku_id, place_id=place_id, quantity=5, actor=refs.SYSTEM
            )
