"""Finding goods by what people type: Chinese, pinyin, initials, halves of words, slips of the pen."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Ln

from catalog.models import Product
from catalog.selectors import spelling, synonyms, words
from catalog.terms import ProductStatus

WEIGHTS = [0.05, 0.2, 0.5, 1.0]
SALES_WEIGHT = 0.02
CLOSE_ENOUGH = 0.3
SPELLED_ENOUGH = 0.45
RANKED_AT_MOST = 1000
SIMILAR_AT_MOST = 200
TITLES_COMPARED = 8
NOTHING: Any = Value(0.0)


@dataclass(frozen=True)
class Found:
    """Products for a query, not yet in order; `rank` is the expression that orders them.

    `is_exact` is False when only something similar was found; `meant` is then the spelling that was searched
    for instead, or empty. `also` are the synonyms that were searched for as well.
    """

    query: str
    products: QuerySet[Product]
    is_exact: bool
    rank: Any = NOTHING
    meant: str = ""
    also: tuple[str, ...] = ()

    def best_first(self, products: QuerySet[Product]) -> QuerySet[Product]:
        """Some of the found products by rank; of very many only those that sell best are weighed."""
        weighed = products.order_by("-sold_count", "-id").values("pk")[:RANKED_AT_MOST]
        return (
            Product.objects.filter(pk__in=weighed)
            .annotate(rank=self.rank)
            .order_by("-rank", "-sold_count", "-id")
        )


def find(typed: str, *, as_typed: bool = False) -> Found:
    """Products on the shelf for what was typed; one small query, up to eight for what isn't found at once.

    Any text is allowed. First all words must occur (Latin ones as beginnings, Chinese also as pinyin), in the
    query or in one that says the same by synonyms. When nothing has them all, the spelling that was meant is
    searched for (unless `as_typed`); then what sounds the same; then what has some words or is spelled alike.
    """
    query = words.query(typed)
    if not query:
        return Found(query, _on_shelf().none(), is_exact=True)
    found = exactly(query)
    if found:
        return found
    sounding = _sounding(query)
    if sounding is not None and as_typed:
        return Found(query, _matching([sounding]), is_exact=False, rank=_weight([sounding]))
    near = _similar_ids(query) if sounding is None else []
    titles = _titles(Product.objects.filter(pk__in=near) if sounding is None else _matching([sounding]))
    meant = "" if as_typed else spelling.meant(query, titles)
    corrected = exactly(meant) if meant else None
    if corrected:
        return Found(query, corrected.products, is_exact=False, rank=corrected.rank, meant=meant)
    if sounding is not None:
        return Found(query, _matching([sounding]), is_exact=False, rank=_weight([sounding]))
    nearness = TrigramWordSimilarity(query, "search_text")
    return Found(query, _on_shelf().filter(pk__in=near), is_exact=False, rank=nearness)


def exactly(query: str) -> Found | None:
    """Products with all words of a folded query, or of one that says the same; None when there are none."""
    also = synonyms.alternates(query)
    cuts = [tokens for text in (query, *also) if (tokens := words.cut(text))]
    in_one_piece = [] if words.has_chinese(query) else ["".join(words.latin(query))]
    tries = [[in_one_piece]] if all(in_one_piece) and in_one_piece else []
    for ways in [*tries, cuts]:
        if ways and _is_any(_matching(ways)):
            return Found(query, _matching(ways), is_exact=True, rank=_weight(ways), also=tuple(also))
    return None


def _on_shelf() -> QuerySet[Product]:
    return Product.objects.filter(status=ProductStatus.ON_SHELF)


def _matching(ways: list[list[str]]) -> QuerySet[Product]:
    return _on_shelf().filter(search_vector=_ask(ways))


def _is_any(products: QuerySet[Product]) -> bool:
    """As `exists`, but the planner, told of a single row, would rather walk the table than use the index."""
    return bool(products.order_by()[:RANKED_AT_MOST].count())


def _weight(ways: list[list[str]]) -> Any:
    sales = Ln(Cast(F("sold_count") + 1, FloatField())) * Value(SALES_WEIGHT)
    return _rank(_ask(ways)) + _rank(_ask(ways, may_go_on=False)) + sales


def _rank(asked: SearchQuery) -> SearchRank:
    return SearchRank(F("search_vector"), asked, weights=Value(WEIGHTS))


def _sounding(query: str) -> list[str] | None:
    """How the words of a Chinese query sound, or all of it in one piece, if any goods sound so."""
    if not words.has_chinese(query):
        return None
    spelled = [words.pinyin(token) for token in words.cut(query)]
    in_one_piece = ["".join(spelled)]
    for tokens in ([token for token in spelled if words.is_latin(token)], in_one_piece):
        if tokens and all(map(words.is_latin, tokens)) and _is_any(_matching([tokens])):
            return tokens
        if tokens == in_one_piece:
            break
    return None


def _titles(products: QuerySet[Product]) -> list[str]:
    """What the likeliest of them are called, brands included."""
    rows = products.order_by("-sold_count", "-id").values_list("title", "brand__name")[:TITLES_COMPARED]
    return [name for row in rows for name in row if name]


def _similar_ids(query: str) -> list[int]:
    """The products that have some of the words, or a word spelled alike; by the indexes; the
    nearest two hundred.
    """
    tokens = [token for token in words.cut(query) if len(token) > 1]
    alike = Q(search_text__trigram_word_similar=query)
    if len(query) > 2:
        alike |= Q(search_text__contains=query)
    if tokens:
        alike |= Q(search_vector=_ask([[token] for token in tokens]))
    close = CLOSE_ENOUGH if words.has_chinese(query) else SPELLED_ENOUGH
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(close)])
        nearness = TrigramWordSimilarity(query, "search_text")
        found = (
            _on_shelf().filter(alike).annotate(nearness=nearness).order_by("-nearness", "-sold_count", "-id")
        )
        return list(found.values_list("pk", flat=True)[:SIMILAR_AT_MOST])


def _ask(ways: list[list[str]], *, may_go_on: bool = True) -> SearchQuery:
    """One of several lists of tokens, which are words without quotes, as a tsquery; Latin ones may go on."""
    asked = [" & ".join(_term(token, may_go_on) for token in tokens) for tokens in ways]
    return SearchQuery(" | ".join(f"({way})" for way in asked), config="simple", search_type="raw")


def _term(token: str, may_go_on: bool) -> str:
    return f"'{token}':*" if may_go_on and words.is_latin(token) else f"'{token}'"
