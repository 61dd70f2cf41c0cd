"""What a page says about goods: JSON-LD of schema.org, or the text of a simple selector. Pure."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

HIGHEST = Decimal("9999999.99")
SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.IGNORECASE)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
DEEPEST = 40


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """Yuan; rating of five."""

    price: Decimal
    promotion_text: str = ""
    rating: Decimal | None = None
    review_count: int | None = None


def is_selector(text: str) -> bool:
    """Whether it is a tag, .class, #id, tag.class or tag#id."""
    return bool(text) and SELECTOR.fullmatch(text) is not None


def read(html: str, *, price_selector: str = "", promotion_selector: str = "") -> GoodsFacts | None:
    """The goods of a page; None when no price in yuan is found."""
    page = _Page([price_selector, promotion_selector])
    with suppress(AssertionError):  # what the parser knows no name for ends the reading
        page.feed(html.replace("\x00", ""))
        page.close()
    product = next((one for script in page.scripts for one in _products(script)), {})
    offer = _offer(product)
    price = _price(page.texts[0]) if price_selector else _price(offer.get("price", offer.get("lowPrice")))
    if price is None:
        return None
    ratings = product.get("aggregateRating")
    rating = ratings if isinstance(ratings, dict) else {}
    return GoodsFacts(
        price=price,
        promotion_text=" ".join(page.texts[1].split())[:120] if promotion_selector else "",
        rating=_rating(rating.get("ratingValue")),
        review_count=_count(rating.get("reviewCount", rating.get("ratingCount"))),
    )


class _Page(HTMLParser):
    """Gathers JSON-LD and the first text behind each selector."""

    def __init__(self, selectors: list[str]) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.texts = [""] * len(selectors)
        self._wanted = [SELECTOR.fullmatch(one) if one else None for one in selectors]
        self._open: list[tuple[int, int]] = []
        self._found: set[int] = set()
        self._depth = 0
        self._is_json = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._is_json = given.get("type", "").lower() == "application/ld+json"
            if self._is_json:
                self.scripts.append("")
        if tag in VOID:
            return
        self._depth += 1
        for number, wanted in enumerate(self._wanted):
            if wanted and number not in self._found and _fits(wanted, tag, given):
                self._found.add(number)
                self._open.append((number, self._depth))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_json = False
        if tag in VOID:
            return
        self._open = [one for one in self._open if one[1] < self._depth]
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._is_json:
            self.scripts[-1] += data
            return
        for number, _depth in self._open:
            self.texts[number] += data


def _fits(wanted: re.Match[str], tag: str, given: dict[str, str]) -> bool:
    name, sign, word = wanted.groups()
    if name and name.lower() != tag:
        return False
    if sign == ".":
        return word in given.get("class", "").split()
    return given.get("id") == word if sign == "#" else True


def _products(script: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(script)
    except (ValueError, RecursionError):
        return
    yield from _of_type(found, "Product", 0)


def _of_type(value: Any, kind: str, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _of_type(one, kind, depth + 1)
    elif isinstance(value, dict):
        types = value.get("@type")
        if kind == types or (isinstance(types, list) and kind in types):
            yield value
        else:
            yield from _of_type(value.get("@graph"), kind, depth + 1)


def _offer(product: dict[str, Any]) -> dict[str, Any]:
    """The cheapest offer in yuan."""
    offers = product.get("offers")
    known = [one for one in (offers if isinstance(offers, list) else [offers]) if isinstance(one, dict)]
    priced = [
        (price, number)
        for number, one in enumerate(known)
        if one.get("priceCurrency", "CNY") == "CNY"
        and (price := _price(one.get("price", one.get("lowPrice")))) is not None
    ]
    return known[min(priced)[1]] if priced else {}


def _price(value: Any) -> Decimal | None:
    found = NUMBER.search(str(value)) if isinstance(value, str | int | float) else None
    try:
        price = Decimal(found.group().replace(",", "")).quantize(Decimal("0.01")) if found else None
    except InvalidOperation:
        return None
    return price if price is not None and 0 < price <= HIGHEST else None


def _rating(value: Any) -> Decimal | None:
    try:
        rating = Decimal(str(value)).quantize(Decimal("0.1"))
    except InvalidOperation:
        return None
    return rating if rating.is_finite() and 0 <= rating <= 5 else None


def _count(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
