"""What people type into tables, read as values: the grid of the editor and the rows of a file alike."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from catalog.services.prices import HIGHEST
from shop.core.text import clean_html

CODE = re.compile(r"[^\s,，;；、\"'<>\\]{1,40}")
SHORTENED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
MOST = 100_000_000


class BadCell(Exception):
    """What is wrong, and what to do about it, in words for people."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def folded(text: str) -> str:
    """Full-width letters and digits as plain ones, white space folded."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def price(text: str) -> Decimal | None:
    """Yuan with at most two places; ¥, 元 and commas between thousands may stand; None for nothing."""
    plain = folded(text).strip("¥￥元 ").replace(",", "")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation as problem:
        raise BadCell(_("is not a price"), _("Write a number such as 12.80.")) from problem
    if not value.is_finite():
        raise BadCell(_("is not a price"), _("Write a number such as 12.80."))
    if value < 0:
        raise BadCell(_("is below zero"), _("Write a price of 0 or more."))
    if value > HIGHEST:
        raise BadCell(_("is too high"), _("Write at most {most}.").format(most=HIGHEST))
    if value != value.quantize(Decimal("0.01")):
        raise BadCell(_("has more than two decimals"), _("Round it to the fen, such as 12.80."))
    return value.quantize(Decimal("0.01"))


def whole(text: str) -> int | None:
    """A number of 0 or more without decimals; None for nothing."""
    plain = folded(text).replace(",", "").removesuffix(".0")
    if not plain:
        return None
    if not plain.isascii() or not plain.isdigit():
        raise BadCell(_("is not a whole number"), _("Write a number such as 500, without a unit."))
    if int(plain) > MOST:
        raise BadCell(_("is too high"), _("Write at most {most}.").format(most=MOST))
    return int(plain)


def code(text: str) -> str:
    """A code or barcode as typed, at most 40 characters without blanks; empty for nothing."""
    plain = folded(text)
    if SHORTENED.fullmatch(plain):
        raise BadCell(
            _("was shortened by the spreadsheet"), _("Format the column as text and write the code again.")
        )
    if plain and not CODE.fullmatch(plain):
        raise BadCell(
            _("is not a code"), _("Use at most 40 letters, digits and signs without blanks or commas.")
        )
    return plain


def rich(text: str, longest: int) -> str:
    """Words or HTML, cleaned as the editor's are, of a bounded length."""
    if len(text) > longest:
        raise BadCell(
            _("is {length} characters long").format(length=len(text)),
            _("Shorten it to {longest} characters.").format(longest=longest),
        )
    return clean_html(text.strip())


def words(text: str, longest: int) -> str:
    """Plain words, white space folded, of a bounded length; other signs than control characters may stand."""
    plain = " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())
    if len(plain) > longest:
        raise BadCell(
            _("is {length} characters long").format(length=len(plain)),
            _("Shorten it to {longest} characters.").format(longest=longest),
        )
    return plain
