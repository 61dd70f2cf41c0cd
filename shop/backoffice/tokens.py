"""One theme of the shop whatever the browser prefers, for previews that show day and night side by side."""

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

DAY = re.compile(r"@layer tokens \{\s*:root \{(.*?)\n    \}", re.S)
NIGHT = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\n    \}", re.S)


def forced(theme: str) -> str:
    """The shipped tokens of "light" or "dark" as a rule that holds always; empty for anything else."""
    if theme not in ("light", "dark"):
        return ""
    day, night = _shipped()
    return f"@layer tokens {{ :root {{ {day if theme == 'light' else night} color-scheme: {theme}; }} }}"


def only(sheet: str, theme: str) -> str:
    """A merchant's style sheet with the rules of one theme only."""
    return sheet.replace("(prefers-color-scheme: dark)", "all" if theme == "dark" else "not all")


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, str]:
    found = finders.find("storefront/shop.css")
    text = Path(str(found)).read_text(encoding="utf-8") if found else ""
    day, night = DAY.search(text), NIGHT.search(text)
    return (day[1] if day else "", night[1] if night else "")
