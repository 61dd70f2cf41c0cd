"""Groups of words that mean the same, as search uses them."""

from django.core.cache import cache

from catalog.models import Synonym
from catalog.selectors import words

KEY = "catalog:synonyms"
SECONDS = 300
ALTERNATES_AT_MOST = 8


def groups() -> tuple[tuple[str, ...], ...]:
    """Every active group; one query when the cache is cold, none otherwise."""
    found: tuple[tuple[str, ...], ...] | None = cache.get(KEY)
    if found is None:
        rows = Synonym.objects.filter(is_active=True).order_by("pk").values_list("words", flat=True)
        found = tuple(tuple(row) for row in rows)
        cache.set(KEY, found, SECONDS)
    return found


def alternates(query: str) -> list[str]:
    """Other ways to say a folded query, at most eight: its words replaced by what means the same."""
    found: dict[str, None] = {}
    for group in groups():
        for word in group:
            if _says(query, word):
                found |= dict.fromkeys(query.replace(word, other) for other in group if other not in query)
    return list(found)[:ALTERNATES_AT_MOST]


def forget() -> None:
    """Drop what is cached."""
    cache.delete(KEY)


def _says(query: str, word: str) -> bool:
    """Chinese may stand anywhere; Latin words stand alone."""
    if words.has_chinese(word):
        return word in query
    return f" {word} " in f" {query} "
