"""Finding goods by what people type: Chinese, pinyin, initials, halves of words, slips of the pen."""

import re
from dataclasses import dataclass

import rjieba
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Ln
from pypinyin import lazy_pinyin

from catalog.models import Product
from catalog.selectors import words
from catalog.terms import ProductStatus

WEIGHTS = [0.05, 0.2, 0.5, 1.0]
SALES_WEIGHT = 0.02
CLOSE_ENOUGH = 0.34
_LATIN = re.compile(r"^[0-9a-z]+$")
_WORD = re.compile(r"^\w+$")


@dataclass(frozen=True)
class Found:
    """Products for a query, `rank` annotated; `is_exact` is False when only something similar was found."""

    query: str
    products: QuerySet[Product]
    is_exact: bool


def find(typed: str) -> Found:
    """Products on the shelf for what was typed; one small query, the products are still to be read.

    Any text is allowed. First all words must occur (Latin ones as beginnings, Chinese also as pinyin); when
    nothing has them all, the nearest by sound, then by spelling, are found.
    """
    on_shelf = Product.objects.filter(status=ProductStatus.ON_SHELF)
    query = words.query(typed)
    if not query:
        return Found(query, on_shelf.none(), is_exact=True)
    for asked in _strict(query):
        found = _matching(on_shelf, asked)
        if found.exists():
            return Found(query, found, is_exact=True)
    by_sound = _by_sound(query)
    if by_sound is not None:
        found = _matching(on_shelf, by_sound)
        if found.exists():
            return Found(query, found, is_exact=False)
    return Found(query, _similar(on_shelf, query), is_exact=False)


def _matching(products: QuerySet[Product], asked: SearchQuery) -> QuerySet[Product]:
    rank = SearchRank(F("search_vector"), asked, weights=Value(WEIGHTS))
    sales = Ln(Cast(F("sold_count") + 1, FloatField())) * Value(SALES_WEIGHT)
    return products.filter(search_vector=asked).annotate(rank=rank + sales)


def _strict(query: str) -> list[SearchQuery]:
    """All words; or, for typed spaces within pinyin, all of it in one piece."""
    asked = [token for token in rjieba.cut(query) if _WORD.match(token)]
    tries = [_all_of(asked)] if asked else []
    if not words.has_chinese(query) and len(words.latin(query)) > 1:
        tries.append(_all_of(["".join(words.latin(query))]))
    return tries


def _by_sound(query: str) -> SearchQuery | None:
    if not words.has_chinese(query):
        return None
    spelled = ("".join(lazy_pinyin(token)) for token in rjieba.cut(query) if _WORD.match(token))
    return _all_of([token for token in spelled if _LATIN.match(token)])


def _similar(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    nearness = TrigramWordSimilarity(query, "search_text")
    return products.annotate(rank=nearness).filter(Q(search_text__contains=query) | Q(rank__gt=CLOSE_ENOUGH))


def _all_of(tokens: list[str]) -> SearchQuery | None:
    """Every token must occur; Latin ones may go on."""
    if not tokens:
        return None
    terms = [f"'{token}':*" if _LATIN.match(token) else f"'{token}'" for token in tokens]
    return SearchQuery(" & ".join(terms), config="simple", search_type="raw")
