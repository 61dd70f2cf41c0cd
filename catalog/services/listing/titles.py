"""The title: long enough to say what it is, short enough to be read, with a size, without noise."""

import re
from collections.abc import Iterator

from catalog.services.listing.facts import Facts, Finding

AMOUNT = re.compile(
    r"\d|[一二两三四五六七八九十半]\s*(斤|两|公斤|千克|克|升|毫升|个|只|枚|盒|箱|袋|包|瓶|罐|支|片|块|条|件|双|套|份|米|寸)|礼盒|套装"
)
SHOUTING = re.compile(r"[!！?？~～]{2,}|[★☆●■◆【】]{3,}")
CHARACTERS = re.compile(r"[一-鿿]{2}")


def look(facts: Facts) -> Iterator[Finding]:
    title, rules = facts.title.strip(), facts.rules
    if len(title) > rules.title_longest:
        yield from rules.finding("title_long", length=len(title), longest=rules.title_longest)
    if len(title) < rules.title_shortest:
        yield from rules.finding("title_short", length=len(title), shortest=rules.title_shortest)
    if title and not AMOUNT.search(title):
        yield from rules.finding("title_no_spec")
    noise = _noise(title)
    if noise:
        yield from rules.finding("title_noise", noise=noise)


def _noise(title: str) -> str:
    """What repeats itself or shouts; empty for neither."""
    shout = SHOUTING.search(title)
    if shout:
        return shout[0]
    for size in (4, 3, 2):
        for start in range(len(title) - size + 1):
            part = title[start : start + size]
            if CHARACTERS.match(part) and title.count(part) > (2 if size == 2 else 1):
                return part
    return ""
