"""The category tree, brands and tags as the merchant arranges them."""

from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.errors import CategoryInUse, CategoryTooDeep
from catalog.models import Category, Product
from catalog.selectors import categories
from catalog.services import search_text
from catalog.terms import CATEGORY_DEPTH
from shop.core import audit
from shop.core.errors import Invalid
from shop.core.transactions import unit

FIELDS = frozenset({"name", "slug", "position", "icon", "is_visible"})


@unit
def save(*, category: Category | None, parent: Category | None, actor: str, **fields: Any) -> Category:
    """Write a category under its parent (None for the top).

    Raises CategoryTooDeep, Invalid for a circle.
    """
    if fields.keys() - FIELDS:
        raise Invalid(fields=sorted(fields.keys() - FIELDS))
    category = category or Category()
    is_new = category.pk is None
    below = _below(category) if not is_new else []
    if parent is not None and parent.pk in {category.pk, *(one.pk for one in below)}:
        raise Invalid(field="parent")
    shift = (parent.depth + 1 if parent else 1) - category.depth
    deepest = max((one.depth for one in below), default=category.depth) + shift
    if deepest > CATEGORY_DEPTH:
        raise CategoryTooDeep(limit=CATEGORY_DEPTH)
    for name, value in fields.items():
        setattr(category, name, value)
    category.parent = parent
    category.depth += shift
    category.save()
    if shift:
        Category.objects.filter(pk__in=[one.pk for one in below]).update(depth=F("depth") + shift)
    audit.record(
        actor=actor,
        verb="create_category" if is_new else "update_category",
        target=f"category:{category.pk}",
        after={"name": category.name, "parent": category.parent_id, "is_visible": category.is_visible},
    )
    if not is_new:
        _reindex([category.pk, *(one.pk for one in below)])
    transaction.on_commit(categories.forget)
    return category


@unit
def remove(*, category: Category, actor: str) -> None:
    """Delete an empty category. Raises CategoryInUse while anything is in it."""
    if category.children.exists() or category.products.exists():
        raise CategoryInUse()
    audit.record(actor=actor, verb="delete_category", target=f"category:{category.pk}")
    category.delete()
    transaction.on_commit(categories.forget)


def _below(category: Category) -> list[Category]:
    found: list[Category] = []
    level = [category]
    while level := list(Category.objects.filter(parent__in=level)):
        found += level
    return found


def _reindex(category_ids: list[int]) -> None:
    search_text.rebuild(Product.objects.filter(category__in=category_ids).values_list("pk", flat=True))
