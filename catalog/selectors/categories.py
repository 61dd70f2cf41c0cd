"""The category tree, read once and kept in the cache."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import BigIntegerField, Case, F, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from catalog.models import Category

CACHE_KEY = "catalog:categories:1"
CACHE_SECONDS = 300


@dataclass(frozen=True)
class CategoryNode:
    """A visible category with its visible children; `path` holds the ids from the root down to itself."""

    id: int
    name: str
    slug: str
    icon: str
    depth: int
    path: tuple[int, ...]
    children: tuple["CategoryNode", ...]

    def all_ids(self) -> list[int]:
        """Its own id and those of everything below."""
        return [self.id, *(pk for child in self.children for pk in child.all_ids())]


def tree() -> tuple[CategoryNode, ...]:
    """The visible roots in order; one query when the cache is cold, none otherwise."""
    found: tuple[CategoryNode, ...] | None = cache.get(CACHE_KEY)
    if found is None:
        found = _read()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def find(slug: str) -> CategoryNode | None:
    """The visible category at this address."""
    return next((node for node in _walk(tree()) if node.slug == slug), None)


def node(category_id: int) -> CategoryNode | None:
    """The visible category with this id."""
    return next((node for node in _walk(tree()) if node.id == category_id), None)


def trail(category_id: int) -> list[CategoryNode]:
    """From the root down to this category; empty when it is hidden."""
    here = node(category_id)
    by_id = {one.id: one for one in _walk(tree())}
    return [by_id[pk] for pk in here.path] if here else []


def walk() -> list[CategoryNode]:
    """Every visible category, each followed by what is below it."""
    return _walk(tree())


def tree_order() -> list[OrderBy]:
    """Orders a queryset of categories so that each is followed by what is below it."""
    before = Value(-(2**31))
    on_top, in_the_middle = When(depth=1, then=before), When(depth=2, then=F("position"))
    middle = Case(on_top, in_the_middle, default=F("parent__position"))
    middle_id = Case(
        on_top, When(depth=2, then=F("id")), default=F("parent_id"), output_field=BigIntegerField()
    )
    return [
        Coalesce("parent__parent__position", "parent__position", "position").asc(),
        Coalesce("parent__parent_id", "parent_id", "id").asc(),
        middle.asc(),
        middle_id.asc(),
        Case(When(depth=3, then=F("position")), default=before).asc(),
        F("id").asc(),
    ]


def forget() -> None:
    """Drop the cached tree."""
    cache.delete(CACHE_KEY)


def _walk(nodes: tuple[CategoryNode, ...]) -> list[CategoryNode]:
    return [one for node in nodes for one in (node, *_walk(node.children))]


def _read() -> tuple[CategoryNode, ...]:
    rows: dict[int | None, list[Category]] = {}
    for row in Category.objects.filter(is_visible=True).order_by("position", "id"):
        rows.setdefault(row.parent_id, []).append(row)

    def build(parent_id: int | None, path: tuple[int, ...]) -> tuple[CategoryNode, ...]:
        return tuple(
            CategoryNode(
                id=row.pk,
                name=row.name,
                slug=row.slug,
                icon=row.icon,
                depth=row.depth,
                path=(*path, row.pk),
                children=build(row.pk, (*path, row.pk)),
            )
            for row in rows.get(parent_id, [])
        )

    return build(None, ())
