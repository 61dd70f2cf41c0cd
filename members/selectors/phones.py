"""Mobile numbers of mainland China in one form: eleven digits."""

import re
import unicodedata

from members.errors import InvalidPhone

MOBILE = re.compile(r"1[3-9]\d{9}")


def normalise(text: str) -> str:
    """Eleven digits from what people type (+86, spaces, dashes, full width); InvalidPhone otherwise."""
    digits = re.sub(r"[\s\-–—().]", "", unicodedata.normalize("NFKC", text or ""))
    bare = re.sub(r"^(\+?86|0086)(?=1\d{10}$)", "", digits)
    if not MOBILE.fullmatch(bare) or not bare.isascii():
        raise InvalidPhone
    return bare


def is_valid(text: str) -> bool:
    try:
        normalise(text)
    except InvalidPhone:
        return False
    return True
