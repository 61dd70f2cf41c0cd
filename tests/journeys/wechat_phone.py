"""The sandbox's WeChat phone in a visitor's hand: the shop stands in its frame."""

import re
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import FrameLocator, Locator, expect

from tests.journeys.visitor import SECONDS, Visitor
from tests.sandboxes import Sandbox


class WechatPhone:
    """`frame` is the shop inside WeChat; the sheets of WeChat itself lie on the page around it."""

    def __init__(self, visitor: Visitor, sandbox: Sandbox) -> None:
        self.visitor, self.page, self.sandbox = visitor, visitor.page, sandbox
        visitor.hosts.add(urlsplit(sandbox.settings["SANDBOX_PHONE_URL"]).netloc)

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title=商城]")

    def opens(self, path: str, person: str = "") -> None:
        handed = f"&as={quote(person)}" if person else ""
        self.page.goto(f"{self.sandbox.url}/phone/?to={quote(path)}{handed}")

    def arrives(self, pattern: str) -> None:
        """Waits until the page inside the frame is there and says so."""
        wanted = re.compile(rf"to=.*{pattern}")
        self.page.wait_for_url(lambda url: bool(wanted.search(unquote(url))), timeout=20 * SECONDS)

    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.frame.locator("body")).to_contain_text(one, use_inner_text=True, timeout=15 * SECONDS)

    def thing(self, words: str, within: str = "body") -> Locator:
        around: Any = self.frame.locator(within)
        button = around.get_by_role("button", name=words, exact=True)
        return button.or_(around.get_by_role("link", name=words, exact=True)).filter(visible=True).first

    def press(self, words: str, within: str = "body") -> None:
        self.thing(words, within).click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.frame.locator(f"[name={name}]:visible").first.fill(value)

    def tick(self, name: str) -> None:
        self.frame.locator(f"input[name={name}]").first.check(force=True)
