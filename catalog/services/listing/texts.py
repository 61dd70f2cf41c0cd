"""Subtitle and description: there, and long enough to answer questions."""

from collections.abc import Iterator

from catalog.services.listing.facts import Facts, Finding
from catalog.terms.listing import Slot


def look(facts: Facts) -> Iterator[Finding]:
    rules = facts.rules
    if not facts.subtitle.strip():
        yield from rules.finding("subtitle_missing")
    length = len("".join(facts.description.split()))
    if length < rules.description_shortest:
        yield from rules.finding("description_short", length=length, shortest=rules.description_shortest)
    wanted = rules.slots.get(Slot.DETAIL)
    if wanted and facts.detail_pictures < wanted.count:
        yield from rules.finding("details_few", count=facts.detail_pictures, wanted=wanted.count)
