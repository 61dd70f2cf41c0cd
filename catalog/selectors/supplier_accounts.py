"""What is owed to suppliers and when, and what their rebates will bring."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from catalog.models import GoodsReceipt, Supplier, SupplierPayment, SupplierReturn
from catalog.terms.purchasing import RebatePeriod, ReturnStatus
from shop.core import clock, money

MONTHS = {RebatePeriod.MONTH: 1, RebatePeriod.QUARTER: 3, RebatePeriod.YEAR: 12}


@dataclass(frozen=True)
class Entry:
    """One line of a statement: `amount` is yuan we owe more (or, negative, less), `balance` after it.

    `open_amount` is what of a delivery isn't paid yet when money is counted towards the oldest first.
    """

    kind: str
    on: date
    reference: str
    key: int
    amount: Decimal
    balance: Decimal
    due_on: date | None = None
    open_amount: Decimal = money.ZERO
    note: str = ""

    @property
    def is_overdue(self) -> bool:
        return bool(self.open_amount and self.due_on and self.due_on < clock.business_day(clock.page_now()))


@dataclass(frozen=True)
class Account:
    """A supplier's statement, oldest entry first, yuan."""

    entries: list[Entry]
    owed: Decimal
    overdue: Decimal
    due_soon: Decimal


@dataclass(frozen=True)
class Rebate:
    """Where a supplier's ladder stands in the running period: an estimate, yuan."""

    first_on: date
    last_on: date
    bought: Decimal
    rate: Decimal
    estimate: Decimal
    next_from: Decimal | None
    next_rate: Decimal | None

    @property
    def missing(self) -> Decimal:
        """Yuan to the next step."""
        return max(self.next_from - self.bought, money.ZERO) if self.next_from is not None else money.ZERO


def account(supplier_id: int) -> Account:
    """Deliveries, credited returns and payments of one supplier, three queries."""
    receipts = GoodsReceipt.objects.filter(order__supplier=supplier_id).select_related("order")
    returns = SupplierReturn.objects.filter(supplier=supplier_id, status=ReturnStatus.CREDITED)
    payments = SupplierPayment.objects.filter(supplier=supplier_id)
    raw: list[Entry] = []
    for one in receipts:
        on = clock.business_day(one.created_at)
        total = one.amount + one.freight_amount
        raw.append(
            Entry("receipt", on, one.order.number, one.order_id, total, total, one.due_on, note=one.note)
        )
    for back in returns:
        amount = -(back.credited_amount or money.ZERO)
        on = clock.business_day(back.credited_at or back.created_at)
        raw.append(Entry("return", on, back.number, back.pk, amount, amount))
    for paid in payments:
        raw.append(Entry("payment", paid.paid_on, "", paid.pk, -paid.amount, money.ZERO, note=paid.note))
    raw.sort(key=lambda one: (one.on, one.kind != "receipt", one.key))
    return _balanced(raw)


def owed(supplier_ids: Collection[int]) -> dict[int, Decimal]:
    """Yuan owed by supplier, three queries whatever their number."""
    total: dict[int, Decimal] = dict.fromkeys(supplier_ids, money.ZERO)
    received = GoodsReceipt.objects.filter(order__supplier__in=supplier_ids).order_by()
    for pk, amount in received.values_list("order__supplier").annotate(
        total=Sum(F("amount") + F("freight_amount"))
    ):
        total[pk] += amount
    back = SupplierReturn.objects.filter(supplier__in=supplier_ids, status=ReturnStatus.CREDITED).order_by()
    for pk, amount in back.values_list("supplier").annotate(total=Sum("credited_amount")):
        total[pk] -= amount
    paid = SupplierPayment.objects.filter(supplier__in=supplier_ids).order_by()
    for pk, amount in paid.values_list("supplier").annotate(total=Sum("amount")):
        total[pk] -= amount
    return total


def rebate(supplier: Supplier, today: date | None = None) -> Rebate | None:
    """What the running period will bring if nothing more is bought; None without a ladder."""
    steps = list(supplier.rebate_steps.all())
    if not steps:
        return None
    first, last = period(supplier.rebate_period, today or clock.business_day(clock.page_now()))
    since, until = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    bought = GoodsReceipt.objects.filter(
        order__supplier=supplier, created_at__gte=since, created_at__lt=until
    ).aggregate(total=Sum("amount"))["total"]
    credited = SupplierReturn.objects.filter(
        supplier=supplier, status=ReturnStatus.CREDITED, credited_at__gte=since, credited_at__lt=until
    ).aggregate(total=Sum("credited_amount"))["total"]
    net = (bought or money.ZERO) - (credited or money.ZERO)
    reached = [step for step in steps if step.from_amount <= net]
    ahead = next((step for step in steps if step.from_amount > net), None)
    rate = reached[-1].rate if reached else Decimal(0)
    return Rebate(
        first_on=first,
        last_on=last,
        bought=net,
        rate=rate,
        estimate=money.yuan(max(net, money.ZERO) * rate),
        next_from=ahead.from_amount if ahead else None,
        next_rate=ahead.rate if ahead else None,
    )


def period(kind: str, day: date) -> tuple[date, date]:
    """First and last day of the calendar month, quarter or year of a day."""
    length = MONTHS[RebatePeriod(kind)]
    month = (day.month - 1) // length * length + 1
    first = day.replace(month=month, day=1)
    after = month + length
    nxt = first.replace(year=first.year + 1, month=1) if after > 12 else first.replace(month=after)
    return first, date.fromordinal(nxt.toordinal() - 1)


def _balanced(raw: list[Entry]) -> Account:
    paid = -sum((one.amount for one in raw if one.amount < 0), money.ZERO)
    today = clock.business_day(clock.page_now())
    soon = date.fromordinal(today.toordinal() + 7)
    balance, overdue, due_soon = money.ZERO, money.ZERO, money.ZERO
    open_amounts: dict[int, Decimal] = {}
    by_due = sorted(
        (number for number, one in enumerate(raw) if one.amount > 0),
        key=lambda number: (raw[number].due_on or raw[number].on, number),
    )
    for number in by_due:
        covered = min(paid, raw[number].amount)
        paid -= covered
        open_amounts[number] = raw[number].amount - covered
    entries = []
    for number, one in enumerate(raw):
        balance += one.amount
        left = open_amounts.get(number, money.ZERO)
        if left and one.due_on and one.due_on < today:
            overdue += left
        elif left and one.due_on and one.due_on <= soon:
            due_soon += left
        entries.append(
            Entry(one.kind, one.on, one.reference, one.key, one.amount, balance, one.due_on, left, one.note)
        )
    return Account(entries=entries, owed=balance, overdue=overdue, due_soon=due_soon)
