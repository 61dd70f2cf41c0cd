"""Categories, brands, products with pictures, and their first stock."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import product as combinations

from django.db import connection

from catalog.models import Brand, Category, FreightTemplate, Product, Tag
from catalog.selectors import ean
from catalog.services import categories, images, products, spec_matrix
from catalog.services.spec_matrix import AxisRow, SkuRow, ValueRow
from catalog.terms import AutomaticTag
from shop.backoffice.demo import goods_fresh, goods_household, goods_packaged, pictures, showcase
from shop.backoffice.demo.categories import BRANDS, TREE
from shop.backoffice.demo.good import Good
from shop.backoffice.demo.showcase import SHOWCASE
from shop.core import clock, uploads

GOODS = [*goods_fresh.GOODS, *goods_household.GOODS, *goods_packaged.GOODS]
ACTOR = "system"
PICTURES = 2


def list_all(count: int | None = None) -> list[tuple[Good, Product]]:
    """Writes every product, or `count` of all kinds, with its specifications; no pictures yet."""
    chosen = GOODS if count is None else GOODS[:: max(1, len(GOODS) // count)]
    slots = dict(_categories())
    brands = {name: Brand.objects.get_or_create(name=name, defaults={"slug": f"brand-{n}"})[0] for n, name in enumerate(BRANDS)}  # fmt: skip  # noqa: E501
    tags = _tags()
    standard, cold = (FreightTemplate.objects.get(name=name) for name in ("标准配送", "冷链配送"))
    listed = []
    for position, good in enumerate(chosen):
        product = products.create(
            actor=ACTOR,
            tags=[tags[name] for name in good.tags],
            title=good.title,
            subtitle=good.subtitle,
            category=slots[good.category],
            brand=brands.get(good.brand),
            description=_description(good),
            sale_unit=good.unit,
            is_weighed=good.is_weighed,
            no_reason_return=not good.is_fresh,
            freight_template=cold if good.is_fresh else standard,
            promised_ship_hours=24 if good.is_fresh else 48,
            position=position,
        )
        spec_matrix.save_matrix(
            product=product,
            axes=[AxisRow(name, tuple(ValueRow(value) for value in values)) for name, values in good.axes],
            rows=list(_rows(good, position)),
            actor=ACTOR,
        )
        listed.append((good, product))
    return listed


def stage(listed: list[tuple[Good, Product]], progress: Callable[[int], None]) -> None:
    """Composes and takes in the pictures, two at a time."""
    roots = {child[0]: root[0] for root in TREE for child in [root, *root[3]]}

    def work(one: tuple[Good, Product]) -> None:
        good, product = one
        try:
            for shot in pictures.packshots(
                title=good.title,
                subtitle=good.subtitle,
                root_category=roots[good.category],
                name=good.objects,
                count=PICTURES + 1 if good.popularity >= 8 or good.title in SHOWCASE else PICTURES,
                is_showcase=good.title in SHOWCASE,
            ):
                images.add(product=product, file=BytesIO(shot), actor=ACTOR, alt=good.title)
            if good.title in SHOWCASE:
                _present(good, product, roots[good.category])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done, _result in enumerate(pool.map(work, listed), 1):
            progress(done)


def _present(good: Good, product: Product, root: str) -> None:
    """The detail page of a showcase product, with its banner."""
    shown = SHOWCASE[good.title]
    banner = pictures.banner(
        headline=shown.headline, words=shown.words, root_category=root, name=good.objects
    )
    stored = uploads.store_image(BytesIO(banner), "details")
    products.update(
        product=product, actor=ACTOR, description=showcase.description(shown, uploads.url(stored.path))
    )


def show(listed: list[tuple[Good, Product]], since: timedelta) -> None:
    """Puts everything on the shelf so long ago, and every twelfth product during the last two weeks."""
    for position, (_good, product) in enumerate(listed):
        age = timedelta(days=1 + position % 13, hours=position % 7) if position % 12 == 5 else since
        with clock.shifted(-age):
            Product.objects.filter(pk=product.pk).update(created_at=clock.page_now() - timedelta(hours=2))
            products.put_on_shelf(product=product, actor=ACTOR, reason="demo")


def _categories() -> Iterator[tuple[str, Category]]:
    for position, (slug, name, icon, children) in enumerate(TREE):
        root = categories.save(
            category=None, parent=None, actor=ACTOR, name=name, slug=slug, position=position, icon=icon
        )
        yield slug, root
        for order, (child_slug, child_name, child_icon) in enumerate(children):
            yield (
                child_slug,
                categories.save(
                    category=None,
                    parent=root,
                    actor=ACTOR,
                    name=child_name,
                    slug=child_slug,
                    position=order,
                    icon=child_icon,
                ),
            )


def _tags() -> dict[str, Tag]:
    rows = ((AutomaticTag.HOT, "爆款", "#C8371B"), (AutomaticTag.NEW, "新品", "#2B7A4B"))
    return {
        rule: Tag.objects.get_or_create(
            slug=rule.value, defaults={"name": name, "colour": colour, "automatic": rule}
        )[0]
        for rule, name, colour in rows
    }


def _rows(good: Good, position: int) -> Iterator[SkuRow]:
    for number, values in enumerate(combinations(*(values for _name, values in good.axes))):
        price = Decimal(good.prices[number])
        grams = good.grams[number] if len(good.grams) > 1 else good.grams[0]
        yield SkuRow(
            values=tuple(values),
            list_price=price,
            code=f"WM{position + 1:04d}{number + 1:02d}",
            barcode=_ean(f"69{position + 1:08d}{number + 1:02d}"),
            cost_price=(price * good.cost_rate).quantize(Decimal("0.01")),
            weight_grams=grams,
            volume_cm3=grams * 2,
            nominal_grams=grams if good.is_weighed else None,
            price_basis_grams=500 if good.is_weighed else None,
        )


def _description(good: Good) -> str:
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in good.parameters)
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    care = (
        "<p>冷链到店, 收到后请尽快冷藏。若有坏损, 24 小时内拍照给客服。</p>"
        if good.is_fresh
        else "<p>支持七日无理由退货, 商品完好即可。</p>"
    )
    return f"<h3>{good.title}</h3><p>{good.subtitle}。</p>{table}{care}"


def _ean(body: str) -> str:
    return body + ean.check_digit(body)
