"""Batches of the demo: packed goods that keep for long, fresh ones that end this week, and losses."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from catalog.models import Batch, Loss, Place, Product, Sku
from catalog.selectors import near_expiry
from catalog.services import expiry, losses, markdowns, pools, recalls, stock
from catalog.services.batches import BatchFacts
from catalog.terms import LossReason, Pool
from shop.core import clock

ACTOR = "system"
PACKED = ("海苔仙贝", "手剥花生", "NFC 苹果汁", "黄油曲奇")
RECALLED = "海苔仙贝"
FRESH: tuple[tuple[str, int, int, int], ...] = (
    ("寿司便当", 1, 0, 14),  # title, days of life, days left, pieces
    ("草莓奶油切件", 3, 1, 18),
    ("纸杯蛋糕", 5, 1, 26),
    ("青团", 7, 2, 36),
    ("云南夏黑葡萄", 10, 2, 22),
    ("切片芝士", 60, 5, 48),
    ("香草冰淇淋", 180, 12, 30),
)
EXPIRED = (("青团", 9), ("纸杯蛋糕", 6))
LOST = ((LossReason.SPOILED, 5), (LossReason.EXPIRED, 4), (LossReason.DAMAGED, 3), (LossReason.TASTED, 2))
FIRST_BATCH = 3  # of this many tenths


def opening(good_title: str, quantity: int) -> list[tuple[int, BatchFacts | None]]:
    """How an opening stock arrives: packed goods in two batches, the rest without."""
    if good_title not in PACKED:
        return [(quantity, None)]
    first = quantity * FIRST_BATCH // 10
    today = clock.today()
    made = [today - timedelta(days=days) for days in (35, 12)]
    return [
        (pieces, BatchFacts(f"L{day:%y%m%d}", day, day + timedelta(days=270)))
        for pieces, day in zip((first, quantity - first), made, strict=True)
    ]


def load(places: Mapping[str, Place]) -> int:
    """What lies around today; how many batches. Twice changes nothing."""
    if Loss.objects.exists():
        return 0
    store, house = places["ST1"], places["WH1"]
    for place in (store, house):
        for title, life, left, pieces in FRESH:
            _receive(title, place, life, left, pieces if place is store else pieces * 2)
    with clock.shifted(-timedelta(days=5)):
        for title, pieces in EXPIRED:
            _receive(title, store, 5, 4, pieces)
    expiry.freeze_due()
    _lose(store, house)
    _set_aside(store)
    _lower()
    _recall()
    return Batch.objects.count()


def _sku(title: str) -> Sku | None:
    product = Product.objects.filter(title=title).first()
    return product.skus.order_by("position", "pk").first() if product else None


def _receive(title: str, place: Place, life: int, left: int, pieces: int) -> None:
    sku = _sku(title)
    if sku is None:
        return
    ends = clock.today() + timedelta(days=left)
    made = ends - timedelta(days=life)
    code = f"{made:%m%d}-{sku.pk % 100:02d}"
    stock.receive(
        place_id=place.pk,
        sku_id=sku.pk,
        quantity=pieces,
        actor=ACTOR,
        key=f"demo:batch:{place.code}:{code}",
        cost=sku.cost_price,
        batch_facts=BatchFacts(code, made, ends),
    )


def _lose(store: Place, house: Place) -> None:
    """Something nearly every other day, less in the warehouse."""
    chance = Random(5)  # noqa: S311
    skus = [sku for title, *_ in FRESH if (sku := _sku(title))]
    for days in range(58, 0, -2):
        reason = chance.choices([one for one, _ in LOST], [weight for _, weight in LOST])[0]
        sku, place = chance.choice(skus), chance.choice((store, store, house))
        with clock.shifted(-timedelta(days=days, hours=chance.randint(0, 6))):
            losses.book(
                place_id=place.pk,
                sku_id=sku.pk,
                quantity=chance.randint(1, 3),
                reason=reason,
                actor=ACTOR,
                key=f"demo:{days}",
            )
    frozen = Batch.objects.filter(levels__level__pool=Pool.FROZEN, levels__on_hand__gt=0).first()
    if frozen is not None:
        losses.book(
            place_id=store.pk,
            sku_id=frozen.sku_id,
            pool=Pool.FROZEN,
            batch=frozen.code,
            quantity=2,
            reason=LossReason.EXPIRED,
            actor=ACTOR,
            key="demo:frozen",
            note="闭店报损",
        )


def _set_aside(store: Place) -> None:
    sku = _sku("手剥花生")
    if sku is None:
        return
    pools.move(
        place_id=store.pk,
        sku_id=sku.pk,
        from_pool=Pool.SPOT,
        to_pool=Pool.DEFECT,
        quantity=4,
        actor=ACTOR,
        key="demo:defect",
        reason="外袋破损, 待退供应商",
    )


def _lower() -> None:
    for row in near_expiry.rows(clock.today()):
        if row.percent and row.price < row.batch.sku.list_price:
            markdowns.apply(batch_id=row.batch.pk, price=row.price, actor=ACTOR)
            return


def _recall() -> None:
    batch = Batch.objects.filter(sku__product__title=RECALLED).order_by("made_on").first()
    if batch is not None:
        recalls.start(
            batch_ids=[batch.pk],
            title=f"{RECALLED} {batch.code} 批次",
            reason="抽检发现该批次菌落总数偏高",
            advice="请停止食用，无需退货，货款会原路退回",
            actor=ACTOR,
        )
