"""Tables as files, and what must never come out of them."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from shop.core import tables
from shop.core.tables import TableRefused


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "+86"),
        ("+cmd", "'+cmd"),
        ("-5.00", "-5.00"),
        ("-x", "'-x"),
        ("@SUM", "'@SUM"),
        ("\tx", "'\tx"),
        ("苹果", "苹果"),
        ("a\x00b", "ab"),
        (None, ""),
        (Decimal("9.90"), "9.90"),
    ],
)
def test_nothing_written_acts_as_a_formula(value: object, written: str) -> None:
    assert tables.harmless(value) == written
    assert tables.frank(written) == ("" if value is None else str(value).replace("\x00", ""))


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8), min_size=1)
)
def test_what_was_written_is_read_back(cells: list[str]) -> None:
    cells = ["x", *(cell.strip() for cell in cells)]
    for kind in ("csv", "xlsx"):
        sink = tables.sink(kind, ["甲"] * len(cells))
        sink.write(cells)
        read = tables.read(sink.content(), f"a.{kind}").lines[1].cells
        assert [tables.frank(cell) for cell in cells] == list(read[: len(cells)])


def test_rows_are_counted_as_the_spreadsheet_counts() -> None:
    lines = tables.read("甲;乙\n\n1;2\n\n\n3;4\n".encode("gbk"), "a.csv").lines
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("甲", "乙")),
        (3, ("1", "2")),
        (6, ("3", "4")),
    ]
    book = Workbook()
    book.active["A1"], book.active["A4"] = "x", 690123456789
    buffer = io.BytesIO()
    book.save(buffer)
    found = tables.read(buffer.getvalue(), "a.xlsx").lines
    assert [(line.number, line.cells[0]) for line in found] == [(1, "x"), (4, "690123456789")]


def test_a_bomb_and_too_many_rows_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MOST_UNPACKED + 1))
    for content in (buffer.getvalue(), b"a\n" * (tables.MOST_ROWS + 2)):
        with pytest.raises(TableRefused):
            tables.read(content, "a.xlsx")


def test_figures_stay_figures_in_a_spreadsheet() -> None:
    sink = tables.sink("xlsx", ["a", "b"])
    sink.write([Decimal("1.50"), "00123"])
    row = next(load_workbook(io.BytesIO(sink.content())).active.iter_rows(min_row=2))
    assert [(cell.data_type, cell.value) for cell in row] == [("n", 1.5), ("s", "00123")]
