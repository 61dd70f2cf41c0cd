"""Lines of bundle products, component by component: what they hold, send, keep back and give back.

The counts of the components are the truth; those of the line say the same in whole bundles. All of this
happens under the lock of the order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from catalog.selectors.bundles import Contents
from catalog.services.stock import Want
from orders.errors import NotALine, TooManyPieces
from orders.models import LineBundle, LineComponent, OrderLine
from shop.core import money

Parts = Mapping[int, Sequence[LineComponent]]


@dataclass(frozen=True, slots=True)
class Given:
    """What a refund gives back of one component: pieces, those of them that never left, yuan."""

    component_id: int
    quantity: int
    withdrawn_count: int
    amount: Decimal


def write(lines: Iterable[OrderLine], contents: Mapping[int, Contents]) -> Parts:
    """Keep what the bundles among these new lines are made of; each line's due is spread over its components
    by list price, to the fen."""
    bundles, parts = [], []
    for line in lines:
        if inside := contents.get(line.sku_id):
            bundles.append(_bundle(line, inside))
            parts += _components(line, inside)
    if bundles:
        LineBundle.objects.bulk_create(bundles)
        LineComponent.objects.bulk_create(parts)
    return _by_line(parts)


def of(lines: Iterable[OrderLine]) -> Parts:
    """The components of the bundles among these lines, by line; one query."""
    return _by_line(LineComponent.objects.filter(line__in=[line.pk for line in lines]).order_by("pk"))


def wants(lines: Iterable[OrderLine], parts: Parts) -> list[Want]:
    """What stock has to hold for these lines: bundles want their components."""
    found = []
    for line in lines:
        if line.pk in parts:
            found += [Want(one.key, one.sku_id, one.quantity) for one in parts[line.pk]]
        else:
            found.append(Want(line.key, line.sku_id, line.quantity))
    return found


def pieces_of(line: OrderLine, parts: Sequence[LineComponent], bundles: int) -> dict[int, int]:
    """Pieces by component that complete so many more bundles of the line."""
    rest = line.to_ship_count - bundles
    return {
        one.pk: missing for one in parts if (missing := max(one.to_ship_count - one.per_bundle * rest, 0))
    }


def check(parts: Parts, wanted: Mapping[int, int]) -> None:
    """Raises NotALine, TooManyPieces unless so many pieces of each component are still in the house."""
    known = {one.pk: one for group in parts.values() for one in group}
    for pk, count in wanted.items():
        if pk not in known:
            raise NotALine(line=pk)
        if not 1 <= count <= known[pk].to_ship_count:
            raise TooManyPieces(title=known[pk].name, left=known[pk].to_ship_count)


def send(lines: Mapping[int, OrderLine], parts: Parts, sent: Mapping[int, int]) -> None:
    """Count pieces (component → pieces) as shipped, and the bundles that are complete now."""
    changed = []
    for line_id, group in parts.items():
        for one in group:
            if count := sent.get(one.pk):
                one.shipped_count += count
                changed.append(one)
        lines[line_id].shipped_count = shipped(lines[line_id], group)
    LineComponent.objects.bulk_update(changed, ["shipped_count"])


def shipped(line: OrderLine, parts: Sequence[LineComponent]) -> int:
    """Bundles of which nothing is left to ship."""
    unfinished = max(-(-one.to_ship_count // one.per_bundle) for one in parts)
    return line.quantity - line.withdrawn_count - unfinished


def untouched(line: OrderLine, parts: Sequence[LineComponent]) -> int:
    """Bundles of which nothing has left the house and that were not withdrawn."""
    opened = max(-(-one.shipped_count // one.per_bundle) for one in parts)
    return line.quantity - line.withdrawn_count - opened


def give_bundles(
    line: OrderLine,
    parts: Sequence[LineComponent],
    bundles: int,
    amount: Decimal,
    *,
    sent_only: bool = False,
) -> tuple[Given, ...]:
    """A refund of whole bundles (none of them: of money alone), spread over what is left of the components.
    With the last bundle goes every piece that is left. `sent_only`: of bundles that were sent, in part at
    least; those nobody touched are still sent."""
    shares = money.split(amount, {one.pk: one.due - one.refunded_amount for one in parts})
    is_last = bundles == line.quantity - line.refunded_count
    spared = max(untouched(line, parts), 0) if sent_only else 0
    given = []
    for one in parts:
        left = one.quantity - one.refunded_count
        pieces = left if is_last and bundles else min(one.per_bundle * bundles, left)
        at_home = max(one.to_ship_count - one.per_bundle * spared, 0)
        given.append(Given(one.pk, pieces, min(pieces, at_home), shares[one.pk]))
    return tuple(one for one in given if one.quantity or one.amount)


def give_pieces(parts: Sequence[LineComponent], wanted: Mapping[int, int]) -> tuple[Given, ...]:
    """A refund of single components (component → pieces). The last piece of one takes what is left of its
    share. Raises TooManyPieces."""
    given = []
    for one in parts:
        count = wanted.get(one.pk, 0)
        left = one.quantity - one.refunded_count
        if not count:
            continue
        if not 1 <= count <= left:
            raise TooManyPieces(title=one.name, left=left)
        amount = _portion(one.due - one.refunded_amount, count, left)
        given.append(Given(one.pk, count, min(count, one.to_ship_count), amount))
    return tuple(given)


def _bundle(line: OrderLine, inside: Contents) -> LineBundle:
    return LineBundle(
        line=line,
        kind=inside.kind,
        version=inside.version,
        partner_id=inside.partner_id,
        revenue_share=inside.revenue_share,
        channel_code=inside.channel_code,
    )


def _components(line: OrderLine, inside: Contents) -> list[LineComponent]:
    dues = money.split(line.due, {number: part.list_amount for number, part in enumerate(inside.parts)})
    return [
        LineComponent(
            line=line,
            key=f"{line.key}.{part.fact.id}",
            sku_id=part.fact.id,
            title=part.fact.title,
            spec_text=part.fact.spec_text,
            image_path=part.fact.image_path,
            per_bundle=part.quantity,
            quantity=part.quantity * line.quantity,
            list_price=part.fact.list_price,
            due=dues[number],
        )
        for number, part in enumerate(inside.parts)
    ]


def _portion(rest: Decimal, count: int, left: int) -> Decimal:
    return rest if count == left else (rest * count / left).quantize(money.FEN, ROUND_DOWN)


def _by_line(rows: Iterable[LineComponent]) -> dict[int, list[LineComponent]]:
    found: dict[int, list[LineComponent]] = {}
    for one in rows:
        found.setdefault(one.line_id, []).append(one)
    return found
