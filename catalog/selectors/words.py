"""How text is brought into one form and cut into words before it is compared; pure."""

import hashlib
import re
import unicodedata

import rjieba
from pypinyin import Style, lazy_pinyin

LONGEST_QUERY = 60
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+")
_LATIN = re.compile(r"[0-9a-z]+")
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def visible(typed: str) -> str:
    """As typed, without what can't be seen and without what a database refuses."""
    return _INVISIBLE.sub(" ", typed.encode("utf-8", "ignore").decode("utf-8"))


def fold(typed: str) -> str:
    """Half-width, lower case, single spaces, nothing a database refuses."""
    folded = unicodedata.normalize("NFKC", visible(typed)).casefold()
    return " ".join(folded.split())


def query(typed: str) -> str:
    """A search field's content, folded and cut to a sensible length."""
    return fold(typed[: 4 * LONGEST_QUERY])[:LONGEST_QUERY].strip()


def digest(folded: str) -> str:
    """A short name for a text of any length and alphabet, for keys of the cache."""
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def cut(folded: str) -> list[str]:
    """The words as a reader sees them: 鲜榨苹果汁 → 鲜榨, 苹果汁."""
    return [word for word in rjieba.cut(folded) if _WORD.fullmatch(word)]


def cut_fine(folded: str) -> list[str]:
    """As `cut`, with the shorter words inside long ones: 苹果汁 → 苹果, 果汁, 苹果汁."""
    return [word for word in rjieba.cut_for_search(folded) if _WORD.fullmatch(word)]


def spell(chinese: list[str]) -> list[str]:
    """Pinyin and initials of the Chinese among these words."""
    found = []
    for word in dict.fromkeys(chinese):
        if has_chinese(word):
            found += [pinyin(word), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))]
    return found


def pinyin(folded: str) -> str:
    """The spelling in one piece, without tones; what isn't Chinese stays."""
    return "".join("".join(lazy_pinyin(folded)).split())


def slug(name: str) -> str:
    """An address for a name: pinyin of its words with hyphens; empty when nothing is left."""
    return "-".join(latin(" ".join(pinyin(word) for word in cut(fold(name)))))[:50].strip("-")


def latin(folded: str) -> list[str]:
    """Runs of letters and digits: pinyin, sizes, brand names."""
    return _LATIN.findall(folded)


def is_latin(word: str) -> bool:
    """Letters and digits only."""
    return bool(_LATIN.fullmatch(word))


def has_chinese(folded: str) -> bool:
    """Whether there is any Chinese character."""
    return bool(_HAN.search(folded))
