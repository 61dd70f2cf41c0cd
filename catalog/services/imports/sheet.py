"""A file as rows whose cells are read: every cell that can't be read is a Problem with a remedy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from catalog.services import cells
from catalog.services.cells import BadCell
from catalog.services.imports import presets
from catalog.services.imports.columns import AXES, BY_NAME, COLUMNS, is_said_only, named
from catalog.services.spec_matrix import NAME_LENGTH, VALUE_LENGTH
from catalog.terms import TITLE_LENGTH
from shop.core import tables
from shop.core.tables import Line, TableRefused

SUBTITLE_LENGTH = 60
UNIT_LENGTH = 6
CATEGORY_LENGTH = 80
BRAND_LENGTH = 40
DESCRIPTION_LENGTH = 20_000


@dataclass(frozen=True)
class Problem:
    """One bad cell: the row as the spreadsheet counts, the heading, its text, why, and what to do."""

    row: int
    column: str
    value: str
    problem: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Row:
    """One SKU as the file says it; None and empty mean that the file says nothing."""

    number: int
    code: str = ""
    title: str = ""
    subtitle: str = ""
    category: str = ""
    brand: str = ""
    description: str = ""
    axes: tuple[tuple[str, str], ...] = ()
    list_price: Decimal | None = None
    cost_price: Decimal | None = None
    floor_price: Decimal | None = None
    barcode: str = ""
    weight_grams: int | None = None
    sale_unit: str = ""
    opening: int | None = None


@dataclass
class Sheet:
    """What was read of a file. `headings` say what each column is called there; `system` is the other
    system that wrote it, empty for our own headings."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    system: str = ""

    def complain(self, row: int, column: str, value: Any, problem: str, remedy: str) -> None:
        self.problems.append(
            Problem(row, self.headings.get(column, column), str(value)[:80], problem, remedy)
        )

    def note(self, words: str) -> None:
        """Say something about the file, once."""
        if words not in self.notes:
            self.notes.append(words)

    def bad_rows(self) -> set[int]:
        return {problem.row for problem in self.problems}


READERS: dict[str, Callable[[str], Any]] = {
    "code": cells.code,
    "barcode": cells.code,
    "title": partial(cells.words, longest=TITLE_LENGTH),
    "subtitle": partial(cells.words, longest=SUBTITLE_LENGTH),
    "category": partial(cells.words, longest=CATEGORY_LENGTH),
    "brand": partial(cells.words, longest=BRAND_LENGTH),
    "description": partial(cells.rich, longest=DESCRIPTION_LENGTH),
    "sale_unit": partial(cells.words, longest=UNIT_LENGTH),
    **dict.fromkeys(("list_price", "cost_price", "floor_price"), cells.price),
    **dict.fromkeys(("weight_grams", "opening"), cells.whole),
    **{axis: partial(cells.words, longest=NAME_LENGTH) for axis, _value in AXES},
    **{value: partial(cells.words, longest=VALUE_LENGTH) for _axis, value in AXES},
}


def read(content: bytes, name: str) -> Sheet:
    """The rows of a file. Raises TableRefused when it is no table of products at all."""
    table = tables.read(content, name)
    foreign = presets.translate(table)
    if foreign:
        table = foreign.table
    heading, *lines = table.lines
    columns = _columns(heading)
    sheet = Sheet(encoding=table.encoding, headings=_headings(heading, columns))
    if foreign:
        sheet.system, sheet.notes = foreign.system, list(foreign.notes)
    unknown = [
        text for at, text in enumerate(heading.cells) if text and at not in columns and not is_said_only(text)
    ]
    if unknown:
        left_out = "、".join(unknown[:10])
        sheet.notes.append(_("Columns that are not known were left out: {names}.").format(names=left_out))
    if not lines:
        raise TableRefused(why=_("there are headings but no rows below them."))
    sheet.rows = [_row(sheet, line, columns) for line in lines]
    return sheet


def _columns(heading: Line) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, text in enumerate(heading.cells):
        name = named(text)
        if name and name in found.values():
            raise TableRefused(why=_("the heading “{name}” stands there twice.").format(name=text))
        if name:
            found[at] = name
    missing = [column for column in COLUMNS if column.is_needed and column.name not in found.values()]
    if missing:
        names = "、".join(f"{column.zh} ({column.en})" for column in missing)
        raise TableRefused(
            why=_("these headings are missing in its first row: {names}. Take the template.").format(
                names=names
            )
        )
    return found


def _headings(heading: Line, columns: dict[int, str]) -> dict[str, str]:
    given = {name: heading.cells[at] for at, name in columns.items()}
    return {name: given.get(name, column.zh) for name, column in BY_NAME.items()}


def _row(sheet: Sheet, line: Line, columns: dict[int, str]) -> Row:
    given: dict[str, Any] = {}
    for at, name in columns.items():
        text = line.cells[at] if at < len(line.cells) else ""
        try:
            given[name] = READERS[name](text)
        except BadCell as bad:
            sheet.complain(line.number, name, text, bad.problem, bad.remedy)
    axes = []
    for axis, value in AXES:
        says, chosen = given.pop(axis, ""), given.pop(value, "")
        if says and chosen:
            axes.append((says, chosen))
        elif says and value in columns.values() and not _is_bad(sheet, line, value):
            sheet.complain(
                line.number, value, "", _("is empty"), _("Write the value, or clear its name too.")
            )
        elif chosen and not _is_bad(sheet, line, axis):
            sheet.complain(line.number, axis, "", _("is empty"), _("Write what differs, such as 颜色."))
    if not given.get("code") and not _is_bad(sheet, line, "code"):
        sheet.complain(line.number, "code", "", _("is empty"), _("Give every row a code of your own."))
    if len({axis for axis, _value in axes}) < len(axes):
        sheet.complain(line.number, "axis2", axes[-1][0], _("stands twice"), _("Name each difference once."))
    return Row(number=line.number, axes=tuple(axes), **given)


def _is_bad(sheet: Sheet, line: Line, column: str) -> bool:
    """Whether a problem with this cell has been told already."""
    heading = sheet.headings.get(column, column)
    return any(one.row == line.number and one.column == heading for one in sheet.problems)
