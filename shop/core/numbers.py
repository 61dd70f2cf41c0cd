"""Business numbers and codes: random in the middle, one check digit at the end, never a sequence."""

import secrets
from datetime import datetime

from shop.core import clock


def new(at: datetime | None = None) -> str:
    """18 digits: yymmdd of the Shanghai day, 11 random, 1 check digit."""
    day = clock.business_day(at or clock.page_now())
    body = f"{day:%y%m%d}{secrets.randbelow(10**11):011d}"
    return body + check_digit(body)


def new_code() -> str:
    """12 digits to be typed by people: 11 random and a check digit."""
    body = f"{secrets.randbelow(10**11):011d}"
    return body + check_digit(body)


def is_valid(number: str) -> bool:
    """Whether the last digit fits the rest. Catches every mistyped digit and nearly every swapped pair."""
    return (
        number.isascii()
        and number.isdigit()
        and len(number) in (12, 18)
        and check_digit(number[:-1]) == number[-1]
    )


def token(nbytes: int = 16) -> str:
    """URL-safe random text of so many bytes."""
    return secrets.token_urlsafe(nbytes)


def check_digit(body: str) -> str:
    """ISO 7064 mod 11,10."""
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
