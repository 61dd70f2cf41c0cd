"""A competitor's page of goods, read as a guest who keeps the house rules: robots.txt first."""

from collections.abc import Collection
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from catalog.channels import outside, page_facts
from catalog.channels.outside import NotRead
from catalog.channels.page_facts import GoodsFacts

AGENT = "WeimallPriceReader/1.0"
LONGEST_DELAY = 60


class Reader:
    """Reads pages for one round; robots.txt of an origin is read once. `hosts` are the ones allowed."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._rules: dict[str, RobotFileParser] = {}

    def read(self, url: str, *, price_selector: str = "", promotion_selector: str = "") -> GoodsFacts:
        """What the page says. Raises NotRead: not allowed, forbidden by robots.txt, no answer, no price."""
        parts = outside.checked(url, self._hosts)
        rules = self._robots(f"{parts.scheme}://{parts.netloc}")
        if not rules.can_fetch(AGENT, url):
            raise NotRead("robots.txt forbids it")
        if float(rules.crawl_delay(AGENT) or 0) > LONGEST_DELAY:
            raise NotRead("robots.txt asks for longer pauses")
        page = outside.get(url, hosts=self._hosts, agent=AGENT)
        if page.status != 200:
            raise NotRead(f"HTTP {page.status}")
        facts = page_facts.read(
            page.text, price_selector=price_selector, promotion_selector=promotion_selector
        )
        if facts is None:
            raise NotRead("no price on the page")
        return facts

    def _robots(self, origin: str) -> RobotFileParser:
        """The rules of an origin: no file allows all, no answer allows nothing."""
        if origin not in self._rules:
            rules = RobotFileParser()
            page = outside.get(f"{origin}/robots.txt", hosts=self._hosts, agent=AGENT)
            if page.status == 200:
                rules.parse(page.text.splitlines())
            elif page.status in (401, 403) or page.status >= 500 or 300 <= page.status < 400:
                rules.parse(["User-agent: *", "Disallow: /"])
            else:
                rules.parse([])
            self._rules[origin] = rules
        return self._rules[origin]


def origin(url: str) -> str:
    """Host and port, under which pauses are kept."""
    return urlsplit(url).netloc.lower()
