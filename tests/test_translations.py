"""The Chinese catalogue is complete: nothing missing, nothing fuzzy, nothing stale, placeholders kept."""

import re

import polib
import pytest

from local import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w+\}(?!\})")


@pytest.fixture(scope="module")
def catalogue() -> dict[messages.Message, polib.POEntry]:
    return {messages.key(entry): entry for entry in messages.read()}


def test_every_text_of_the_shop_is_in_the_catalogue(
    catalogue: dict[messages.Message, polib.POEntry],
) -> None:
    absent = {text: places for text, places in messages.collect().items() if text not in catalogue}
    assert not absent, "run: make messages"


def test_every_entry_is_translated_and_none_is_fuzzy(
    catalogue: dict[messages.Message, polib.POEntry],
) -> None:
    poor = [
        entry.msgid for entry in catalogue.values() if not entry.translated() or entry.fuzzy or entry.obsolete
    ]
    assert not poor


def test_placeholders_survive_translation(catalogue: dict[messages.Message, polib.POEntry]) -> None:
    broken = []
    for entry in catalogue.values():
        original = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            used = set(PLACEHOLDER.findall(text))
            if used - original or (original - used and not entry.msgid_plural):
                broken.append((entry.msgid, text))
    assert not broken


def test_compiled_catalogue_is_the_written_one(catalogue: dict[messages.Message, polib.POEntry]) -> None:
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid, entry.msgstr) for entry in compiled} == {
        (entry.msgctxt, entry.msgid, entry.msgstr) for entry in catalogue.values()
    }
