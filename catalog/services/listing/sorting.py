"""The category: allowed, as close as it can be, and where similar goods are."""

from collections.abc import Iterator
from decimal import Decimal

from catalog.services.listing.facts import Facts, Finding

SURE = Decimal("0.6")
STRANGE = Decimal("0.1")


def look(facts: Facts) -> Iterator[Finding]:
    rules, near = facts.rules, facts.nearest
    if rules.is_prohibited:
        yield from rules.finding("category_prohibited")
    if facts.deeper_categories:
        yield from rules.finding("category_not_last", names="、".join(facts.deeper_categories[:4]))
    if near is not None and near.share >= SURE and near.own_share <= STRANGE:
        yield from rules.finding(
            "category_mismatch", name=near.name, category=near.category_id, share=str(round(near.share, 2))
        )
