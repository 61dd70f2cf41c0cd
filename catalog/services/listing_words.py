"""The dictionary of words to avoid: the starter set, brought back where words of it are gone."""

from catalog.models import ListingWord
from catalog.terms.listing_words import starter
from shop.core import audit
from shop.core.transactions import unit


@unit
def load_starter(*, actor: str) -> int:
    """Add those words of the starter set that aren't there; what the merchant changed stays. Returns how many
    were added."""
    known = set(ListingWord.objects.values_list("word", flat=True))
    fresh = [ListingWord(**row) for row in starter() if row["word"] not in known]
    ListingWord.objects.bulk_create(fresh, ignore_conflicts=True)
    audit.record(actor=actor, verb="load_listing_words", target="listing_words", after={"added": len(fresh)})
    return len(fresh)
