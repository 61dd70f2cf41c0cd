"""Every fen of an order in words: list price, what each rule took off, freight, due, paid, back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketing import wording
from marketing.pricing.quote import Adjustment, Fee, Quote
from orders.models import Order, OrderLine
from shop.core import money

NIL = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`amount` is signed yuan: taken off is negative. `kind` is goods, off, freight, due, paid or back."""

    kind: str
    text: str
    amount: Decimal
    lane: str = ""
    rule: str = ""

    @property
    def shown(self) -> str:
        return money.show(self.amount)


@dataclass(frozen=True, slots=True)
class LineLedger:
    """How one line came to its due."""

    title: str
    spec_text: str
    quantity: int
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    rows: tuple[LedgerRow, ...]
    lines: tuple[LineLedger, ...]
    why_nots: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": [_row_json(row) for row in self.rows],
            "lines": [
                {
                    "title": line.title,
                    "spec_text": line.spec_text,
                    "quantity": line.quantity,
                    "rows": [_row_json(row) for row in line.rows],
                }
                for line in self.lines
            ],
            "why_nots": list(self.why_nots),
        }


def of(order: Order, lines: list[OrderLine]) -> Ledger:
    """The ledger of an order from its stored quote; no query, no price is worked out again."""
    quote = Quote.from_json(order.quote)
    return Ledger(
        rows=tuple(of_order(order)),
        lines=tuple(_of_line(quote, line) for line in lines),
        why_nots=tuple(wording.explain_why_not(one) for one in quote.why_nots),
    )


def of_order(order: Order) -> list[LedgerRow]:
    """The rows of an order's price, what was paid and what went back."""
    return [
        *of_quote(Quote.from_json(order.quote)),
        *([LedgerRow("paid", _("Paid"), order.paid_amount)] if order.paid_amount else []),
        *([LedgerRow("back", _("Refunded"), -order.refunded_amount)] if order.refunded_amount else []),
    ]


def of_quote(quote: Quote) -> list[LedgerRow]:
    """Goods at list price, every adjustment, freight and what is due; adds up to the fen."""
    goods_off = [one for one in quote.adjustments if one.lane != "freight"]
    freight_off = [one for one in quote.adjustments if one.lane == "freight"]
    rows = [LedgerRow("goods", _("Goods at list price"), quote.goods_list)]
    rows += [_off(one, one.amount) for one in goods_off]
    rows += [LedgerRow("freight", _freight(fee), fee.amount, rule=fee.rule) for fee in quote.fees]
    rows += [_off(one, one.amount) for one in freight_off]
    rows.append(LedgerRow("due", _("Amount due"), quote.due))
    return rows


def _of_line(quote: Quote, line: OrderLine) -> LineLedger:
    start = LedgerRow(
        "goods",
        _("{price} × {quantity}").format(price=money.show(line.list_price), quantity=line.quantity),
        line.list_amount,
    )
    taken = [_off(adjustment, share) for adjustment, share in quote.shares_of(line.key)]
    end = LedgerRow("due", _("Amount due"), line.due)
    return LineLedger(line.title, line.spec_text, line.quantity, (start, *taken, end))


def _off(adjustment: Adjustment, amount: Decimal) -> LedgerRow:
    return LedgerRow("off", wording.explain(adjustment), -amount, adjustment.lane, adjustment.rule)


def _freight(fee: Fee) -> str:
    return _("Freight ({how})").format(how=wording.explain_fee(fee))


def _row_json(row: LedgerRow) -> dict[str, str]:
    return {
        "kind": row.kind,
        "text": row.text,
        "amount": str(row.amount),
        "lane": row.lane,
        "rule": row.rule,
    }
