"""A picture of a product to keep and pass on: what it is, what it costs, a code that leads to it."""

import hashlib
import io
import unicodedata
from dataclasses import astuple, dataclass
from functools import lru_cache

import segno
from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps

from shop.core import typefaces

WIDTH, HEIGHT = 750, 1270
EDGE = 44
CODE = 220
INK, INK_2, BRAND, PAPER, LINE = "#1F1B16", "#6B6259", "#C8371B", "#FFFFFF", "#EFE6DC"
KEPT_SECONDS = 6 * 3600
VERSION = 1


@dataclass(frozen=True, slots=True)
class Poster:
    """`price` is in words; `address` is where the code leads; `picture` a path in our storage, or empty."""

    title: str
    price: str
    shop: str
    hint: str
    address: str
    picture: str

    @property
    def digest(self) -> str:
        text = "\0".join((str(VERSION), *astuple(self)))
        return hashlib.sha256(text.encode()).hexdigest()[:20]


def jpeg(poster: Poster) -> bytes:
    """The drawn poster, remembered for six hours."""
    name = f"poster:{poster.digest}"
    kept = cache.get(name)
    if isinstance(kept, bytes):
        return kept
    content = draw(poster)
    cache.set(name, content, KEPT_SECONDS)
    return content


def draw(poster: Poster) -> bytes:
    """750 × 1270, as JPEG."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet.paste(_picture(poster.picture), (0, 0))
    pen = ImageDraw.Draw(sheet)
    top = WIDTH + 28
    for line in _lines(poster.title, size=38, width=WIDTH - 2 * EDGE, most=2):
        pen.text((EDGE, top), line, fill=INK, font=_font(38))
        top += 54
    pen.text(
        (EDGE, top + 6), _known(poster.price), fill=BRAND, font=_font(56), stroke_width=1, stroke_fill=BRAND
    )
    foot = HEIGHT - CODE - 34
    pen.line([(EDGE, foot - 18), (WIDTH - EDGE, foot - 18)], fill=LINE, width=2)
    sheet.paste(_code(poster.address), (WIDTH - EDGE - CODE, foot))
    narrow = WIDTH - 3 * EDGE - CODE
    for line in _lines(poster.shop, size=34, width=narrow, most=2):
        pen.text((EDGE, foot + 40), line, fill=INK, font=_font(34))
        foot += 46
    for line in _lines(poster.hint, size=26, width=narrow, most=2):
        pen.text((EDGE, foot + 56), line, fill=INK_2, font=_font(26))
        foot += 36
    content = io.BytesIO()
    sheet.save(content, "JPEG", quality=86, optimize=True, progressive=True)
    return content.getvalue()


def _picture(path: str) -> Image.Image:
    """The product's picture as a square; a plain ground when there is none or it can't be read."""
    try:
        with default_storage.open(path) as file, Image.open(file) as found:
            return ImageOps.fit(found.convert("RGB"), (WIDTH, WIDTH))
    except (OSError, ValueError):
        return Image.new("RGB", (WIDTH, WIDTH), "#FDEBE4")


def _code(address: str) -> Image.Image:
    content = io.BytesIO()
    segno.make(address, error="m", micro=False).save(content, kind="png", scale=8, border=1)
    return Image.open(content).convert("RGB").resize((CODE, CODE), Image.Resampling.NEAREST)


def _lines(text: str, *, size: int, width: int, most: int) -> list[str]:
    """Broken where it fills the width; the last line ends in … when there was more."""
    font, rest = _font(size), _known(text)
    lines: list[str] = []
    while rest and len(lines) < most:
        count = len(rest)
        while font.getlength(rest[:count]) > width:
            count -= 1
        lines.append(rest[:count].strip())
        rest = rest[count:]
    if rest and lines:
        lines[-1] = lines[-1][:-1] + "…"
    return lines


def _known(text: str) -> str:
    """Without what the font can't draw: emoji, controls, marks of direction."""
    kept = (
        one
        for one in text
        if ord(one) < 0x1F000 and unicodedata.category(one) not in ("So", "Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(typefaces.CHINESE), size)
