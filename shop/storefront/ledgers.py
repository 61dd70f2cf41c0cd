"""Ledgers as pages show them: goods, what came off, delivery, the sum, and what was not applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketing import wording
from marketing.pricing.quote import Adjustment, Quote
from orders.selectors.ledger import Ledger, LedgerRow


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` is what came off, above nought."""

    words: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ShownLedger:
    """`freight` is None while it isn't known."""

    goods: Decimal
    steps: tuple[Step, ...]
    freight: Decimal | None
    freight_words: tuple[str, ...]
    freight_steps: tuple[Step, ...]
    label: str
    due: Decimal
    why_nots: tuple[str, ...]
    after: tuple[LedgerRow, ...] = ()


def of_quote(quote: Quote, label: str = "") -> ShownLedger:
    """Every adjustment and every why-not of a quote."""
    return ShownLedger(
        goods=quote.goods_list,
        steps=_steps([one for one in quote.adjustments if one.lane != "freight"]),
        freight=quote.freight_list if quote.is_freight_known else None,
        freight_words=tuple(wording.explain_fee(fee) for fee in quote.fees),
        freight_steps=_steps([one for one in quote.adjustments if one.lane == "freight"]),
        label=label or pgettext("amount", "To pay"),
        due=quote.due,
        why_nots=tuple(wording.explain_why_not(one) for one in quote.why_nots),
    )


def of_order(quote: Quote, ledger: Ledger) -> ShownLedger:
    """As of the quote the order was placed with, and what was paid and given back since."""
    shown = of_quote(quote, _("Amount due"))
    after = tuple(row for row in ledger.rows if row.kind in ("paid", "back"))
    return ShownLedger(
        goods=shown.goods,
        steps=shown.steps,
        freight=quote.freight_list,
        freight_words=shown.freight_words,
        freight_steps=shown.freight_steps,
        label=shown.label,
        due=shown.due,
        why_nots=(),
        after=after,
    )


def line_words(quote: Quote | None, key: str) -> list[str]:
    """What made this line cheaper per piece, in words."""
    if quote is None:
        return []
    return [wording.explain(one) for one, _share in quote.shares_of(key) if one.lane in ("unit", "bundle")]


def line_notes(quote: Quote | None, key: str) -> list[str]:
    """Why this line has not the limited-time price, in words."""
    if quote is None:
        return []
    found = (one for one in quote.why_nots if one.code.startswith("limited_"))
    return [wording.explain_why_not(one) for one in found if one.parameters.get("line") == key]


def _steps(adjustments: Sequence[Adjustment]) -> tuple[Step, ...]:
    return tuple(Step(wording.explain(one), one.amount) for one in adjustments)
