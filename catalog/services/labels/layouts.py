"""Sizes of labels and how they lie on a sheet; millimetres. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Layout:
    """`columns` × `rows` labels of a size on a page with margins; a roll has one label a page."""

    code: str
    label: str | Promise
    width: float
    height: float
    page_width: float
    page_height: float
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    is_framed: bool = False

    @property
    def on_a_page(self) -> int:
        return self.columns * self.rows

    def corner(self, number: int) -> tuple[float, float]:
        """Left and upper edge of the n-th label of a page, from the upper left."""
        row, column = divmod(number % self.on_a_page, self.columns)
        return self.left + column * self.width, self.top + row * self.height


LAYOUTS = {
    one.code: one
    for one in (
        Layout("roll_60x40", _("Price tag 60 × 40 mm, roll"), 60, 40, 60, 40),
        Layout("roll_40x30", _("Small tag 40 × 30 mm, roll"), 40, 30, 40, 30),
        Layout("roll_100x30", _("Shelf label 100 × 30 mm, roll"), 100, 30, 100, 30),
        Layout("a4_70x37", _("A4 sheet, 24 tags of 70 × 37 mm"), 70, 37, 210, 297, 3, 8, 0, 0.5, True),
        Layout(
            "a4_95x38", _("A4 sheet, 14 shelf labels of 95 × 38 mm"), 95, 38, 210, 297, 2, 7, 10, 15, True
        ),
    )
}
