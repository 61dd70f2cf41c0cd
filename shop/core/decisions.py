"""Why the software chose what it chose."""

from collections.abc import Mapping, Sequence
from typing import Any

from shop.core import clock
from shop.core.models import Decision
from shop.core.transactions import unit_of_work


def record(
    *, noun: str, reference: str, inputs: Mapping[str, Any], rules: Sequence[Any], outcome: Mapping[str, Any]
) -> Decision:
    """Writes a decision in the running transaction. `inputs` and `outcome` hold JSON values, no personal
    data."""
    return Decision.objects.create(
        noun=noun, reference=reference, inputs=dict(inputs), rules=list(rules), outcome=dict(outcome)
    )


@unit_of_work
def override(decision: Decision, *, outcome: Mapping[str, Any], actor: str) -> None:
    """Notes that a person decided otherwise; the software's own outcome stays."""
    decision.override = dict(outcome)
    decision.overridden_by = actor
    decision.overridden_at = clock.now()
    decision.save(update_fields=["override", "overridden_by", "overridden_at"])
