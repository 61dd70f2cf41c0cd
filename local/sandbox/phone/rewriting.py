"""The shop's answers made fit for the phone's browser, and the phone's addresses turned back for the shop."""

import re
from urllib.parse import quote, urlsplit

from local.sandbox.box import Box
from local.sandbox.pages import consent

# where the browser keeps its own pages on the shop's front
OWN = "/__wx"
ADDRESSED = ("location", "hx-redirect", "hx-location", "hx-push-url", "hx-replace-url")
HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
LINK = re.compile(rb"<(?:a|area|form)\b[^>]*>", re.IGNORECASE)
SCRIPT = f'<script src="{OWN}/static/bridge.js"></script>'


def to_phone(box: Box, address: str) -> str:
    """The same place inside the phone; foreign addresses stay."""
    if address.startswith(box.url + consent.PATH):
        return OWN + address.removeprefix(box.url)
    if _is_below(address, box.shop):
        return address.removeprefix(box.shop) or "/"
    return address


def to_shop(box: Box, text: str) -> str:
    """An address or a piece of one, plain or percent-encoded, as the shop knows it."""
    for phone, shop in ((box.phone_url, box.shop), (quote(box.phone_url, safe=""), quote(box.shop, safe=""))):
        text = text.replace(phone, shop)
    return text


def headers(box: Box, given: dict[str, str]) -> dict[str, str]:
    """Addresses turned, the ban on frames lifted."""
    kept = {}
    for name, value in given.items():
        lower = name.lower()
        if lower == "x-frame-options":
            continue
        if lower in ADDRESSED:
            value = to_phone(box, value)
        if lower.startswith("content-security-policy"):
            value = _policy(value)
        kept[name] = value
    return kept


def _policy(policy: str) -> str:
    parts = (part.strip() for part in policy.split(";"))
    return "; ".join(part for part in parts if part and not part.startswith("frame-ancestors"))


def page(box: Box, body: bytes) -> bytes:
    """A page with the bridge before everything else and its links to the shop kept inside the phone."""
    consent_at, shop = (box.url + consent.PATH).encode(), box.shop.encode()

    def turn(tag: re.Match[bytes]) -> bytes:
        text = tag[0].replace(b'="' + consent_at, b'="' + OWN.encode() + consent.PATH.encode())
        return re.sub(rb'="' + re.escape(shop) + rb"(?=[/?#\"])", b'="', text)

    body = LINK.sub(turn, body)
    return HEAD.sub(lambda head: head[0] + SCRIPT.encode(), body, count=1)


def _is_below(address: str, base: str) -> bool:
    one, other = urlsplit(address), urlsplit(base)
    return bool(base) and (one.scheme, one.netloc) == (other.scheme, other.netloc)
