"""Who holds the phone in this browser: a cookie of the sandbox's, the first person while there is none."""

from urllib.parse import quote, unquote

from local.sandbox import people
from local.sandbox.box import Box
from local.sandbox.http import Request
from local.sandbox.ledger import Row

COOKIE = "wx_person"


def of(box: Box, request: Request) -> Row:
    chosen = unquote(cookies(request).get(COOKIE, ""))
    return people.find(box, chosen) or people.everybody(box)[0]


def choose(person: Row) -> str:
    """The Set-Cookie value that makes somebody the holder."""
    return f"{COOKIE}={quote(person['name'])}; Path=/; SameSite=Lax; Max-Age=2592000"


def cookies(request: Request) -> dict[str, str]:
    """Names and raw values, odd ones left out one by one."""
    found = {}
    for part in request.headers.get("cookie", "").split(";"):
        name, mark, value = part.strip().partition("=")
        if mark:
            found[name] = value
    return found


def jar(person: Row) -> str:
    """What the names of this person's cookies begin with: everybody has a web view of their own."""
    return f"wx_{person['unionid'][1:9]}_"


def to_shop(request: Request, person: Row) -> str:
    """The Cookie header for the shop: those of this person's web view under their own names."""
    prefix = jar(person)
    mine = {
        name.removeprefix(prefix): value
        for name, value in cookies(request).items()
        if name.startswith(prefix)
    }
    return "; ".join(f"{name}={value}" for name, value in mine.items())


def from_shop(cookie: str, person: Row) -> str:
    """A Set-Cookie of the shop's, renamed for this person and fit for plain http on another port."""
    first, *attributes = cookie.split(";")
    name, _, value = first.strip().partition("=")
    kept = [
        attribute
        for attribute in attributes
        if attribute.strip().partition("=")[0].lower() not in ("domain", "secure", "partitioned")
    ]
    text = f"{jar(person)}{name}={value}" + "".join(f";{attribute}" for attribute in kept)
    return text.replace("SameSite=None", "SameSite=Lax")
