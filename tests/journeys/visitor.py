"""A person with a browser: what they press, type and see, in the Chinese of the shop's catalogue."""

import re
from contextlib import suppress
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from members.models import User

SECONDS = 1000
# a refused form answers 4xx; a field changed and sent at once makes htmx give up the first of two requests
NO_PROBLEM = ("Failed to load resource: the server responded", "htmx:afterRequest", "htmx:sendAbort")
# Chromium gives up fading to a page that goes on at once; nothing of ours ran
TRANSITION = "Transition was aborted"
AMOUNT = re.compile(r"(−?)\s*¥\s*([\d.]+)")


def zh(words: str, context: str = "", **values: object) -> str:
    """What the shop says in Chinese; `values` fill `%(name)s` and `{name}`."""
    with translation.override("zh-hans"):
        said = translation.pgettext(context, words) if context else translation.gettext(words)
    return (said % values if "%(" in said else said.format(**values)) if values else said


def amounts(text: str) -> list[Decimal]:
    """The amounts of a text, negative where they are taken off."""
    return [Decimal(f"{'-' if minus else ''}{digits}") for minus, digits in AMOUNT.findall(text)]


class Visitor:
    """One browser window with cookies of its own; what went wrong in it is kept in `problems`."""

    def __init__(
        self, context: BrowserContext, url: str, *, friends: tuple[str, ...] = (), is_desktop: bool = False
    ) -> None:
        self.context, self.url, self.is_desktop = context, url, is_desktop
        self.hosts = {urlsplit(address).netloc for address in (url, *friends)}
        self.problems: list[str] = []
        self.page = context.new_page()
        self.watch(self.page)
        context.set_default_timeout(8 * SECONDS)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._failed(page, str(error)))
        page.on("console", lambda said: self._heard(page, said.type, said.text))
        page.on("request", lambda request: self._asked(page, request.url))
        page.on("response", self._answered)

    def go(self, path: str) -> Response | None:
        return self.page.goto(self.url + path)

    @property
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def thing(self, words: str, within: str = "body") -> Locator:
        """The one visible button or link that is called so."""
        around = self.page.locator(within)
        named = {"name": words, "exact": True}
        button = around.get_by_role("button", **named).or_(around.get_by_role("link", **named))  # type: ignore[arg-type]
        return button.filter(visible=True).first

    def press(self, words: str, within: str = "body") -> None:
        self.thing(words, within).click()

    def fill(self, **fields: str) -> None:
        """Types into fields by their names."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:visible").first.fill(value)

    def tick(self, name: str) -> None:
        self.page.locator(f"input[name={name}]").first.check(force=True)

    def sees(self, *words: str) -> None:
        body = self.page.locator("body")
        for one in words:
            expect(body).to_contain_text(one, use_inner_text=True, timeout=10 * SECONDS)

    def sees_price(self, figure: str) -> None:
        """A price with its small sign and decimals, like 12.80."""
        shown = self.page.locator(".price", has_text=re.compile(rf"¥\s*{re.escape(figure)}(?!\d)"))
        expect(shown.filter(visible=True).first).to_be_visible()

    def misses(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one, use_inner_text=True)

    def arrives(self, pattern: str) -> None:
        """Waits until the address bar matches."""
        self.page.wait_for_url(re.compile(pattern), timeout=15 * SECONDS)

    def ledger(self) -> tuple[list[Decimal], Decimal]:
        """The amounts of the price ledger on the page above its sum, and the sum."""
        rows = self.page.locator(".ledger").first.locator(".ledger__row")
        above, total = [], Decimal(0)
        for row in rows.all():
            text = (row.text_content() or "").replace("\n", " ")
            found = amounts(text.replace(" ", "")) or [Decimal(0)]
            if "ledger__row--sum" in (row.get_attribute("class") or ""):
                total = found[-1]
                break
            above.append(found[-1])
        return above, total

    def becomes(self, user: User) -> None:
        """Signed in as this person, as if yesterday."""
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])

    def leaves(self) -> None:
        with suppress(Exception):
            self.page.goto("about:blank")
        self.context.close()

    def _failed(self, page: Page, text: str) -> None:
        if TRANSITION not in text:
            self.problems.append(f"{page.url}: {text}")

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(NO_PROBLEM):
            self.problems.append(f"{page.url}: {text}")

    def _asked(self, page: Page, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc not in self.hosts:
            self.problems.append(f"{page.url} asked another host: {url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= (500 if is_page else 400):
            self.problems.append(f"{response.status} {response.url}")
