"""Tables as files: CSV in the encodings merchants have, and XLSX. What is written can't act as a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException

from shop.core.errors import Refusal

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
ACTING = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
ILLEGAL = re.compile(r"[\000-\010\013\014\016-\037]")
ENCODINGS = (("utf-8-sig", "UTF-8"), ("gb18030", "GBK"))


class TableRefused(Refusal):
    """The file can't be read as a table."""

    code = "table_refused"
    status = 400
    message = _("This file can't be read: {why}")


@dataclass(frozen=True)
class Line:
    """One row of a file; `number` is what the spreadsheet program calls it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Every row that isn't empty, the headings first; `encoding` is what it was read as."""

    lines: list[Line]
    encoding: str


def read(content: bytes, name: str) -> Table:
    """The first sheet of an XLSX file, or a CSV file in UTF-8, GBK or UTF-16, separated by commas, semicolons
    or tabs. Raises TableRefused."""
    if len(content) > MOST_BYTES:
        raise TableRefused(why=_("it is larger than 5 MB."))
    if not content.strip():
        raise TableRefused(why=_("it is empty."))
    if content.startswith(b"PK"):
        return Table(_bounded(_sheet(content)), "XLSX")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(why=_("it is an old .xls file. Save it as .xlsx or CSV."))
    text, encoding = _decoded(content)
    return Table(_bounded(_csv(text)), encoding)


def harmless(value: Any) -> str:
    """The value as text no spreadsheet takes for a formula; `frank` takes the mark off again."""
    text = ILLEGAL.sub("", "" if value is None else str(value))
    return f"'{text}" if text.startswith(ACTING) and not NUMBER.fullmatch(text) else text


def frank(text: str) -> str:
    """What stood there before `harmless`."""
    return text[1:] if text.startswith("'") and text[1:2] and text[1:].startswith(ACTING) else text


class CsvSink:
    """UTF-8 with the mark by which spreadsheet programs know it."""

    def __init__(self, heading: Sequence[Any]) -> None:
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)
        self.write(heading)

    def write(self, row: Sequence[Any]) -> None:
        self._writer.writerow([harmless(value) for value in row])

    def content(self) -> bytes:
        return self._buffer.getvalue().encode("utf-8-sig")


class XlsxSink:
    """One sheet with its headings kept in sight; numbers are numbers, all else is text."""

    def __init__(self, heading: Sequence[Any], title: str = "") -> None:
        self.book = Workbook(write_only=True)
        self._sheet = self.book.create_sheet(title or "1")
        self._sheet.freeze_panes = "A2"
        for number in range(1, len(heading) + 1):
            self._sheet.column_dimensions[chr(64 + number) if number <= 26 else "AA"].width = 16
        cells = [WriteOnlyCell(self._sheet, harmless(value)) for value in heading]
        for cell in cells:
            cell.font = Font(bold=True)
        self._sheet.append(cells)

    def write(self, row: Sequence[Any]) -> None:
        try:
            self._sheet.append([self._cell(value) for value in row])
        except IllegalCharacterError as problem:
            raise TableRefused(why=str(problem)) from problem

    def add_sheet(self, title: str, rows: Iterable[Sequence[Any]]) -> None:
        """A further sheet of plain words."""
        sheet = self.book.create_sheet(title)
        for letter, width in (("A", 18), ("B", 12), ("C", 70)):
            sheet.column_dimensions[letter].width = width
        for row in rows:
            sheet.append([harmless(value) for value in row])

    def content(self) -> bytes:
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def _cell(self, value: Any) -> Any:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return value
        return harmless(value)


def sink(kind: str, heading: Sequence[Any], title: str = "") -> CsvSink | XlsxSink:
    """A writer of `csv` or `xlsx`."""
    return XlsxSink(heading, title) if kind == "xlsx" else CsvSink(heading)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as problem:
            raise TableRefused(why=_("its encoding is unknown. Save it as CSV UTF-8 or .xlsx.")) from problem
    for codec, name in ENCODINGS:
        with suppress(UnicodeDecodeError):
            text = content.decode(codec)
            if "\0" not in text:
                return text, name
    raise TableRefused(why=_("its encoding is unknown. Save it as CSV UTF-8 or .xlsx."))


def _csv(text: str) -> Iterator[Line]:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = max((",", "\t", ";"), key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield Line(number, tuple(frank(cell.strip()) for cell in cells))
    except csv.Error as problem:
        raise TableRefused(why=_("row {row} is broken.").format(row=number + 1)) from problem


def _sheet(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise TableRefused(why=_("it is larger than 5 MB."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
            yield Line(number, tuple(_text(cell) for cell in cells))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as problem:
        raise TableRefused(why=_("it is no spreadsheet, or a broken one.")) from problem


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return frank(str(value).strip())


def _bounded(lines: Iterator[Line]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if not any(line.cells):
            continue
        if len(found) > MOST_ROWS:
            raise TableRefused(
                why=_("it has more than {most} rows. Cut it in pieces.").format(most=MOST_ROWS)
            )
        found.append(line)
    if not found:
        raise TableRefused(why=_("it is empty."))
    return found
