"""The record of why these places serve an order."""

from collections.abc import Sequence
from typing import Any

from catalog.models import Place
from catalog.services.allocation import Pick, Plan, Want
from catalog.services.place_scores import PlaceScore
from shop.core import decisions
from shop.core.models import Decision

NOUN = "place"


def record(
    *, reference: str, wants: Sequence[Want], plan: Plan, mode: str, region_code: str, reason: str = ""
) -> Decision:
    """Keeps what was asked, how every place scored, and the picks; no address and no position of a person."""
    return decisions.record(
        noun=NOUN,
        reference=reference,
        inputs={
            "mode": mode,
            "region_code": region_code,
            "wants": [[want.line_key, want.sku_id, want.quantity] for want in wants],
            "scores": [_score_as_json(score) for score in plan.scores],
            **({"reason": reason} if reason else {}),
        },
        rules=list(plan.rules),
        outcome={"picks": [_pick_as_json(pick) for pick in plan.picks]},
    )


def by_hand(*, reference: str, place: Place, reason: str, actor: str) -> None:
    """Notes on the newest decision that a person chose another place; makes one when nothing was decided."""
    last = Decision.objects.filter(noun=NOUN, reference=reference).order_by("-pk").first()
    if last is None or last.override is not None:
        last = decisions.record(noun=NOUN, reference=reference, inputs={}, rules=["by_hand"], outcome={})
    decisions.override(last, outcome={"place_id": place.pk, "reason": reason}, actor=actor)


def _score_as_json(score: PlaceScore) -> dict[str, Any]:
    return {
        "place_id": score.place_id,
        "km": score.km,
        "is_estimate": score.is_estimate,
        "share": score.share,
        "parcel_cost": str(score.parcel_cost),
        "open_orders": score.open_orders,
        "score": round(score.score, 1),
    }


def _pick_as_json(pick: Pick) -> dict[str, int | str]:
    return {
        "line": pick.line_key,
        "sku_id": pick.sku_id,
        "place_id": pick.place_id,
        "level_id": pick.level_id,
        "quantity": pick.quantity,
    }
