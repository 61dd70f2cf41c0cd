import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.errors import OrderNotFound
from orders.selectors import orders
from orders.selectors.ledger import LedgerRow
from orders.selectors.orders import OrderPage


class Command(BaseCommand):
    help = "Prints how the price of an order came about: every adjustment, line by line, to the fen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, number: str, json: bool, **options: Any) -> None:
        try:
            page = orders.page(None, number)
        except OrderNotFound as refusal:
            raise CommandError(refusal.message_text) from refusal
        self.stdout.write(_as_json(page) if json else _as_text(page))


def _as_json(page: OrderPage) -> str:
    order = page.order
    answer = {
        "number": order.number,
        "state": page.state.code,
        "due": str(order.due),
        "digest": order.digest,
        **page.ledger.as_json(),
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _as_text(page: OrderPage) -> str:
    parts = [f"{page.order.number}  {page.state.label}"]
    for line in page.ledger.lines:
        parts += ["", f"{line.title} {line.spec_text}".rstrip(), *(_row(row) for row in line.rows)]
    parts += ["", *(_row(row) for row in page.ledger.rows)]
    if page.ledger.why_nots:
        parts += ["", *(f"  · {why_not}" for why_not in page.ledger.why_nots)]
    return "\n".join(parts)


def _row(row: LedgerRow) -> str:
    return f"  {row.shown:>12}  {row.text}" + (f"  [{row.rule}]" if row.rule else "")
