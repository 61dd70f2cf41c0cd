"""What search reads of a product, written whenever its words change."""

from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from catalog.models import Category, Product
from catalog.selectors import words
from shop.core.transactions import unit


@unit
def rebuild(product_ids: Collection[int]) -> int:
    """Write search words of these products anew; returns how many there were."""
    products = (
        Product.objects.filter(pk__in=product_ids)
        .select_related("brand", "category__parent__parent")
        .prefetch_related("tags")
        .order_by("pk")
    )
    count = 0
    for product in products:
        title = words.fold(product.title)
        beside = words.fold(" ".join(_beside(product)))
        above = words.fold(" ".join(_categories(product)))
        readable = words.cut(title)
        spelled = [*words.spell(words.cut_fine(f"{title} {beside} {above}")), words.pinyin(title)]
        Product.objects.filter(pk=product.pk).update(
            search_vector=_vector(readable, "A")
            + _vector(words.cut_fine(f"{title} {beside}"), "B")
            + _vector([*words.cut_fine(above), *words.spell(readable)], "C")
            + _vector([*spelled, *title], "D"),
            search_text=" ".join([title, beside, above, *spelled]),
        )
        count += 1
    return count


def rebuild_all(batch: int = 200) -> int:
    """Write search words of every product anew, a batch a transaction."""
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    return sum(rebuild(ids[start : start + batch]) for start in range(0, len(ids), batch))


def _vector(found: Iterable[str], weight: str) -> SearchVector:
    return SearchVector(Value(" ".join(dict.fromkeys(found))), config="simple", weight=weight)


def _beside(product: Product) -> Iterable[str]:
    yield product.subtitle
    if product.brand:
        yield product.brand.name
    for tag in product.tags.all():
        yield tag.name


def _categories(product: Product) -> Iterable[str]:
    node: Category | None = product.category
    while node:
        yield node.name
        node = node.parent
