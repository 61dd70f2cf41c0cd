"""Chinese text: words for the search index, masks for people, and HTML that is safe to show."""

import re
import unicodedata
from functools import cache

import nh3
import rjieba
from pypinyin import Style, lazy_pinyin

WORD = re.compile(r"\w+", re.UNICODE)
HAN = re.compile(r"[\u3400-\u9fff]")

TAGS = {
    *("p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "blockquote", "hr"),
    *("ul", "ol", "li", "a", "img", "figure", "figcaption", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
OWN_PICTURE = re.compile(r"^/(media|static)/(?!private/)[\w./%@-]+$")


def segment(text: str, *, pinyin: bool = False) -> str:
    """Words with spaces between, for to_tsvector('simple', …): long words and the shorter ones inside them.
    With `pinyin` the spelling and the initials of each Chinese word follow."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = [word for word in rjieba.cut_for_search(folded) if WORD.fullmatch(word)]
    if pinyin:
        for word in list(dict.fromkeys(words)):
            if HAN.search(word):
                words += ["".join(lazy_pinyin(word)), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))]
    return " ".join(dict.fromkeys(words))


def mask_phone(phone: str) -> str:
    """138****1234; a short number shows nothing but its last two digits."""
    if len(phone) < 8:
        return "****" + phone[-2:]
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """张* or 王*明; the first character always shows."""
    if len(name) <= 1:
        return name + "*"
    return name[0] + "*" * (len(name) - 2) + (name[-1] if len(name) > 2 else "*")


def clean_html(html: str) -> str:
    """What the merchant wrote, reduced to an allow list; pictures only from this shop."""
    return _cleaner().clean(html).strip()


def plain(html: str) -> str:
    """The words alone, white space folded."""
    return " ".join(nh3.clean(re.sub(r"<(/p|br|/li|/h\d|/tr|/div)\b", r" <\1", html), tags=set()).split())


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "http", "tel", "mailto"},
        link_rel="noopener nofollow",
        attribute_filter=_keep_attribute,
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src" and not OWN_PICTURE.match(value):
        return None
    if name in {"width", "height", "colspan", "rowspan"} and not value.isdigit():
        return None
    return value
