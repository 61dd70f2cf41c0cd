"""What search reads of a product, written whenever its words change."""

from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from pypinyin import lazy_pinyin

from catalog.models import Product
from catalog.selectors.words import fold
from shop.core import text
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
        title = fold(product.title)
        beside = fold(" ".join(_beside(product)))
        above = fold(" ".join(_categories(product)))
        spelled = f"{_spelling(title)} {_spelling(beside)}"
        Product.objects.filter(pk=product.pk).update(
            search_vector=_vector(text.segment(title), "A")
            + _vector(text.segment(beside), "B")
            + _vector(text.segment(above, pinyin=True), "C")
            + _vector(f"{spelled} {' '.join(title)}", "D"),
            search_text=" ".join(f"{title} {beside} {above} {spelled}".split()),
        )
        count += 1
    return count


def rebuild_all(batch: int = 200) -> int:
    """Write search words of every product anew, a batch a transaction."""
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    return sum(rebuild(ids[start : start + batch]) for start in range(0, len(ids), batch))


def _vector(words: str, weight: str) -> SearchVector:
    return SearchVector(Value(words), config="simple", weight=weight)


def _spelling(folded: str) -> str:
    """Pinyin of every word, its initials, and the whole in one piece."""
    whole = "".join(lazy_pinyin(folded, errors=lambda rest: "".join(rest.split())))
    return f"{text.segment(folded, pinyin=True)} {whole}"


def _beside(product: Product) -> Iterable[str]:
    yield product.subtitle
    if product.brand:
        yield product.brand.name
    for tag in product.tags.all():
        yield tag.name


def _categories(product: Product) -> Iterable[str]:
    node = product.category
    while node:
        yield node.name
        node = node.parent
