"""How typed text is brought into one form before it is compared; pure."""

import re
import unicodedata

LONGEST_QUERY = 60
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+")
_LATIN = re.compile(r"[0-9a-z]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def fold(typed: str) -> str:
    """Half-width, lower case, single spaces, nothing a database refuses."""
    sound = typed.encode("utf-8", "ignore").decode("utf-8")
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub(" ", sound)).casefold()
    return " ".join(folded.split())


def query(typed: str) -> str:
    """A search field's content, folded and cut to a sensible length."""
    return fold(typed[: 4 * LONGEST_QUERY])[:LONGEST_QUERY].strip()


def latin(folded: str) -> list[str]:
    """Runs of letters and digits: pinyin, sizes, brand names."""
    return _LATIN.findall(folded)


def has_chinese(folded: str) -> bool:
    """Whether there is any Chinese character."""
    return bool(_HAN.search(folded))
