"""A file of suppliers, read and compared with the shop: what would be written, and every mistake."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalog.models import Sku, Supplier, SupplierSku
from catalog.selectors import supply
from catalog.services import cells
from catalog.services.cells import BadCell
from catalog.services.imports.columns import folded
from catalog.services.supplier_files.columns import COLUMNS
from catalog.terms.purchasing import SourceRank
from shop.core import tables
from shop.core.tables import TableRefused

RANKS = {
    **dict.fromkeys(("首选", "主供", "preferred", "first choice"), SourceRank.PREFERRED),
    **dict.fromkeys(("普通", "一般", "ordinary", "also delivers"), SourceRank.ORDINARY),
    **dict.fromkeys(("备用", "备选", "contingency", "stands by"), SourceRank.CONTINGENCY),
}
YES = {"是", "有", "yes", "true", "1", "y"}
NO = {"否", "无", "no", "false", "0", "n"}
SUPPLIER_TEXTS = {"name": 60, "contact_name": 40, "contact_phone": 20}


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    value: str
    problem: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class Row:
    """What one row wants: fields of the supplier, and of a SKU on its list."""

    number: int
    code: str
    supplier: dict[str, Any] = field(default_factory=dict)
    sku_id: int = 0
    goods: dict[str, Any] = field(default_factory=dict)
    price: Decimal | None = None
    valid_from: date | None = None
    outcome: str = "same"


@dataclass
class Plan:
    rows: list[Row]
    problems: list[Problem]
    encoding: str

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def bad_rows(self) -> set[int]:
        return {one.row for one in self.problems}


def read(content: bytes, name: str) -> tuple[tables.Table, dict[str, int]]:
    """The table and where its columns are. Raises TableRefused when one that is needed is missing."""
    table = tables.read(content, name)
    known = {
        folded(word): column.name
        for column in COLUMNS
        for word in (column.zh, column.en, *column.other_names)
    }
    places: dict[str, int] = {}
    for number, cell in enumerate(table.lines[0].cells):
        column = known.get(folded(cell))
        if column:
            places.setdefault(column, number)
    if "supplier" not in places:
        raise TableRefused(why=_("it has no column “{column}”.").format(column=_("Supplier code")))
    return table, places


def plan(content: bytes, name: str) -> Plan:
    """Looks at every row; five queries. Nothing is written."""
    table, places = read(content, name)
    rows: list[Row] = []
    problems: list[Problem] = []
    raw = [(line.number, _cells(line.cells, places)) for line in table.lines[1:]]
    skus = dict(Sku.objects.filter(code__in={given["sku"] for _no, given in raw}).values_list("code", "pk"))
    shop = _Shop({given["supplier"] for _no, given in raw})
    seen: set[tuple[str, int]] = set()
    for number, given in raw:
        reader = _Reader(number, given, problems)
        row = reader.row(skus, shop)
        if (row.code, row.sku_id) in seen:
            reader.wrong(
                "sku" if row.sku_id else "supplier", _("stands here twice"), _("Keep one of the rows.")
            )
        seen.add((row.code, row.sku_id))
        row.outcome = shop.outcome(row)
        rows.append(row)
    if not rows:
        raise TableRefused(why=_("it is empty."))
    return Plan(rows=rows, problems=problems, encoding=table.encoding)


def _cells(cells_: tuple[str, ...], places: dict[str, int]) -> dict[str, str]:
    return {
        column.name: cells_[places[column.name]].strip()
        if column.name in places and places[column.name] < len(cells_)
        else ""
        for column in COLUMNS
    }


class _Shop:
    """What the shop knows of these suppliers."""

    def __init__(self, codes: set[str]) -> None:
        self.suppliers = {one.code: one for one in Supplier.objects.filter(code__in=codes)}
        self.names = dict(Supplier.objects.values_list("name", "code"))
        rows = supply.with_price(SupplierSku.objects.filter(supplier__code__in=codes))
        self.sources = {(one.supplier_id, one.sku_id): one for one in rows}

    def source(self, row: Row) -> SupplierSku | None:
        supplier = self.suppliers.get(row.code)
        return self.sources.get((supplier.pk, row.sku_id)) if supplier else None

    def outcome(self, row: Row) -> str:
        supplier, source = self.suppliers.get(row.code), self.source(row)
        if supplier is None or (row.sku_id and source is None):
            return "new"
        differs = any(getattr(supplier, name) != value for name, value in row.supplier.items())
        if source is not None:
            differs |= any(getattr(source, name) != value for name, value in row.goods.items())
            differs |= row.price is not None and row.price != source.price  # type: ignore[attr-defined]
        return "changed" if differs else "same"


class _Reader:
    """One row, with a sentence for every cell that can't be."""

    def __init__(self, number: int, given: dict[str, str], problems: list[Problem]) -> None:
        self.number, self.given, self.problems = number, given, problems

    def wrong(self, column: str, problem: str, remedy: str) -> None:
        heading = next(one.zh for one in COLUMNS if one.name == column)
        self.problems.append(Problem(self.number, heading, self.given[column], problem, remedy))

    def row(self, skus: dict[str, int], shop: _Shop) -> Row:
        row = Row(number=self.number, code=self.given["supplier"])
        if not row.code or len(row.code) > 20:
            self.wrong("supplier", _("is missing or too long"), _("Write a code of at most 20 characters."))
        self._read_supplier(row, shop)
        code = self.given["sku"]
        if code and code not in skus:
            self.wrong("sku", _("is no SKU of this shop"), _("Write a code as the list of SKUs has it."))
        elif code:
            row.sku_id = skus[code]
            self._read_goods(row, shop)
        return row

    def _read_supplier(self, row: Row, shop: _Shop) -> None:
        for name, most in SUPPLIER_TEXTS.items():
            value = self.given[name]
            if len(value) > most:
                self.wrong(name, _("is too long"), _("At most {most} characters.").format(most=most))
            elif value:
                row.supplier[name] = value
        taken = shop.names.get(self.given["name"])
        if taken is not None and taken != row.code:
            self.wrong("name", _("belongs to another code"), _("Use the code {code}.").format(code=taken))
        if row.code not in shop.suppliers and not self.given["name"]:
            self.wrong("name", _("is missing"), _("A new supplier needs a name."))
        for name in ("payment_days", "lead_days"):
            days = self._whole(name, 0, 365)
            if days is not None:
                row.supplier[name] = days
        amount = self._price("minimum_amount")
        if amount is not None:
            row.supplier["minimum_amount"] = amount

    def _read_goods(self, row: Row, shop: _Shop) -> None:
        source = shop.source(row)
        for name, most in (("article", 40), ("unit", 6)):
            value = self.given[name]
            if len(value) > most:
                self.wrong(name, _("is too long"), _("At most {most} characters.").format(most=most))
            elif value:
                row.goods[name] = value
        for name in ("pack_size", "minimum_packs"):
            count = self._whole(name, 1, 100_000)
            if count is not None:
                row.goods[name] = count
        rank = self.given["rank"].casefold()
        if rank and rank not in RANKS:
            self.wrong("rank", _("is not a role"), _("Write 首选, 普通 or 备用."))
        elif rank:
            row.goods["rank"] = RANKS[rank].value
        spoils = self.given["needs_expiry"].casefold()
        if spoils and spoils not in YES | NO:
            self.wrong("needs_expiry", _("is neither yes nor no"), _("Write 是 or 否."))
        elif spoils:
            row.goods["needs_expiry"] = spoils in YES
        row.price = self._price("price")
        if row.price is None and not self.given["price"] and source is None:
            self.wrong("price", _("is missing"), _("New goods need a price."))
        self._read_day(row)

    def _read_day(self, row: Row) -> None:
        text = self.given["valid_from"].replace("/", "-")
        if not text:
            return
        try:
            row.valid_from = parse_date(text)
        except ValueError:
            row.valid_from = None
        if row.valid_from is None:
            self.wrong("valid_from", _("is not a day"), _("Write a day such as 2026-12-01."))

    def _price(self, name: str) -> Decimal | None:
        try:
            return cells.price(self.given[name])
        except BadCell as bad:
            self.wrong(name, bad.problem, bad.remedy)
            return None

    def _whole(self, name: str, low: int, high: int) -> int | None:
        try:
            value = cells.whole(self.given[name])
        except BadCell as bad:
            self.wrong(name, bad.problem, bad.remedy)
            return None
        if value is not None and not low <= value <= high:
            words = _("Write a whole number from {low} to {high}.").format(low=low, high=high)
            self.wrong(name, _("is out of range"), words)
            return None
        return value
