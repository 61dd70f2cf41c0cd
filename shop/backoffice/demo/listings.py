"""Listings on their way to the shelf: rules and parameters of some categories, papers, and a queue in which
every state and every part of the scale is seen."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.core.files.storage import default_storage

from catalog.models import Category, CategoryRule, ListingReview, Parameter, PictureSlot, Product
from catalog.services import images, listing_parameters, listing_words, listings, openings, papers, products
from catalog.services.spec_matrix import SkuRow
from catalog.terms.listing import PaperKind, ParameterKind, Slot
from shop.core import clock, refs

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
FOODS = ("水果", "蔬菜", "肉禽蛋", "水产海鲜", "乳品烘焙", "零食饮料", "粮油调味")
PARAMETERS = (
    ("产地", ParameterKind.TEXT, (), "", "省市到县，或国家", True),
    ("净含量", ParameterKind.TEXT, (), "", "如 500g、5斤", True),
    ("保质期", ParameterKind.NUMBER, (), "天", "从生产日算起", False),
    ("储存方式", ParameterKind.CHOICE, ("常温", "冷藏", "冷冻"), "", "", True),
)
WORDS = (
    "清晨从合作果园采下，当天分拣、当天装箱。个头匀称，皮薄汁多，入口脆甜。到手后放冰箱冷藏，三天内吃完风味正好；"
    "坏果拍照给客服，按个赔付。每箱附产地卡，写着果园名字和采摘日期。"
)


@dataclass(frozen=True)
class Draft:
    """`like` names the product whose pictures and category it takes; `fate` what becomes of it."""

    title: str
    like: str
    fate: str
    pictures: int = 3
    subtitle: str = ""
    description: str = WORDS
    price: str = "39.90"
    hours: int = 3
    note: str = ""
    reason: str = ""
    says: dict[str, str] = field(default_factory=dict)
    expired: int | None = None


FULL = {"产地": "山东烟台栖霞", "净含量": "5斤", "保质期": "15", "储存方式": "冷藏"}
DRAFTS = (
    Draft(
        "栖霞红富士苹果 5斤装 12个",
        "苹果",
        "queue",
        4,
        "脆甜多汁，冰糖心",
        hours=26,
        note="第一批到货，今天能上吗",
        says=FULL,
    ),
    Draft(
        "山东大樱桃 2斤礼盒装",
        "车厘子",
        "queue",
        2,
        "果径28mm以上",
        hours=7,
        price="128.00",
        says={"产地": "山东烟台"},
    ),
    Draft("本地小番茄", "番茄", "queue", 1, "", "酸甜。", hours=4, price="9.90"),
    Draft(
        "手工红糖馒头 6个装",
        "吐司",
        "queue",
        2,
        "老面发酵",
        "手工老面，蒸六分钟。",
        hours=2,
        price="15.80",
        says={"净含量": "600g"},
    ),
    Draft(
        "全网最低价草莓 500g", "草莓", "submit", 2, "最新鲜", "全国第一的草莓，吃了能降血压。", price="19.90"
    ),
    Draft(
        "散装鸡蛋 30枚",
        "鸡蛋",
        "reject",
        1,
        "农家散养",
        hours=50,
        price="32.80",
        reason="图片看不清大小，请补一张和硬币的对比图。",
    ),
    Draft(
        "赣南脐橙 10斤产地直发",
        "脐橙",
        "approve",
        4,
        "皮薄多汁",
        hours=20,
        price="59.00",
        says=FULL | {"产地": "江西赣州", "净含量": "10斤"},
    ),
    Draft(
        "冷冻虾仁 500g",
        "虾",
        "expire",
        3,
        "去虾线，开袋即用",
        hours=5,
        price="49.90",
        expired=9,
        says={"产地": "广东湛江", "储存方式": "冷冻"},
    ),
    Draft("家用收纳篮", "收纳", "draft", 1, "", "", price="29.90"),
)


def load() -> int:
    """Once: a shop that has reviews of its own is left alone. Answers how many wait."""
    if ListingReview.objects.filter(note=DRAFTS[0].note).exists():
        return 0
    listing_words.load_starter(actor=refs.SYSTEM)
    _rules()
    for draft in DRAFTS:
        _list(draft)
    return ListingReview.objects.filter(outcome="").count()


def _rules() -> None:
    shop, _is_new = CategoryRule.objects.get_or_create(category=None)
    PictureSlot.objects.get_or_create(
        rule=shop, slot=Slot.MAIN, defaults={"count": 1, "long_side": 960, "short_side": 960, "ratio": "1:1"}
    )
    PictureSlot.objects.get_or_create(rule=shop, slot=Slot.SCENE, defaults={"count": 2})
    PictureSlot.objects.get_or_create(rule=shop, slot=Slot.VIDEO, defaults={"count": 0})
    for position, (name, kind, choices, unit, hint, is_required) in enumerate(PARAMETERS):
        for root in Category.objects.filter(parent=None, name__in=FOODS):
            Parameter.objects.get_or_create(
                category=root,
                name=name,
                defaults={
                    "kind": kind,
                    "choices": list(choices),
                    "unit": unit,
                    "hint": hint,
                    "is_required": is_required,
                    "position": position,
                },
            )


def _list(draft: Draft) -> None:
    like = Product.objects.filter(title__contains=draft.like).exclude(images=None).order_by("pk").first()
    if like is None:
        return
    with clock.shifted(-timedelta(hours=draft.hours)):
        product = products.create(
            actor=refs.SYSTEM,
            title=draft.title,
            subtitle=draft.subtitle,
            description=f"<p>{draft.description}</p>" if draft.description else "",
            category=like.category,
            brand=like.brand,
        )
        openings.save_table(
            product=product,
            axes=[],
            rows=[SkuRow(values=(), list_price=Decimal(draft.price))],
            openings={},
            place_id=None,
            actor=refs.SYSTEM,
        )
        for image in like.images.all()[: draft.pictures]:
            with default_storage.open(image.path) as file:
                images.add(product=product, file=file, actor=refs.SYSTEM, alt=draft.title)
        asked = Parameter.objects.filter(name__in=draft.says)
        trail = {like.category_id, like.category.parent_id}
        values = {one.pk: draft.says[one.name] for one in asked if one.category_id in trail}
        listing_parameters.save(product=product, values=values, actor=refs.SYSTEM)
        if draft.expired is not None:
            day = clock.business_day(clock.now()) - timedelta(days=draft.expired)
            papers.add(
                product=product,
                kind=PaperKind.QC_REPORT,
                content=PDF,
                number="QC-2025-0117",
                expires_on=day,
                actor=refs.SYSTEM,
            )
        product.refresh_from_db()
        _send(draft, product)


def _send(draft: Draft, product: Product) -> None:
    if draft.fate == "draft":
        listings.check(product=product)
        return
    review = listings.submit(product=product, actor=refs.SYSTEM, note=draft.note)
    if draft.fate == "reject":
        listings.reject(review=review, actor=refs.SYSTEM, reason=draft.reason)
    elif draft.fate == "approve":
        listings.approve(review=review, actor=refs.SYSTEM)
