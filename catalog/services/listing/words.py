"""Words to avoid: banned goods, absolutes of the Advertising Law, cures, comparisons, empty talk."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.services.listing.facts import Facts, Finding, Word
from catalog.terms.listing import WORD_CODES, WordKind

AROUND = 8
HITS_AT_MOST = 8


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each kind and field, with the places of all hits."""
    texts = {"title": facts.title, "subtitle": facts.subtitle, "description": facts.description}
    for name, text in texts.items():
        by_kind: dict[WordKind, list[dict[str, Any]]] = {}
        for start, end, word in hits(text, facts.rules.words):
            by_kind.setdefault(word.kind, []).append(_shown(text, start, end, word))
        for kind, found in by_kind.items():
            words = "、".join(dict.fromkeys(one["hit"] for one in found))
            yield from facts.rules.finding(WORD_CODES[kind], at=name, words=words, hits=found[:HITS_AT_MOST])


def hits(text: str, words: Sequence[Word]) -> list[tuple[int, int, Word]]:
    """Where the words stand (start, end, word), blanks inside them ignored, the longest winning where they
    overlap, those within their allowed phrases left out."""
    places = [number for number, sign in enumerate(text) if not sign.isspace()]
    tight = "".join(text[number] for number in places).lower()
    taken: set[int] = set()
    found = []
    for word in sorted(words, key=lambda one: (-len(one.word), one.word)):
        sought = "".join(word.word.lower().split())
        fine = _covered(tight, word.allowed_in)
        at = tight.find(sought) if sought else -1
        while at >= 0:
            span = range(at, at + len(sought))
            if not taken.intersection(span) and not fine.intersection(span):
                taken.update(span)
                found.append((places[at], places[span[-1]] + 1, word))
            at = tight.find(sought, at + 1)
    return sorted(found, key=lambda one: one[0])


def _covered(tight: str, phrases: Sequence[str]) -> set[int]:
    covered: set[int] = set()
    for phrase in phrases:
        at = tight.find(phrase.lower())
        while phrase and at >= 0:
            covered.update(range(at, at + len(phrase)))
            at = tight.find(phrase.lower(), at + 1)
    return covered


def _shown(text: str, start: int, end: int, word: Word) -> dict[str, Any]:
    return {
        "before": ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start],
        "hit": text[start:end],
        "after": text[end : end + AROUND] + ("…" if end + AROUND < len(text) else ""),
        "advice": word.advice,
    }
