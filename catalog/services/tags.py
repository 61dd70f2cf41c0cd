"""Tags that hang themselves: what is new, and what sells best."""

from datetime import timedelta

from django.db.models import Q, QuerySet, Sum

from catalog.models import Product, ProductTag, SkuDay, Tag, TagOverride
from catalog.policies import HOT_SHARE, NEW_DAYS
from catalog.services import search_text
from catalog.terms import AutomaticTag, ProductStatus
from catalog.terms.shelf import TagChoice
from shop.core import clock
from shop.core.transactions import unit

HOT_DAYS = 7


@unit
def refresh() -> int:
    """Hang and take down automatic tags; those hung by hand stay, and a person's always and never win over
    the rule. Returns how many rows changed."""
    now = clock.now()
    TagOverride.objects.filter(until_on__lt=clock.business_day(now)).delete()
    changed: set[int] = set()
    rules = {
        AutomaticTag.NEW: _new(now - timedelta(days=NEW_DAYS.get())),
        AutomaticTag.HOT: _hot(clock.business_day(now) - timedelta(days=HOT_DAYS)),
    }
    for tag in Tag.objects.exclude(automatic=""):
        wanted = {choice: set(_chosen(tag, choice)) for choice in TagChoice}
        by_rule = set(rules[AutomaticTag(tag.automatic)]) | wanted[TagChoice.ALWAYS]
        changed |= _hang(tag, by_rule - wanted[TagChoice.NEVER])
    search_text.rebuild(changed)
    return len(changed)


@unit
def hang_new(product_id: int) -> None:
    """Hang the tag of new goods on a product that was just put on the shelf, if it is new."""
    since = clock.now() - timedelta(days=NEW_DAYS.get())
    tag = Tag.objects.filter(automatic=AutomaticTag.NEW).first()
    if tag is None or product_id in _chosen(tag, TagChoice.NEVER):
        return
    if _new(since).filter(pk=product_id).exists():
        ProductTag.objects.get_or_create(product_id=product_id, tag=tag, defaults={"is_automatic": True})


def _chosen(tag: Tag, choice: TagChoice) -> QuerySet[TagOverride, int]:
    return TagOverride.objects.filter(tag=tag, choice=choice).values_list("product", flat=True)


def _hang(tag: Tag, product_ids: set[int]) -> set[int]:
    there = dict(ProductTag.objects.filter(tag=tag).values_list("product_id", "is_automatic"))
    fresh = product_ids - there.keys()
    gone = {pk for pk, is_automatic in there.items() if is_automatic} - product_ids
    ProductTag.objects.filter(tag=tag, product__in=gone).delete()
    ProductTag.objects.bulk_create(
        (ProductTag(tag=tag, product_id=pk, is_automatic=True) for pk in sorted(fresh)),
        ignore_conflicts=True,
    )
    return fresh | gone


def _new(since: object) -> QuerySet[Product, int]:
    return Product.objects.filter(
        status=ProductStatus.ON_SHELF, on_shelf_at__gte=since, created_at__gte=since
    ).values_list("pk", flat=True)


def _hot(since: object) -> list[int]:
    """The products that sold most pieces since the day: the set share of all on the shelf, at least one."""
    on_shelf = Product.objects.filter(status=ProductStatus.ON_SHELF)
    share = on_shelf.count() * HOT_SHARE.get()
    count = max(int(share), 1) if share else 0
    sums = (
        SkuDay.objects.filter(Q(on_date__gte=since), sku__product__status=ProductStatus.ON_SHELF)
        .values_list("sku__product")
        .annotate(sold=Sum("sold_count"))
        .filter(sold__gt=0)
        .order_by("-sold", "sku__product")
    )
    return [product_id for product_id, _ in sums[:count]]
