"""A file of stock as rows that were checked against the shop: what would change, and what can't."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.models import Bundle, Place, Sku, StockLevel
from catalog.services import cells
from catalog.services.cells import BadCell
from catalog.services.imports.columns import Column
from catalog.services.stock import MOST
from catalog.terms import Pool
from shop.core import tables
from shop.core.tables import TableRefused

SHELF_LENGTH, NOTE_LENGTH = 20, 200
COLUMNS = (
    Column(
        "place", "地点编码", "Place code", gettext_lazy("As under Stores and warehouses."), is_needed=True
    ),
    Column("sku", "SKU编码", "SKU code", gettext_lazy("The code of the SKU."), is_needed=True),
    Column("title", "商品", "Goods", gettext_lazy("For reading only.")),
    Column("barcode", "条形码", "Bar code", gettext_lazy("For reading only.")),
    Column("on_hand", "账面数量", "By the books", gettext_lazy("As exported: shows if stock moved since.")),
    Column("counted", "实盘数量", "Counted", gettext_lazy("The new figure; empty changes nothing.")),
    Column("shelf", "货架", "Shelf", pgettext_lazy("import", "Where it stands; empty changes nothing.")),
    Column("alert_at", "预警数量", "Warn at", gettext_lazy("Pieces; 0 never warns; empty changes nothing.")),
    Column("note", "备注", "Note", gettext_lazy("Kept with the movement.")),
)
NAMES = {heading.lower(): one.name for one in COLUMNS for heading in (one.zh, one.en, one.name)}


@dataclass(frozen=True)
class Problem:
    """One bad cell and what to do about it."""

    row: int
    column: str
    value: str
    problem: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass
class Row:
    """One level as the file wants it; None means that the file says nothing."""

    number: int
    place_id: int = 0
    sku_id: int = 0
    level_id: int | None = None
    on_hand: int = 0
    counted: int | None = None
    shelf: str | None = None
    alert_at: int | None = None
    note: str = ""
    outcome: str = "same"


@dataclass
class Plan:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    encoding: str = ""

    def complain(self, row: int, column: str, value: Any, problem: str, remedy: str) -> None:
        self.problems.append(
            Problem(row, self.headings.get(column, column), str(value)[:80], problem, remedy)
        )

    def bad_rows(self) -> set[int]:
        return {one.row for one in self.problems}

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)


def headed(content: bytes, name: str) -> tuple[tables.Table, dict[str, int]]:
    """The table and which column is where. Raises TableRefused."""
    table = tables.read(content, name)
    first = table.lines[0].cells if table.lines else ()
    where: dict[str, int] = {}
    for at, heading in enumerate(first):
        known = NAMES.get(cells.folded(heading).lower().rstrip("*").strip())
        if known:
            where.setdefault(known, at)
    if not {"place", "sku"} <= where.keys():
        raise TableRefused(why=_("the first row must name the columns, as the export does."))
    return table, where


def plan(content: bytes, name: str, *, place_ids: list[int] | None) -> Plan:
    """What the file would change; four queries. `place_ids` are those one may stock, None for all."""
    table, where = headed(content, name)
    found = Plan(encoding=table.encoding)
    found.headings = {column: table.lines[0].cells[at] for column, at in where.items()}
    raw = [
        (line.number, {column: _cell(line.cells, at) for column, at in where.items()})
        for line in table.lines[1:]
    ]
    places = {place.code.lower(): place for place in Place.objects.all()}
    codes = {row["sku"] for _number, row in raw if row["sku"]}
    skus = {sku.code: sku.pk for sku in Sku.objects.filter(code__in=codes)}
    bundles = set(Bundle.objects.filter(sku__code__in=codes).values_list("sku", flat=True))
    levels = {
        (level.place_id, level.sku_id): level
        for level in StockLevel.objects.filter(sku__in=skus.values(), pool=Pool.SPOT)
    }
    seen: set[tuple[int, int]] = set()
    for number, row in raw:
        one = Row(number)
        found.rows.append(one)
        _find(found, one, row, places, skus, bundles, place_ids)
        if not one.place_id or not one.sku_id:
            continue
        if (one.place_id, one.sku_id) in seen:
            found.complain(number, "sku", row["sku"], _("stands in the file twice"), _("Keep one row of it."))
        seen.add((one.place_id, one.sku_id))
        _read(found, one, row)
        _compare(found, one, row, levels.get((one.place_id, one.sku_id)))
    return found


def _find(
    found: Plan,
    one: Row,
    row: dict[str, str],
    places: dict[str, Place],
    skus: dict[str, int],
    bundles: set[int],
    place_ids: list[int] | None,
) -> None:
    place = places.get(row["place"].lower())
    if place is None:
        found.complain(one.number, "place", row["place"], _("no such place"), _("Write the code of a place."))
    elif place_ids is not None and place.pk not in place_ids:
        found.complain(
            one.number, "place", row["place"], _("not one of your places"), _("Take this row out.")
        )
    else:
        one.place_id = place.pk
    sku_id = skus.get(row["sku"])
    if sku_id is None:
        found.complain(one.number, "sku", row["sku"], _("no such SKU"), _("Write the code as in the export."))
    elif sku_id in bundles:
        found.complain(
            one.number, "sku", row["sku"], _("is a bundle without stock"), _("Count what is in it.")
        )
    else:
        one.sku_id = sku_id


def _read(found: Plan, one: Row, row: dict[str, str]) -> None:
    for name in ("counted", "alert_at"):
        try:
            setattr(one, name, cells.whole(row.get(name, "")))
        except BadCell as bad:
            found.complain(one.number, name, row.get(name, ""), bad.problem, bad.remedy)
        if (getattr(one, name) or 0) > MOST:
            remedy = _("Write at most {most}.").format(most=MOST)
            found.complain(one.number, name, row[name], _("is too high"), remedy)
    shelf = cells.folded(row.get("shelf", ""))
    if len(shelf) > SHELF_LENGTH:
        found.complain(one.number, "shelf", shelf, _("is too long"), _("Write at most 20 signs."))
    one.shelf = shelf or None
    one.note = cells.folded(row.get("note", ""))[:NOTE_LENGTH]


def _compare(found: Plan, one: Row, row: dict[str, str], level: StockLevel | None) -> None:
    """A new figure is good only while the books say what the file says they did."""
    one.level_id = level.pk if level else None
    one.on_hand = level.on_hand if level else 0
    try:
        told = cells.whole(row.get("on_hand", ""))
    except BadCell as bad:
        found.complain(one.number, "on_hand", row.get("on_hand", ""), bad.problem, bad.remedy)
        return
    if one.counted is not None and (told or 0) != one.on_hand:
        found.complain(
            one.number,
            "on_hand",
            row.get("on_hand", ""),
            _("stock moved since the export: {now} now").format(now=one.on_hand),
            _("Export again, or count once more and write both figures."),
        )
    if one.counted is not None and level and one.counted < level.reserved:
        found.complain(
            one.number,
            "counted",
            one.counted,
            _("orders hold {held} of it").format(held=level.reserved),
            _("Release or hand out those orders first."),
        )
    changes = (
        one.counted not in (None, one.on_hand),
        one.shelf not in (None, level.shelf if level else ""),
        one.alert_at not in (None, level.alert_at if level else 0),
    )
    if any(changes):
        one.outcome = "changed" if level else "new"


def _cell(line: tuple[str, ...], at: int) -> str:
    return line[at].strip() if at < len(line) else ""
