"""Goods as staff look for them: by code, barcode or words, whatever their status."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.db.models.functions import Upper

from catalog.models import Product, Sku
from catalog.selectors import words

LONGEST = 40


def by_code(text: str, limit: int) -> list[Sku]:
    """SKUs whose code begins with the text, or whose barcode it is; with their products."""
    text = text.strip()[:LONGEST]
    if not text:
        return []
    started = Sku.objects.annotate(big_code=Upper("code")).filter(big_code__startswith=text.upper())
    found = list(Sku.objects.filter(barcode=text).select_related("product")[:1])
    found += started.select_related("product").order_by()[:limit]
    return list({sku.pk: sku for sku in found}.values())[:limit]


def by_words(text: str, limit: int) -> QuerySet[Product]:
    """Products with all of the text in their words, the best selling first.

    Every character of a title is a word of its index and Latin words answer to their beginnings, so one
    index narrows any text before a row is read.
    """
    folded = words.fold(text)[:LONGEST]
    asked = _asked(folded)
    if not asked:
        return Product.objects.none()
    rows = Product.objects.filter(search_vector=SearchQuery(asked, search_type="raw", config="simple"))
    for part in folded.split():
        rows = rows.filter(search_text__contains=part)
    return rows.order_by("-sold_count", "pk")[:limit]


def _asked(folded: str) -> str:
    parts: list[str] = []
    for piece in folded.split():
        latin = ""
        for letter in piece:
            if letter.isascii():
                latin += letter if letter.isalnum() else " "
            elif letter.isalnum():
                parts.append(f"'{letter}'")
        parts += [f"'{word}':*" for word in latin.split()]
    return " & ".join(dict.fromkeys(parts))
