"""What a shop that looks after its shelf has about: warnings, checks, a take-down, a plan for the season."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from django.core.files.base import File
from django.core.files.storage import default_storage

from catalog.models import IdleWarning, Product, ProductImage, SpotCheck, Tag
from catalog.policies.shelf import FEW_PICTURES
from catalog.services import (
    idle,
    picture_edits,
    product_views,
    products,
    seasons,
    spot_checks,
    tag_overrides,
    take_downs,
    twins,
    videos,
)
from catalog.services.retouching import Steps
from catalog.terms import AutomaticTag, ProductStatus
from catalog.terms.shelf import CheckItem, IdleCause, TagChoice, TakeDownCause
from shop.core import clock, refs

FILMED = "香氛洗衣液"
CLIP = Path(__file__).parent / "assets" / "clip.mp4"
VIEWED_DAYS = 40
SEASON = ("柚", "栗", "梨", "枣", "薯", "羊", "火锅", "茶", "燕麦", "蜂蜜")
CLEARED = 15


def load(chance: Random) -> int:
    """Once: a shop that has a plan is left alone. Answers how many warnings there are."""
    if SpotCheck.objects.exists():
        return 0
    goods = list(Product.objects.filter(status=ProductStatus.ON_SHELF).order_by("pk"))
    FEW_PICTURES.set(2, actor=refs.SYSTEM)
    _look(chance, goods)
    while twins.scan():
        pass
    _film(goods)
    _improve(goods)
    _check(chance)
    _take_down(goods)
    _plan(goods)
    _tag(goods)
    return _warn()


def _look(chance: Random, goods: Sequence[Product]) -> None:
    """Page views of the last weeks, more of what sells."""
    today = clock.business_day(clock.now())
    for number in range(VIEWED_DAYS):
        day = today - timedelta(days=number)
        most = max((product.sold_count for product in goods), default=1) or 1
        found = {
            product.pk: int(chance.expovariate(1 / (0.6 + 22 * product.sold_count / most)))
            for product in goods
        }
        product_views.write(day, {pk: count for pk, count in found.items() if count})


def _film(goods: Sequence[Product]) -> None:
    """The clip is made of this product's own pictures."""
    shown = next((product for product in goods if product.title == FILMED), None)
    first = ProductImage.objects.filter(product=shown).first() if shown else None
    if shown and first:
        with CLIP.open("rb") as clip, default_storage.open(first.path) as cover:
            videos.add(product=shown, file=File(clip), cover=cover, actor=refs.SYSTEM)


def _improve(goods: Sequence[Product]) -> None:
    image = ProductImage.objects.filter(product=goods[len(goods) // 2]).first()
    if image is not None:
        picture_edits.apply(image=image, steps=Steps(auto_light=True, sharpen=40), actor=refs.SYSTEM)


def _check(chance: Random) -> None:
    with clock.shifted(-timedelta(days=6)):
        done = spot_checks.pick(count=4, actor=refs.SYSTEM)
        for check in done[:-1]:
            fine = dict.fromkeys(CheckItem.values, True)
            spot_checks.finish(check=check, found=fine, note="", actor=refs.SYSTEM)
    spot_checks.pick(count=4, actor=refs.SYSTEM)


def _take_down(goods: Sequence[Product]) -> None:
    """One that ended well weeks ago, and one that waits."""
    settled, waiting = sorted(goods, key=lambda product: (product.sold_count, product.pk))[:2]
    with clock.shifted(-timedelta(days=20)):
        settled.refresh_from_db()
        row = take_downs.take_down(
            product=settled, cause=TakeDownCause.WRONG, reason="标签上的净含量写错了", actor=refs.SYSTEM
        )
        take_downs.settle(take_down_id=row.pk, settlement="已换新标签", may_return=True, actor=refs.SYSTEM)
        products.put_on_shelf(product=settled, actor=refs.SYSTEM)
    take_downs.take_down(
        product=waiting, cause=TakeDownCause.SAFETY, reason="供应商通知：包装可能漏气", actor=refs.SYSTEM
    )


def _plan(goods: Sequence[Product]) -> None:
    today = clock.business_day(clock.now())
    fitting = [product for product in goods if any(word in product.title for word in SEASON)] or list(goods)
    winter, festival = fitting[:6], fitting[6:10] or list(goods[:4])
    drafts = list(Product.objects.filter(status=ProductStatus.DRAFT).order_by("pk")[:2])
    seasons.save(
        plan=None,
        name="冬季暖身",
        stock_on=today - timedelta(days=6),
        visuals_on=today - timedelta(days=3),
        on_on=today,
        off_on=today + timedelta(days=60),
        goods=[*winter, *drafts],
        note="火锅、热饮和甜薯放在首页",
        actor=refs.SYSTEM,
    )
    seasons.save(
        plan=None,
        name="年货节",
        stock_on=today + timedelta(days=21),
        visuals_on=today + timedelta(days=25),
        on_on=today + timedelta(days=35),
        off_on=today + timedelta(days=70),
        goods=festival,
        note="礼盒提前备货，快递停运前收单",
        actor=refs.SYSTEM,
    )
    seasons.carry_out()


def _tag(goods: Sequence[Product]) -> None:
    hot = Tag.objects.filter(automatic=AutomaticTag.HOT).first()
    if hot is not None:
        for product, choice in ((goods[3], TagChoice.ALWAYS), (goods[5], TagChoice.NEVER)):
            tag_overrides.choose(
                product=product,
                tag=hot,
                choice=choice,
                until_on=clock.business_day(clock.now()) + timedelta(days=30),
                actor=refs.SYSTEM,
            )


def _warn() -> int:
    """Scanned as every morning; one is answered with each of the three answers."""
    idle.scan()
    waiting = list(IdleWarning.objects.filter(answer="").order_by("pk"))
    dear = [one for one in waiting if one.cause in (IdleCause.TOO_DEAR, IdleCause.NOT_WANTED)]
    if dear:
        idle.clear(warning=dear[0], percent_off=CLEARED, reason="清仓", actor=refs.SYSTEM)
    rest = [one for one in waiting if one not in dear[:1]]
    if len(rest) > 3:
        until = clock.business_day(clock.now()) + timedelta(days=45)
        idle.ignore(warning=rest[-1], until=until, actor=refs.SYSTEM)
    return len(waiting)
