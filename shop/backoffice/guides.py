"""The operating guides: Markdown files beside this one, a folder a language, each with a head of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent / "help"
LANGUAGES = {"zh-hans": "zh", "en": "en"}
FIRST = "first-steps"
AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Guide:
    """`pages` are the addresses it explains, after /admin/; `version` counts its editions."""

    slug: str
    title: str
    pages: tuple[str, ...]
    version: str
    text: str

    @property
    def body(self) -> SafeString:
        """As HTML; the files are ours, and raw HTML in them is shown as text all the same."""
        return SafeString(MarkdownIt("commonmark", {"html": False}).enable("table").render(self.text))

    @property
    def first_words(self) -> str:
        """The first paragraph, for lists."""
        return self.text.strip().partition("\n\n")[0].replace("**", "")


@cache
def all_of(language: str) -> dict[str, Guide]:
    """Every guide by its slug, in the order of the file names; English where a language is missing."""
    folder = FOLDER / LANGUAGES.get(language, "en")
    return {guide.slug: guide for guide in _read(folder)}


def find(slug: str, language: str) -> Guide | None:
    return all_of(language).get(slug)


def of_page(path: str, language: str) -> Guide:
    """The guide of an address: the one that names the longest beginning of it, else the first steps."""
    place = path.removeprefix("/admin/")
    guides = all_of(language)
    fits = [
        (len(start), guide) for guide in guides.values() for start in guide.pages if place.startswith(start)
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else guides[FIRST if place else "dashboard"]


def search(text: str, language: str) -> list[Guide]:
    """Guides with every word in them, those with one in the title first."""
    words = [word.casefold() for word in text.split()][:8]
    if not words:
        return []

    def fits(guide: Guide) -> bool:
        whole = f"{guide.title} {guide.text}".casefold()
        return all(word in whole for word in words)

    def distance(guide: Guide) -> int:
        return -sum(word in guide.title.casefold() for word in words)

    return sorted(filter(fits, all_of(language).values()), key=distance)[:AT_MOST]


def _read(folder: Path) -> Iterator[Guide]:
    for file in sorted(folder.glob("*.md")):
        head, _line, text = file.read_text(encoding="utf-8").partition("\n---\n")
        facts = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        yield Guide(
            slug=slugify(file.stem.partition("_")[2] or file.stem),
            title=facts["title"],
            pages=tuple(facts.get("pages", "").split()),
            version=facts.get("version", "1"),
            text=text.strip(),
        )
