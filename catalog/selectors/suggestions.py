"""Words for an empty search field, for one being typed in, and for one that found nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.cache import cache

from catalog.models import Brand, SearchWord
from catalog.selectors import categories, search, words
from catalog.selectors.cards import ProductCard, cards
from catalog.selectors.categories import CategoryNode

POPULAR_KEY = "catalog:popular_words"
POPULAR_SECONDS = 300
POPULAR_READ = 300
LEAST_HEAT = 2.0
WORDS_SHOWN = 6
CATEGORIES_SHOWN = 3
PRODUCTS_SHOWN = 4
NEAR_ENOUGH = 0.5
SOUNDS_ENOUGH = 0.75
SUGGESTED_SECONDS = 30


@dataclass(frozen=True)
class Suggestions:
    """What a half-typed query may become."""

    query: str
    words: tuple[str, ...]
    categories: tuple[CategoryNode, ...]
    products: tuple[ProductCard, ...]

    def __bool__(self) -> bool:
        return bool(self.words or self.categories or self.products)


def popular(limit: int = 10) -> list[str]:
    """What many searched for lately and found; one query when the cache is cold, none otherwise."""
    return _popular()[:limit]


def suggest(typed: str) -> Suggestions:
    """For what is in the field now; at most six queries, none when the same was asked a moment ago."""
    query = words.query(typed)
    if not query:
        return Suggestions("", (), (), ())
    key = f"catalog:suggest:{words.digest(query)}"
    found: Suggestions | None = cache.get(key)
    if found is None:
        found = _suggest(query)
        cache.set(key, found, SUGGESTED_SECONDS)
    return found


def near(typed: str, limit: int = WORDS_SHOWN) -> list[str]:
    """Words near one that found nothing: its own parts that find something, then what is spelled or sounds
    alike among popular words, categories and brands. At most six queries.
    """
    query = words.query(typed)
    parts = [part for part in dict.fromkeys(words.cut(query)) if len(part) > 1 and part != query][:3]
    found = [part for part in parts if search.exactly(part)]
    sound = words.pinyin(query)
    scored = []
    for word in dict.fromkeys([*_popular(), *_names(), *_brands()]):
        seen, heard = _alike(query, word), _alike(sound, words.pinyin(words.fold(word)))
        if word != query and (seen >= NEAR_ENOUGH or heard >= SOUNDS_ENOUGH):
            scored.append((max(seen, heard), word))
    found += [word for _, word in sorted(scored, key=lambda pair: -pair[0])]
    return list(dict.fromkeys(found))[:limit]


def forget() -> None:
    """Drop the cached words."""
    cache.delete(POPULAR_KEY)


def _suggest(query: str) -> Suggestions:
    sound = query.replace(" ", "") if not words.has_chinese(query) else ""
    nodes = [node for node in categories.walk() if _begins(node.name, query, sound)]
    typed = SearchWord.objects.filter(word__startswith=query, is_hidden=False, found_count__gt=0)
    often = typed.filter(heat__gte=LEAST_HEAT).order_by("-heat", "word")
    spoken = [word for word in _popular() if _begins(word, query, sound)]
    brands = [name for name in _brands() if _begins(name, query, sound)]
    found = search.exactly(query)
    best = cards(found.best_first(found.products)[:PRODUCTS_SHOWN]) if found else []
    said = [*often.values_list("word", flat=True)[:WORDS_SHOWN], *spoken, *brands]
    return Suggestions(
        query,
        tuple(word for word in dict.fromkeys(said) if words.fold(word) != query)[:WORDS_SHOWN],
        tuple(nodes[:CATEGORIES_SHOWN]),
        tuple(best),
    )


def _begins(name: str, query: str, sound: str) -> bool:
    folded = words.fold(name)
    return query in folded or bool(sound and len(sound) > 1 and words.pinyin(folded).startswith(sound))


def _popular() -> list[str]:
    found: list[str] | None = cache.get(POPULAR_KEY)
    if found is None:
        rows = SearchWord.objects.filter(heat__gte=LEAST_HEAT, found_count__gt=0, is_hidden=False)
        found = list(rows.order_by("-heat", "word").values_list("word", flat=True)[:POPULAR_READ])
        cache.set(POPULAR_KEY, found, POPULAR_SECONDS)
    return found


def _names() -> Iterable[str]:
    return (node.name for node in categories.walk())


def _brands() -> list[str]:
    """Names of brands; one query when the cache is cold."""
    found: list[str] | None = cache.get(f"{POPULAR_KEY}:brands")
    if found is None:
        found = list(Brand.objects.order_by("name").values_list("name", flat=True)[:POPULAR_READ])
        cache.set(f"{POPULAR_KEY}:brands", found, POPULAR_SECONDS)
    return found


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0
