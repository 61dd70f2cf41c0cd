"""Findings as people read them: a sentence, what it costs, where to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.services.listing.facts import Finding
from catalog.services.listing.scoring import tone
from catalog.wording import listing as wording

ANCHORS = {"pictures": "#pictures", "videos": "#videos", "papers": "#papers"}
ICONS = {
    "title": "title",
    "subtitle": "short_text",
    "description": "notes",
    "category": "account_tree",
    "specs": "table",
    "pictures": "image",
    "videos": "videocam",
    "papers": "verified",
    "parameters": "list_alt",
}


@dataclass(frozen=True)
class Item:
    words: str
    points: int
    blocks: bool
    icon: str
    link: str
    hits: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Shown:
    """`tone` is danger, warning or success."""

    score: int
    tone: str
    items: tuple[Item, ...]
    blocking_count: int


def shown(
    score: int, findings: Iterable[Finding | Mapping[str, Any]], product_id: int | None, *, page: str = ""
) -> Shown:
    """For a page: `page` is the address of the product's form when this isn't it."""
    items = tuple(
        _item(one if isinstance(one, Finding) else Finding.of(one), product_id, page) for one in findings
    )
    blocking = sum(one.blocks for one in items)
    return Shown(score, tone(score, is_blocked=bool(blocking)), items, blocking)


def _item(one: Finding, product_id: int | None, page: str) -> Item:
    name, _dot, key = one.field.partition(".")
    if name == "specs" and product_id:
        link = reverse("admin:catalog_product_matrix", args=[product_id])
    elif name == "parameters":
        link = f"{page}#parameter_{key}"
    else:
        link = page + ANCHORS.get(name, f"#id_{name}")
    return Item(
        words=wording.sentence(one.code, one.parameters),
        points=one.points,
        blocks=one.blocks,
        icon=ICONS.get(name, "info"),
        link=link,
        hits=tuple(one.parameters.get("hits", ())),
    )
