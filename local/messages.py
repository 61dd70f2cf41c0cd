"""make messages: collect what the shop says, keep the translations, compile them. Needs no GNU gettext.

Texts of django-unfold are collected too, because it ships no Chinese.
"""

import ast
import contextlib
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from local.paths import CHECKOUT

CATALOGUE = CHECKOUT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ROOTS = ("shop", "members", "catalog", "marketing", "orders", "analytics", "templates")
# name of the function → positions of context, message and plural among its arguments
KINDS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(")
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}
Message = tuple[str | None, str, str | None]


def collect() -> dict[Message, list[str]]:
    """Every message of the sources with the files it stands in, relative to the checkout."""
    found: dict[Message, list[str]] = {}
    for path, name in _sources():
        text = path.read_text()
        said = _in_python(text) if path.suffix == ".py" else _in_template(text)
        for message in said:
            places = found.setdefault(message, [])
            if name not in places:
                places.append(name)
    return found


def key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or None


def read(path: Path = CATALOGUE) -> polib.POFile:
    return polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=110)


def update(*more: Path) -> list[str]:
    """Rewrites the catalogue: texts that are gone are dropped, `more` .po files fill what is missing.

    Answers the messages still without a translation.
    """
    known = {key(entry): entry for entry in read() if not entry.obsolete}
    loose: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in more:
        for entry in polib.pofile(str(path)):
            if entry.translated():
                loose[entry.msgctxt or None, entry.msgid] = entry
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = HEADER
    missing = []
    for message, places in sorted(collect().items(), key=lambda one: (one[1][0], one[0][1], str(one[0]))):
        context, text, plural = message
        entry = polib.POEntry(msgid=text, msgctxt=context, occurrences=[(place, "") for place in places])
        former = known.get(message)
        if former is None or not former.translated():
            former = loose.get((context, text)) or former
        if plural is not None:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: _first(former)}
        else:
            entry.msgstr = _first(former)
        entry.flags = _flags(text)
        if not entry.translated():
            missing.append(text)
        fresh.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(CATALOGUE))
    fresh.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return missing


def _first(entry: polib.POEntry | None) -> str:
    if entry is None:
        return ""
    return str(entry.msgstr_plural.get(0, "")) if entry.msgid_plural else str(entry.msgstr)


def _flags(text: str) -> list[str]:
    return ["python-format"] if re.search(r"%(\(\w+\))?[sd]", text) else []


def _sources() -> Iterator[tuple[Path, str]]:
    for root in ROOTS:
        for suffix in ("*.py", "*.html", "*.txt"):
            for path in sorted((CHECKOUT / root).rglob(suffix)):
                if "migrations" not in path.parts and "demo" not in path.parts:
                    yield path, str(path.relative_to(CHECKOUT))
    spec = find_spec("unfold")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        for suffix in ("*.py", "*.html"):
            for path in sorted(package.rglob(suffix)):
                yield path, f"unfold/{path.relative_to(package)}"


def _in_python(text: str) -> Iterator[Message]:
    tree = ast.parse(text)
    renamed = {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            message = _message(renamed.get(name, name), node.args)
            if message:
                yield message


def _in_template(text: str) -> Iterator[Message]:
    code = templatize(text)
    for match in CALL.finditer(code):
        end, depth, quote = match.end(), 1, ""
        while depth and end < len(code):
            letter = code[end]
            if quote:
                if letter == "\\":
                    end += 1
                elif letter == quote:
                    quote = ""
            elif letter in "'\"":
                quote = letter
            elif letter in "()":
                depth += 1 if letter == "(" else -1
            end += 1
        call: ast.expr | None = None
        with contextlib.suppress(SyntaxError):
            call = ast.parse(code[match.start() : end].strip(), mode="eval").body
        message = _message(match[1], call.args) if isinstance(call, ast.Call) else None
        if message:
            yield message


def _message(name: str, arguments: list[ast.expr]) -> Message | None:
    if name not in KINDS:
        return None
    context, text, plural = (
        None if at is None else _string(arguments[at]) if at < len(arguments) else None for at in KINDS[name]
    )
    return (context, text, plural) if text else None


def _string(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


if __name__ == "__main__":
    left = update(*map(Path, sys.argv[1:]))
    for text in left:
        print(f"no translation: {text!r}")
    print(f"{len(read())} messages, {len(left)} without a translation: {CATALOGUE.relative_to(CHECKOUT)}")
    sys.exit(bool(left))
