"""Groups of words that mean the same."""

import re

from catalog.errors import SynonymUnclear
from catalog.models import Synonym
from catalog.selectors import synonyms, words
from shop.core import audit
from shop.core.transactions import unit

SEPARATORS = re.compile(r"[=,，、;；|/\n]+")
WORDS_AT_MOST = 8
LONGEST = 20


@unit
def save(*, synonym: Synonym | None, typed: str, is_active: bool, actor: str) -> Synonym:
    """Write a group such as `西红柿 = 番茄`. Raises SynonymUnclear."""
    found = check(typed=typed, synonym=synonym)
    row = synonym or Synonym()
    is_new = row.pk is None
    row.words, row.is_active = found, is_active
    row.save()
    audit.record(
        actor=actor,
        verb="create_synonym" if is_new else "update_synonym",
        target=f"synonym:{row.pk}",
        after={"words": found, "is_active": is_active},
    )
    synonyms.forget()
    return row


@unit
def remove(*, synonym: Synonym, actor: str) -> None:
    """Forget a group."""
    audit.record(actor=actor, verb="remove_synonym", target=f"synonym:{synonym.pk}")
    synonym.delete()
    synonyms.forget()


def check(*, typed: str, synonym: Synonym | None) -> list[str]:
    """The words of a line for this group. Raises SynonymUnclear, also when a word is in another group."""
    found = read(typed)
    others = Synonym.objects.filter(words__overlap=found)
    if synonym and synonym.pk:
        others = others.exclude(pk=synonym.pk)
    taken = next((word for other in others for word in other.words if word in found), "")
    if taken:
        raise SynonymUnclear(detail=taken)
    return found


def read(typed: str) -> list[str]:
    """The words of a line, folded, each once. Raises SynonymUnclear for fewer than two or too many."""
    found = list(dict.fromkeys(word for part in SEPARATORS.split(typed) if (word := words.fold(part))))
    if not 2 <= len(found) <= WORDS_AT_MOST or any(
        len(word) > LONGEST or not words.cut(word) for word in found
    ):
        raise SynonymUnclear(detail="、".join(found) or "—")
    return found
