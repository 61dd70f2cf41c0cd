"""Where an order is sent from: what each place holds of it, what that is worth, and why these places."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Place
from catalog.selectors import held
from orders.models import LineComponent, Order, OrderLine
from shop.core import money
from shop.core.models import Decision


@dataclass(frozen=True, slots=True)
class Planned:
    """A parcel that has not left: its place, its goods in words, and its part of what they cost."""

    place: Place
    goods: tuple[str, ...]
    worth: Decimal


@dataclass(frozen=True, slots=True)
class Weighed:
    """How one place did when the shop chose; `words` say it."""

    name: str
    score: float
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Why:
    """`sentences` say why; `places` compare those that had some of the goods, best first."""

    sentences: tuple[str, ...]
    places: tuple[Weighed, ...]


def planned(order: Order, lines: Sequence[OrderLine]) -> list[Planned]:
    """What still lies in each place for this order; two queries. The lines carry their components. What the
    goods of a line cost is spread over its pieces to the fen, whatever parcel they travel in."""
    stored = held.by_place(order.reference)
    if not stored:
        return []
    places = {place.pk: place for place in Place.objects.filter(pk__in=stored)}
    pieces: dict[str, OrderLine | LineComponent] = {}
    for line in lines:
        pieces.update({one.key: one for one in line.components.all()})
        if not line.components.all():
            pieces[line.key] = line
    found: dict[int, list[str]] = {pk: [] for pk in stored}
    worth: dict[int, Decimal] = dict.fromkeys(stored, money.ZERO)
    for key, one in pieces.items():
        there = {pk: mine[key] for pk, mine in stored.items() if mine.get(key)}
        shares = money.split(one.due, {**there, 0: one.quantity - sum(there.values())}) if there else {}
        for pk, count in there.items():
            found[pk].append(f"{_name(one)} × {count}")
            worth[pk] += shares[pk]
    return [Planned(places[pk], tuple(found[pk]), worth[pk]) for pk in sorted(stored)]


def why(order: Order) -> Why | None:
    """Why these places, in words; None when nothing was ever decided. Two queries."""
    decisions = list(Decision.objects.filter(noun="place", reference=order.reference).order_by("pk"))
    if not decisions:
        return None
    ids = {row["place_id"] for one in decisions for row in one.inputs.get("scores", [])}
    ids |= {one.override["place_id"] for one in decisions if one.override}
    names = dict(Place.objects.filter(pk__in=ids).values_list("pk", "name"))
    sentences: list[str] = []
    weighed: list[Weighed] = []
    for one in decisions:
        sentences += _rules(one.rules)
        chosen = {pick["place_id"] for pick in one.outcome.get("picks", [])}
        scores = one.inputs.get("scores", [])
        weighed = [_weighed(row, names, chosen) for row in scores] or weighed
        if one.override:
            sentences.append(
                _("Moved by hand to {place}: {reason}").format(
                    place=names.get(one.override["place_id"], "?"), reason=one.override["reason"]
                )
            )
    return Why(tuple(sentences), tuple(weighed))


def _rules(rules: Sequence[str]) -> list[str]:
    words = {
        "one_place": _("One parcel: the best of the places that have everything."),
        "fewest_parcels": _("No place has everything; these need the fewest parcels."),
        "most_lines": _("Each parcel takes as many whole lines as its place can complete."),
        "split_line": _("No single place has enough of one of the goods, so its pieces come from several."),
    }
    return [words[rule] for rule in rules if rule in words and not (rule == "one_place" and len(rules) > 1)]


def _weighed(row: dict[str, Any], names: dict[int, str], chosen: set[int]) -> Weighed:
    parts = []
    if row["km"] is not None:
        parts.append((_("about {km} km") if row["is_estimate"] else _("{km} km")).format(km=row["km"]))
    parts.append(_("has {share}% of the goods").format(share=row["share"]))
    parts.append(_("{cost} a parcel").format(cost=money.show(Decimal(row["parcel_cost"]))))
    parts.append(_("{count} orders waiting").format(count=row["open_orders"]))
    return Weighed(
        name=names.get(row["place_id"], "?"),
        score=row["score"],
        words=" · ".join(parts),
        is_chosen=row["place_id"] in chosen,
    )


def _name(one: OrderLine | LineComponent) -> str:
    return f"{one.title} {one.spec_text}".strip()
