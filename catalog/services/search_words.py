"""Counting what is searched for. Nothing of who searched is kept."""

import re
from datetime import timedelta

from django.db import connection

from catalog.models import SearchWord
from catalog.selectors import suggestions, words
from shop.core import audit, clock, retention
from shop.core.transactions import unit

FADES_TO = 0.9
KEPT = timedelta(days=180)
PRIVATE = re.compile(r"\d{6,}|@|https?:")
_COUNT = """
INSERT INTO catalog_searchword (word, searched_count, heat, found_count, is_hidden, last_at)
VALUES (%s, 1, 1, %s, false, %s)
ON CONFLICT (word) DO UPDATE SET
    searched_count = catalog_searchword.searched_count + 1,
    heat = catalog_searchword.heat + 1,
    found_count = EXCLUDED.found_count,
    last_at = EXCLUDED.last_at
"""


def note(*, typed: str, found_count: int) -> None:
    """Count one search and what it found exactly; one statement.

    What looks like a number of somebody (phone, order) or an address isn't kept.
    """
    word = words.query(typed)
    if not word or PRIVATE.search(word.replace(" ", "").replace("-", "")):
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [word, found_count, clock.page_now()])


@unit
def hide(*, word: SearchWord, is_hidden: bool, actor: str) -> None:
    """Never suggest a word to shoppers, or do so again."""
    SearchWord.objects.filter(pk=word.pk).update(is_hidden=is_hidden)
    audit.record(
        actor=actor,
        verb="hide_search_word" if is_hidden else "show_search_word",
        target=f"search_word:{word.pk}",
    )
    suggestions.forget()


def fade() -> int:
    """Once a day: yesterday's searches count a little less than today's. Returns how many words faded."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_searchword SET heat = heat * %s WHERE heat > 0.01", [FADES_TO])
        return int(cursor.rowcount)


retention.keep("search_words", KEPT, lambda before: SearchWord.objects.filter(last_at__lt=before))
