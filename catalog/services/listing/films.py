"""Videos: as many as the category wants, of a length people watch."""

from collections.abc import Iterator

from catalog.services.listing.facts import Facts, Finding, SlotRule
from catalog.terms.listing import Slot


def look(facts: Facts) -> Iterator[Finding]:
    rules = facts.rules
    wanted = rules.slots.get(Slot.VIDEO, SlotRule(0)).count
    if len(facts.video_seconds) < wanted:
        yield from rules.finding("videos_few", count=len(facts.video_seconds), wanted=wanted)
    odd = [
        seconds
        for seconds in facts.video_seconds
        if not rules.video_shortest <= seconds <= rules.video_longest
    ]
    if odd:
        yield from rules.finding(
            "video_length",
            seconds=str(round(odd[0])),
            shortest=rules.video_shortest,
            longest=rules.video_longest,
        )
