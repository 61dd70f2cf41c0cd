"""Parameters: those the category needs, each in its form."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.services.listing.facts import Facts, Finding, ParameterFact
from catalog.terms.listing import ParameterKind


def look(facts: Facts) -> Iterator[Finding]:
    for one in facts.parameters:
        at = f"parameters.{one.id}"
        if not one.value.strip():
            if one.is_required:
                yield from facts.rules.finding("parameter_missing", at=at, name=one.name)
        elif not fits(one):
            yield from facts.rules.finding("parameter_wrong", at=at, name=one.name, value=one.value[:40])


def fits(one: ParameterFact) -> bool:
    """Whether the value is what its kind asks for."""
    value = one.value.strip()
    if one.kind == ParameterKind.CHOICE:
        return value in one.choices
    try:
        if one.kind == ParameterKind.NUMBER:
            return Decimal(value).is_finite()
        if one.kind == ParameterKind.DATE:
            date.fromisoformat(value)
    except (InvalidOperation, ValueError):
        return False
    return True
