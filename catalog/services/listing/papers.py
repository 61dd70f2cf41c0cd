"""Papers: those the category needs, none of them expired."""

from collections.abc import Iterator
from datetime import timedelta

from catalog.services.listing.facts import Facts, Finding
from catalog.terms.listing import PaperKind


def look(facts: Facts) -> Iterator[Finding]:
    """The newest paper of a kind counts, so a renewed one takes the place of the old."""
    rules = facts.rules
    for kind in PaperKind:
        mine = [one for one in facts.papers if one.kind == kind]
        if not mine:
            if kind in rules.papers:
                yield from rules.finding("paper_missing", paper=kind.value)
            continue
        if any(one.expires_on is None for one in mine):
            continue
        last = max(one.expires_on for one in mine if one.expires_on)
        said = {"paper": kind.value, "day": last.isoformat()}
        if last < facts.today:
            yield from rules.finding("paper_expired", **said)
        elif last - facts.today <= timedelta(days=rules.expiry_notice_days):
            yield from rules.finding("paper_expiring", days=(last - facts.today).days, **said)
