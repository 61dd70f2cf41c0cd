"""The left navigation and the tabs above lists: of `menu`, only what one may open."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from shop.backoffice import waiting
from shop.backoffice.menu import GROUPS, Entry, Page, View


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups unfold draws, with badges; without pages that are not allowed and empty groups."""
    counts = waiting.counts(request.user)
    groups = []
    for group in GROUPS:
        items = [
            _item(request, entry, pages, counts)
            for entry in group.entries
            if (pages := _open(request, entry))
        ]
        if items:
            groups.append({"title": group.title, "items": items, "collapsible": group.is_folded})
    return groups


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Above each list the other lists of its entry."""
    return [
        {
            "models": [page.model for page in entry.pages if isinstance(page, Page)],
            "items": [
                {"title": page.title, "link": page.link(), "active": _is_here(request, page)}
                for page in pages
            ],
        }
        for group in GROUPS
        for entry in group.entries
        if len(pages := _open(request, entry)) > 1
    ]


def models() -> Iterator[str]:
    """Every model that has a place in the navigation."""
    for group in GROUPS:
        for entry in group.entries:
            yield from (page.model for page in entry.pages if isinstance(page, Page))


def _open(request: HttpRequest, entry: Entry) -> list[Page | View]:
    return [page for page in entry.pages if page.is_open_to(request)]


def _is_here(request: HttpRequest, page: Page | View) -> bool:
    if isinstance(page, View):
        return request.path == page.link()
    return request.path.startswith(page.link()) and request.path not in _views()


def _views() -> set[str]:
    return {
        page.link()
        for group in GROUPS
        for entry in group.entries
        for page in entry.pages
        if isinstance(page, View)
    }


def _item(
    request: HttpRequest, entry: Entry, pages: list[Page | View], counts: dict[str, waiting.Waiting]
) -> dict[str, Any]:
    title = entry.title if entry.title and len(pages) > 1 else pages[0].title
    item = {
        "title": title,
        "icon": entry.icon,
        "link": pages[0].link(),
        "active": any(_is_here(request, page) for page in pages),
    }
    badge = _badge(pages, counts)
    return item | {"badge": badge["text"], "badge_variant": badge["variant"]} if badge else item


def badges(request: HttpRequest) -> dict[str, dict[str, str]]:
    """The counts on the navigation as they are now: text and variant by the link of their line."""
    counts = waiting.counts(request.user)
    return {
        pages[0].link(): badge
        for group in GROUPS
        for entry in group.entries
        if any(page.chore for page in entry.pages)
        and (pages := _open(request, entry))
        and (badge := _badge(pages, counts))
    }


def _badge(pages: list[Page | View], counts: dict[str, waiting.Waiting]) -> dict[str, str] | None:
    codes = [page.chore for page in pages if page.chore in counts and counts[page.chore].count]
    if not codes:
        return None
    total = sum(counts[code].count for code in codes)
    tones = {chore.tone for chore in waiting.CHORES if chore.code in codes}
    variant = "danger" if "urgent" in tones else "warning" if "soon" in tones else "primary"
    return {"text": str(total) if total < 1000 else "999+", "variant": variant}
