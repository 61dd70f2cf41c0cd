"""A page as a person without JavaScript meets it: its links, and its forms with what is already filled in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Field:
    name: str
    kind: str
    value: str
    is_chosen: bool = True
    is_disabled: bool = False


@dataclass
class Button:
    name: str
    value: str
    action: str
    is_disabled: bool = False


@dataclass
class Form:
    """`action` is a whole address. Choosing and filling in change `fields`."""

    id: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def fill(self, **values: str) -> None:
        for one in self.fields:
            if one.name in values:
                one.value, one.is_chosen = values[one.name], True

    def choices(self) -> dict[str, list[Field]]:
        """The radio buttons one may press, by name."""
        found: dict[str, list[Field]] = {}
        for one in self.fields:
            if one.kind == "radio" and not one.is_disabled:
                found.setdefault(one.name, []).append(one)
        return found

    def choose(self, wanted: Field) -> None:
        for one in self.fields:
            if one.kind == "radio" and one.name == wanted.name:
                one.is_chosen = one is wanted

    def data(self, button: Button | None = None) -> list[tuple[str, str]]:
        """What a browser would send."""
        sent = [(one.name, one.value) for one in self.fields if one.is_chosen and not one.is_disabled]
        return [*sent, (button.name, button.value)] if button and button.name else sent


@dataclass
class Page:
    url: str
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def form(self, ending: str) -> Form | None:
        """The first form whose action ends so, or with a button that goes there."""
        for one in self.forms:
            if one.action.endswith(ending) or any(b.action.endswith(ending) for b in one.buttons):
                return one
        return None


def read(url: str, html: str) -> Page:
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    return reader.finish()


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.page = Page(url)
        self.open_form: Form | None = None
        self.elsewhere: list[tuple[str, Field | Button]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href"):
            self.page.links.append(urljoin(self.page.url, given["href"]))
        elif tag == "form":
            action = urljoin(self.page.url, given.get("action", ""))
            self.open_form = Form(given.get("id", ""), action, given.get("method", "get").lower())
            self.page.forms.append(self.open_form)
        elif tag in ("input", "textarea") and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else "text"
            is_chosen = kind not in ("radio", "checkbox") or "checked" in given
            value = given.get("value", "on" if kind in ("radio", "checkbox") else "")
            if kind not in ("submit", "image", "file"):
                self._take(given, Field(given["name"], kind, value, is_chosen, "disabled" in given))
        elif tag == "button" and given.get("type", "submit") == "submit":
            action = urljoin(self.page.url, given["formaction"]) if given.get("formaction") else ""
            self._take(
                given, Button(given.get("name", ""), given.get("value", ""), action, "disabled" in given)
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open_form = None

    def finish(self) -> Page:
        forms = {form.id: form for form in self.page.forms if form.id}
        for name, part in self.elsewhere:
            if name in forms:
                _add(forms[name], part)
        return self.page

    def _take(self, given: dict[str, str], part: Field | Button) -> None:
        if given.get("form"):
            self.elsewhere.append((given["form"], part))
        elif self.open_form is not None:
            _add(self.open_form, part)


def _add(form: Form, part: Field | Button) -> None:
    if isinstance(part, Field):
        form.fields.append(part)
    else:
        form.buttons.append(part)
