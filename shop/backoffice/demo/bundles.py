"""Two bundle products and a co-branded gift box, made of goods the demo sells anyway."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from catalog.models import Bundle, Category, FreightTemplate, Partner, Product, Sku
from catalog.services import bundles, images, partners, products, spec_matrix
from catalog.services.bundles import Component
from catalog.services.spec_matrix import SkuRow
from catalog.terms.bundles import BundleKind
from shop.backoffice.demo import pictures
from shop.core import refs


@dataclass(frozen=True, slots=True)
class Box:
    """A bundle: what is inside by title, and what it costs."""

    title: str
    subtitle: str
    category: str
    root: str
    picture: str
    unit: str
    price: str
    inside: tuple[tuple[str, int], ...]
    code: str
    popularity: int
    description: str
    share: str = ""
    channel: str = ""


PARTNER = ("青山茶社", "qingshan", "陈掌柜, 市集二楼")
BOXES = (
    Box(
        title="元气早餐组合",
        subtitle="贝果 + 蜂蜜 + 拿铁, 一周不重样",
        category="biscuits",
        root="snacks-drinks",
        picture="1f956",
        unit="套",
        price="95.00",
        inside=(("全麦贝果", 1), ("土蜂蜜", 1), ("生椰拿铁", 1)),
        code="ZH-ZAOCAN",
        popularity=5,
        description="三样都是店里卖得好的早餐, 凑成一套更划算。",
    ),
    Box(
        title="追剧零食组合",
        subtitle="两个人的周末, 一套就够",
        category="nuts",
        root="snacks-drinks",
        picture="1f37f",
        unit="套",
        price="56.80",
        inside=(("焦糖爆米花", 2), ("海苔仙贝", 2), ("冰柠檬红茶", 2)),
        code="ZH-ZHUIJU",
        popularity=6,
        description="爆米花、仙贝和冰柠檬红茶各两份, 沙发上的标准配置。",
    ),
    Box(
        title="青山茶社联名茶礼",
        subtitle="明前龙井配板栗月饼, 送礼体面",
        category="stationery",
        root="lifestyle",
        picture="1f381",
        unit="盒",
        price="188.00",
        inside=(("西湖龙井", 1), ("迁西板栗仁", 2), ("流心月饼", 1), ("节日礼盒代包装", 1)),
        code="LH-CHALI",
        popularity=4,
        description="与青山茶社一起做的礼盒: 明前龙井、板栗仁和流心月饼, 附手写卡。",
        share="12",
        channel="QSCS-2026",
    ),
)


def load() -> list[tuple[Product, int]]:
    """Once: the bundles whose components the shop has, each with how well it sells."""
    if Bundle.objects.exists():
        return []
    return [(product, box.popularity) for box in BOXES if (product := _make(box))]


def _make(box: Box) -> Product | None:
    components = []
    for title, quantity in box.inside:
        sku = Sku.objects.filter(product__title=title, is_active=True).order_by("position", "pk").first()
        if sku is None:
            return None
        components.append(Component(sku.pk, quantity))
    product = products.create(
        actor=refs.SYSTEM,
        title=box.title,
        subtitle=box.subtitle,
        category=Category.objects.get(slug=box.category),
        description=f"<p>{box.description}</p>",
        sale_unit=box.unit,
        freight_template=FreightTemplate.objects.filter(name="标准配送").first(),
    )
    spec_matrix.save_matrix(
        product=product,
        axes=[],
        rows=[SkuRow(values=(), code=box.code, list_price=Decimal(box.price))],
        actor=refs.SYSTEM,
    )
    sku = product.skus.get()
    for shot in pictures.packshots(
        title=box.title,
        subtitle=box.subtitle,
        root_category=box.root,
        name=box.picture,
        count=2,
        is_showcase=False,
    ):
        images.add(product=product, file=BytesIO(shot), actor=refs.SYSTEM, alt=box.title)
    bundles.save(
        sku_id=sku.pk,
        components=components,
        actor=refs.SYSTEM,
        kind=BundleKind.GIFT_BOX if box.share else BundleKind.BUNDLE,
        partner_id=_partner().pk if box.share else None,
        revenue_share=Decimal(box.share or 0),
        channel_code=box.channel,
    )
    products.put_on_shelf(product=product, actor=refs.SYSTEM)
    return product


def _partner() -> Partner:
    name, code, contact = PARTNER
    return Partner.objects.filter(code=code).first() or partners.save(
        name=name, code=code, contact=contact, actor=refs.SYSTEM
    )
