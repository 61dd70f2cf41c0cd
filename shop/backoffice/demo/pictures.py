"""Packshots of the demo goods, staged from 3D objects: soft ground, one light, contact shadow, a label."""

import hashlib
import math
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from shop.backoffice.demo import props

ASSETS = Path(__file__).parent / "assets"
SIDE = 960
GROUNDS = {
    "fruit": ("#FFE9D6", "#FFD3B0"),
    "vegetables": ("#E9F3DF", "#CFE5BF"),
    "meat-eggs": ("#FBE4DC", "#F3C8BA"),
    "seafood": ("#E0EFF5", "#BFDDEA"),
    "dairy-bakery": ("#FDF1DC", "#F6DDB4"),
    "snacks-drinks": ("#FFEAD9", "#F9CFA9"),
    "pantry": ("#F6ECD9", "#E9D5AE"),
    "household": ("#E6EEF6", "#C6D8EA"),
    "mother-baby": ("#FCE6EC", "#F6C6D3"),
    "lifestyle": ("#EFE6F6", "#D8C4EA"),
}
# Arrangements: (x, y of the foot, size) as parts of the side, drawn back to front.
SINGLE = [(0.50, 0.80, 0.58)]
PAIR = [(0.62, 0.72, 0.40), (0.38, 0.80, 0.46)]
TRIO = [(0.50, 0.66, 0.36), (0.30, 0.79, 0.40), (0.69, 0.80, 0.42)]
HEAP = [(0.36, 0.60, 0.27), (0.62, 0.60, 0.27), (0.24, 0.72, 0.30), (0.50, 0.72, 0.32), (0.76, 0.72, 0.30), (0.37, 0.84, 0.33), (0.64, 0.84, 0.33)]  # fmt: skip  # noqa: E501


@lru_cache(maxsize=200)
def _object(name: str) -> Image.Image:
    return Image.open(ASSETS / "objects" / f"{name}.webp").convert("RGBA")


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(ASSETS / "noto-sans-sc-chinese-simplified-700-normal.woff2"), size)


def _ground(light: str, dark: str, *, is_flipped: bool) -> Image.Image:
    """A wall fading into a table, lit from the upper left."""
    top, bottom = (dark, light) if is_flipped else (light, dark)
    ramp = Image.linear_gradient("L").resize((SIDE, SIDE))
    wall = Image.composite(Image.new("RGB", (SIDE, SIDE), bottom), Image.new("RGB", (SIDE, SIDE), top), ramp)
    glow = Image.radial_gradient("L").resize((SIDE * 2, SIDE * 2)).crop((300, 360, 300 + SIDE, 360 + SIDE))
    return Image.composite(
        wall, Image.new("RGB", (SIDE, SIDE), "#FFFFFF"), glow.point(lambda v: min(255, v + 110))
    )


def _plinth(canvas: Image.Image, colour: str) -> None:
    disc = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(disc).ellipse((SIDE * 0.10, SIDE * 0.64, SIDE * 0.90, SIDE * 0.94), fill=150)
    canvas.paste(Image.new("RGB", canvas.size, "#FFFFFF"), (0, 0), disc.filter(ImageFilter.GaussianBlur(3)))
    ring = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(ring).arc((SIDE * 0.10, SIDE * 0.64, SIDE * 0.90, SIDE * 0.94), 10, 170, fill=110, width=6)
    canvas.paste(Image.new("RGB", canvas.size, colour), (0, 0), ring)


@lru_cache(maxsize=24)
def _stage(light: str, dark: str, *, is_flipped: bool) -> Image.Image:
    """Ground and plinth, the same for every good of a category."""
    canvas = _ground(light, dark, is_flipped=is_flipped)
    _plinth(canvas, dark)
    return canvas


def _put(canvas: Image.Image, name: str, x: float, foot: float, size: float, turn: float) -> None:
    side = int(SIDE * size)
    item = _object(name).resize((side, side), Image.Resampling.LANCZOS)
    if turn:
        item = item.rotate(turn, Image.Resampling.BICUBIC, expand=False)
    left, top = int(SIDE * x - side / 2), int(SIDE * foot - side)
    shadow = Image.new("L", (side * 2, side), 0)
    ImageDraw.Draw(shadow).ellipse((side * 0.58, side * 0.40, side * 1.50, side * 0.62), fill=105)
    shadow = shadow.filter(ImageFilter.GaussianBlur(side * 0.045))
    canvas.paste(
        Image.new("RGB", shadow.size, "#5A4636"), (left - side // 2, int(SIDE * foot - side * 0.56)), shadow
    )
    canvas.paste(item, (left, top), item)


def _band(canvas: Image.Image, title: str, note: str, colour: str) -> None:
    """A paper label in the lower left corner."""
    draw = ImageDraw.Draw(canvas, "RGBA")
    size = 54 if len(title) <= 9 else 44
    width = max(draw.textlength(title, _font(size)), draw.textlength(note, _font(30))) + 88
    draw.rounded_rectangle((44, SIDE - 202, 44 + width, SIDE - 44), 22, fill=(255, 255, 255, 236))
    draw.rounded_rectangle((44, SIDE - 202, 58, SIDE - 44), 7, fill=colour)
    draw.text((88, SIDE - 186), title, font=_font(size), fill="#1F1B16")
    draw.text((88, SIDE - 104), note, font=_font(30), fill="#6B6259")


def packshots(
    *, title: str, subtitle: str, root_category: str, name: str, count: int, is_showcase: bool = False
) -> list[bytes]:
    """`count` (1–3) JPEG pictures, 960 × 960: a group, a single piece, and the piece with its label. Of a
    showcase also a bowl or bag full, and a heap."""
    light, dark = GROUNDS[root_category]
    seed = hashlib.sha256(title.encode()).digest()
    group = (
        (HEAP, TRIO, PAIR)[seed[0] % 3]
        if root_category in ("fruit", "vegetables")
        else (PAIR, TRIO, SINGLE)[seed[0] % 3]
    )
    shots = []
    for index, arrangement in enumerate((group, SINGLE, SINGLE)[:count]):
        canvas = _stage(light, dark, is_flipped=index == 1).copy()
        for place, (x, foot, size) in enumerate(arrangement):
            turn = math.sin(seed[(place + index) % 32]) * 7 if len(arrangement) > 1 else 0
            lift = 0.10 if index == 2 else 0
            _put(canvas, name, x + (0.06 if index == 2 else 0), foot - lift, size, turn)
        if index == 2:
            _band(canvas, title, subtitle, "#C8371B")
        shots.append(_jpeg(canvas))
    if is_showcase:
        shots[1:1] = [_full(light, dark, root_category, name), _heap(light, dark, name, group)]
    return shots


def banner(*, headline: str, words: str, root_category: str, name: str) -> bytes:
    """A JPEG of 960 × 540 for the detail page: words on the left, the goods on the right."""
    light, dark = GROUNDS[root_category]
    canvas = _stage(light, dark, is_flipped=False).copy()
    for x, foot, size in ((0.89, 0.70, 0.21), (0.77, 0.76, 0.29)):
        _put(canvas, name, x, foot, size, 0)
    cut = canvas.crop((0, int(SIDE * 0.26), SIDE, int(SIDE * 0.26) + 540))
    draw = ImageDraw.Draw(cut)
    draw.rounded_rectangle((64, 150, 74, 330), 5, fill="#C8371B")
    draw.text((104, 150), headline, font=_font(46), fill="#1F1B16")
    for row, line in enumerate(words.split("\n")):
        draw.text((104, 232 + row * 46), line, font=_font(29), fill="#6B6259")
    return _jpeg(cut)


def _full(light: str, dark: str, root_category: str, name: str) -> bytes:
    """In a bowl what is eaten from one, in a bag what is carried home."""
    canvas = _stage(light, dark, is_flipped=False).copy()

    def put(target: Image.Image, x: float, foot: float, size: float, turn: float) -> None:
        _put(target, name, x, foot, size, turn)

    if root_category in ("fruit", "vegetables", "meat-eggs", "seafood"):
        props.bowl(canvas, put, SIDE)
    else:
        props.bag(canvas, put, SIDE, "#C8371B")
    return _jpeg(canvas)


def _heap(light: str, dark: str, name: str, group: list[tuple[float, float, float]]) -> bytes:
    """Many of them, or three where the first picture shows many already."""
    canvas = _stage(light, dark, is_flipped=True).copy()
    for place, (x, foot, size) in enumerate(TRIO if group is HEAP else HEAP):
        _put(canvas, name, x, foot, size, math.sin(place * 2.1) * 8)
    return _jpeg(canvas)


def _jpeg(canvas: Image.Image) -> bytes:
    out = BytesIO()
    canvas.save(out, "JPEG", quality=88)
    return out.getvalue()
