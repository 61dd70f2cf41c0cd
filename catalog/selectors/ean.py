"""EAN-13 check digits, and what a scale's bar code says by one of its formats. Pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ScaleReading:
    """The item number and either grams or the price in yuan."""

    item: str
    grams: int | None = None
    price: Decimal | None = None


def check_digit(body: str) -> str:
    """The last digit of an EAN-13 (12 digits given) or EAN-8 (7)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_ean(code: str) -> bool:
    """Eight or thirteen digits whose last one fits."""
    return code.isascii() and code.isdigit() and len(code) in (8, 13) and check_digit(code[:-1]) == code[-1]


def format_of(code: str, formats: str) -> str:
    """The format of the list that a code of 13 digits is written in by its prefix; empty for none."""
    if len(code) != 13 or not (code.isascii() and code.isdigit()):
        return ""
    return next((one for one in formats.split(",") if one and one[:2] == code[:2]), "")


def read_scale(code: str, pattern: str) -> ScaleReading:
    """What a code in this format says; the check digit is the caller's matter."""
    parts = dict.fromkeys("IGP", "")
    for sign, digit in zip(pattern[2:12], code[2:12], strict=True):
        parts[sign] += digit
    price = Decimal(parts["P"]) / 100 if parts["P"] else None
    return ScaleReading(parts["I"], int(parts["G"]) if parts["G"] else None, price)


def write_scale(pattern: str, *, item: str, value: int) -> str:
    """A code in this format for an item number and grams or fen; ValueError when they don't fit."""
    room = {letter: pattern.count(letter, 2, 12) for letter in "IGP"}
    number = item.zfill(room["I"])
    amount = str(value).zfill(room["G"] + room["P"])
    if len(number) > room["I"] or len(amount) > room["G"] + room["P"]:
        raise ValueError("too long")
    body = pattern[:2] + number + amount
    return body + check_digit(body)
