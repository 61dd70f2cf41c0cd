"""Counting and sending in the demo: shelves have names, cartons a code, a sheet waits for approval, goods are
on the way."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from django.db.models import Count

from catalog.models import Place, Sku, StockLevel, Stocktake
from catalog.selectors import ean
from catalog.services import count_booking, counting, packs, stocktakes, transfers
from catalog.services.transfers import Arrived
from catalog.terms import MovementReason, Pool
from members.models import User
from shop.core import clock, refs

LEFT = ((40, 95), (40, 95), (40, 95), (40, 95), (40, 95), (40, 95), (21, 39), (8, 19), (8, 19), (1, 6))
AISLES = "ABCDEF"


def load(places: Mapping[str, Place]) -> int:
    """Names shelves, sends surplus home, counts; how many sheets and transfers. Once is enough."""
    if Stocktake.objects.exists():
        return 0
    chance = Random(412)  # noqa: S311
    boss, keeper, clerk = (_person(name) for name in ("admin", "warehouse", "clerk"))
    _name_shelves()
    _name_codes()
    with clock.shifted(-timedelta(days=6)):
        sent = _send_home(chance, places["ST1"], places["WH1"], clerk, keeper)
    with clock.shifted(-timedelta(days=5)):
        sent += _send_home(chance, places["ST2"], places["WH1"], clerk, keeper)
    with clock.shifted(-timedelta(days=1)):
        _arrive_short(places["WH1"], places["ST1"], keeper, clerk)
    _under_way(places["WH1"], places["ST2"], keeper)
    _count(chance, places["ST1"], clerk, keeper, boss)
    return sent + 5


def _person(username: str) -> str:
    user = User.objects.filter(username=username, is_staff=True).first()
    return refs.user(user) if user else refs.SYSTEM


def _name_shelves() -> None:
    """An aisle a department, a bay every eight products."""
    levels = list(
        StockLevel.objects.filter(pool=Pool.SPOT)
        .select_related("sku__product__category")
        .order_by("place", "sku__product__category__position", "sku__product", "pk")
    )
    bays: dict[tuple[int, int], list[int]] = {}
    for level in levels:
        products = bays.setdefault((level.place_id, level.sku.product.category_id), [])
        if level.sku.product_id not in products:
            products.append(level.sku.product_id)
        aisle = AISLES[level.sku.product.category_id % len(AISLES)]
        level.shelf = f"{aisle}-{products.index(level.sku.product_id) // 8 + 1:02d}"
    StockLevel.objects.bulk_update(levels, ["shelf"], batch_size=500)


def _name_codes() -> None:
    """EAN-13 of our own where goods have none, cartons of packaged goods, numbers on the scale."""
    skus = list(Sku.objects.filter(barcode=None, bundle=None).order_by("pk"))
    for sku in skus:
        body = f"20{sku.pk:010d}"
        sku.barcode = body + ean.check_digit(body)
    Sku.objects.bulk_update(skus, ["barcode"], batch_size=500)
    packaged = Sku.objects.filter(
        product__is_weighed=False, product__sale_unit__in=("瓶", "盒", "袋", "罐", "包")
    )
    for number, sku in enumerate(packaged.order_by("pk")[:24]):
        body = f"209{sku.pk:09d}"
        packs.save(
            sku_id=sku.pk,
            name="箱",
            pieces=(12, 24, 6)[number % 3],
            barcode=body + ean.check_digit(body),
            actor=refs.SYSTEM,
        )
    for sku in Sku.objects.filter(nominal_grams__isnull=False, product__is_weighed=True)[:50]:
        packs.set_scale_item(sku_id=sku.pk, item=f"{1000 + sku.pk:05d}", actor=refs.SYSTEM)


def _send_home(chance: Random, store: Place, home: Place, clerk: str, keeper: str) -> int:
    """What a store had too much of went back to the warehouse; some shelves are nearly empty since."""
    lines = []
    for level in StockLevel.objects.filter(place=store, pool=Pool.SPOT, on_hand__gt=100).order_by("pk"):
        left = chance.randint(*chance.choice(LEFT))
        if chance.random() < 0.85 and level.available > left:
            lines.append((level.sku_id, level.available - left))
    transfer = transfers.draft(
        source_id=store.pk, target_id=home.pk, lines=lines, note="换季，多余的回仓", actor=clerk
    )
    transfers.send(transfer_id=transfer.pk, actor=clerk)
    transfers.receive(transfer_id=transfer.pk, arrived=[], actor=keeper)
    return 1


def _arrive_short(home: Place, store: Place, keeper: str, clerk: str) -> None:
    lines = _some(home, 4, 24)
    transfer = transfers.draft(
        source_id=home.pk, target_id=store.pk, lines=lines, note="周末补货", actor=keeper
    )
    transfers.send(transfer_id=transfer.pk, actor=keeper)
    (first, sent), (second, _) = lines[0], lines[1]
    transfers.receive(
        transfer_id=transfer.pk,
        arrived=[
            Arrived(
                first,
                good=sent - 3,
                damaged=2,
                missing=1,
                reason=MovementReason.LOST,
                note="破了一袋，少一袋",
            ),
            Arrived(second, good=25, extra=1, reason=MovementReason.CORRECTED, note="仓库多装一件"),
        ],
        actor=clerk,
    )


def _under_way(home: Place, store: Place, keeper: str) -> None:
    for lines, note, is_sent in (
        (_some(home, 6, 36), "滨江店补货", True),
        (_some(home, 3, 12), "活动备货", False),
    ):
        transfer = transfers.draft(
            source_id=home.pk, target_id=store.pk, lines=lines, note=note, actor=keeper
        )
        if is_sent:
            transfers.send(transfer_id=transfer.pk, actor=keeper)


def _some(home: Place, count: int, pieces: int) -> list[tuple[int, int]]:
    levels = StockLevel.objects.filter(place=home, pool=Pool.SPOT, on_hand__gt=200)
    ids = levels.order_by("-sku__product__sold_count", "pk").values_list("sku", flat=True)[: count * 9 : 9]
    return [(sku_id, pieces) for sku_id in ids]


def _count(chance: Random, store: Place, clerk: str, keeper: str, boss: str) -> None:
    """One sheet booked last week, one that waits for approval, one being counted."""
    shelves = list(
        StockLevel.objects.filter(place=store, pool=Pool.SPOT)
        .exclude(shelf="")
        .order_by()
        .values_list("shelf")
        .annotate(count=Count("pk"))
        .order_by("-count", "shelf")
        .values_list("shelf", flat=True)[:3]
    )
    ends = ("closed", "review", "counting")
    for shelf, end, days in zip(shelves, ends, (3, 0, 0), strict=False):
        with clock.shifted(-timedelta(days=days, minutes=40)):
            sheet = stocktakes.open_sheet(
                place_id=store.pk, title=f"{shelf} 货架盘点", shelf=shelf, actor=clerk, note="月末"
            )
            lines = list(sheet.lines.select_related("level").order_by("pk"))
            for number, line in enumerate(lines[: len(lines) // 2] if end == "counting" else lines):
                drift = chance.choice((0, 0, 0, 0, 0, -1, -2, 1)) if number else -1
                counting.enter(
                    line_id=line.pk,
                    quantity=max(line.level.on_hand + drift, 0),
                    actor=(clerk, keeper)[number % 4 == 3],
                    key="demo",
                )
            if end != "counting":
                stocktakes.hand_in(stocktake_id=sheet.pk, actor=clerk)
            if end == "closed":
                count_booking.approve(stocktake_id=sheet.pk, actor=boss)
