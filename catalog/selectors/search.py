"""Finding goods by what people type: Chinese, pinyin, initials, halves of words, slips of the pen."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Ln

from catalog.models import Product
from catalog.selectors import words
from catalog.terms import ProductStatus

WEIGHTS = [0.05, 0.2, 0.5, 1.0]
SALES_WEIGHT = 0.02
CLOSE_ENOUGH = 0.3


@dataclass(frozen=True)
class Found:
    """Products for a query, `rank` annotated; `is_exact` is False when only something similar was found."""

    query: str
    products: QuerySet[Product]
    is_exact: bool


def find(typed: str) -> Found:
    """Products on the shelf for what was typed; one small query or two, the products are still to be read.

    Any text is allowed. First all words must occur (Latin ones as beginnings, Chinese also as pinyin). When
    nothing has them all, what sounds the same is found; then what has some of them or is spelled alike.
    """
    on_shelf = Product.objects.filter(status=ProductStatus.ON_SHELF)
    query = words.query(typed)
    if not query:
        return Found(query, on_shelf.none(), is_exact=True)
    for tokens in _strict(query):
        found = _matching(on_shelf, tokens)
        if found.exists():
            return Found(query, found, is_exact=True)
    for tokens in _by_sound(query):
        found = _matching(on_shelf, tokens)
        if found.exists():
            return Found(query, found, is_exact=False)
    return Found(query, _similar(on_shelf, query), is_exact=False)


def _matching(products: QuerySet[Product], tokens: list[str]) -> QuerySet[Product]:
    asked = _ask(tokens, " & ")
    sales = Ln(Cast(F("sold_count") + 1, FloatField())) * Value(SALES_WEIGHT)
    whole_words = _rank(_ask(tokens, " & ", may_go_on=False))
    return products.filter(search_vector=asked).annotate(rank=_rank(asked) + whole_words + sales)


def _rank(asked: SearchQuery) -> SearchRank:
    return SearchRank(F("search_vector"), asked, weights=Value(WEIGHTS))


def _strict(query: str) -> list[list[str]]:
    """All words; before that, for spaces typed within pinyin, all of it in one piece."""
    in_one_piece = [] if words.has_chinese(query) else ["".join(words.latin(query))]
    return _different([in_one_piece, words.cut(query)])


def _by_sound(query: str) -> list[list[str]]:
    """How the words sound; or all of it in one piece."""
    if not words.has_chinese(query):
        return []
    spelled = [words.pinyin(token) for token in words.cut(query)]
    return _different([[token for token in spelled if words.is_latin(token)], ["".join(spelled)]])


def _different(tries: list[list[str]]) -> list[list[str]]:
    return [tokens for n, tokens in enumerate(tries) if all(tokens) and tokens and tokens not in tries[:n]]


def _similar(products: QuerySet[Product], query: str) -> QuerySet[Product]:
    nearness = TrigramWordSimilarity(query, "search_text")
    alike = Q(search_text__contains=query) | Q(nearness__gt=CLOSE_ENOUGH)
    products = products.annotate(nearness=nearness)
    tokens = [token for token in words.cut(query) if len(token) > 1]
    if not tokens:
        return products.annotate(rank=F("nearness")).filter(alike)
    some = _ask(tokens, " | ")
    return products.annotate(rank=F("nearness") + _rank(some)).filter(alike | Q(search_vector=some))


def _ask(tokens: list[str], joined_by: str, *, may_go_on: bool = True) -> SearchQuery:
    """The tokens, which are words without quotes, as a tsquery; Latin ones may go on."""
    terms = [f"'{token}':*" if may_go_on and words.is_latin(token) else f"'{token}'" for token in tokens]
    return SearchQuery(joined_by.join(terms), config="simple", search_type="raw")
