"""What somebody meant who typed something else; pure."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from catalog.selectors import words

SAME_ENOUGH = 0.75
SOUNDS_ENOUGH = 0.85
SPELLED_ENOUGH = 0.75
WORDS_JOINED = 4


def meant(query: str, titles: Iterable[str]) -> str:
    """The piece of these titles that is spelled or sounds most like the folded query; empty when none does.

    平果 → 苹果 (the same sound), 红富土苹果 → 红富士苹果 (one stroke), pingou → 苹果; but 洗衣粉 isn't
    洗衣液: a short word with another sound is another word.
    """
    typed = query.replace(" ", "")
    sound = words.pinyin(typed)
    best, nearest = "", 0.0
    for title in titles:
        for piece in dict.fromkeys(_pieces(words.fold(title))):
            near = 0.0 if piece in typed else _near(typed, sound, piece)
            if near > nearest:
                best, nearest = piece, near
    return best


def _pieces(title: str) -> Iterator[str]:
    """Words of a title, and neighbours joined; both as a reader and as a search cuts them."""
    for found in (words.cut(title), words.cut_fine(title)):
        for start in range(len(found)):
            for end in range(start + 1, min(start + WORDS_JOINED, len(found)) + 1):
                piece = "".join(found[start:end])
                if piece in title.replace(" ", "") and not piece.isdecimal():
                    yield piece


def _near(typed: str, sound: str, piece: str) -> float:
    """From 0 to 1; 0 when it is too far to be meant. The same sound counts more than similar strokes."""
    spelled = words.pinyin(piece)
    heard = _alike(sound, spelled)
    is_chinese = words.has_chinese(typed)
    if heard >= (SOUNDS_ENOUGH if is_chinese else SPELLED_ENOUGH) and (len(typed) > 1 or heard == 1):
        return heard
    seen = _alike(typed, piece)
    return seen if seen >= SAME_ENOUGH and is_chinese == words.has_chinese(piece) else 0.0


def _alike(a: str, b: str) -> float:
    if abs(len(a) - len(b)) > max(len(a), len(b)) / 3:
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
