"""Things goods are shown in: a ceramic bowl and a paper bag, drawn with the light of the stage."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

Put = Callable[[Image.Image, float, float, float, float], None]
Shape = tuple[float, float, float, float]

RIM: Shape = (0.17, 0.545, 0.83, 0.685)
BELLY: Shape = (0.17, 0.32, 0.83, 0.91)
IN_BOWL = ((0.33, 0.64, 0.27), (0.50, 0.61, 0.29), (0.67, 0.64, 0.27), (0.41, 0.70, 0.30), (0.60, 0.70, 0.30))
BAG = [(0.29, 0.40), (0.71, 0.40), (0.745, 0.90), (0.255, 0.90)]
IN_BAG = [(0.40, 0.50, 0.27), (0.60, 0.50, 0.27), (0.50, 0.535, 0.30)]


def bowl(canvas: Image.Image, put: Put, side: int) -> None:
    """`put` draws one piece of the goods at (x, foot, size, turn); they lie between both rims."""
    _shadow(canvas, side, (0.20, 0.85, 0.86, 0.94))
    ImageDraw.Draw(canvas).ellipse(_scaled(RIM, side), fill="#E4DACD")
    for number, (x, foot, size) in enumerate(IN_BOWL):
        put(canvas, x, foot, size, (-9, 4, 10, -5, 6)[number])
    canvas.paste(_glaze(side), (0, 0), _belly(side))


def bag(canvas: Image.Image, put: Put, side: int, accent: str) -> None:
    """A kraft bag with goods looking out of it and a band of the category's colour."""
    _shadow(canvas, side, (0.22, 0.84, 0.86, 0.95))
    back = [(0.30, 0.375), (0.70, 0.375), (0.71, 0.46), (0.29, 0.46)]
    ImageDraw.Draw(canvas).polygon([(x * side, y * side) for x, y in back], fill="#A9824F")
    for number, (x, foot, size) in enumerate(IN_BAG):
        put(canvas, x, foot, size, (-10, 9, 0)[number])
    paper = Image.linear_gradient("L").rotate(90).resize((side, side))
    kraft = Image.composite(
        Image.new("RGB", (side, side), "#D9B583"), Image.new("RGB", (side, side), "#BE9560"), paper
    )
    draw = ImageDraw.Draw(kraft)
    draw.rectangle((0, side * 0.66, side, side * 0.74), fill=accent)
    draw.line([(0.635 * side, 0.40 * side), (0.655 * side, 0.90 * side)], fill="#A9824F", width=3)
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon(_zigzag(side), fill=255)
    canvas.paste(kraft, (0, 0), mask)


def _zigzag(side: int) -> list[tuple[float, float]]:
    """The bag's front with its cut edge."""
    (left, top), (right, _top), below_right, below_left = BAG
    teeth = 24
    step = (right - left) / teeth
    edge = [(left + number * step, top + (0.012 if number % 2 else 0)) for number in range(teeth + 1)]
    return [(x * side, y * side) for x, y in (*edge, below_right, below_left)]


@lru_cache(maxsize=2)
def _belly(side: int) -> Image.Image:
    """The front of the bowl: below the front rim, above the foot."""
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    middle = side * (RIM[1] + RIM[3]) / 2
    draw.ellipse(_scaled(BELLY, side), fill=255)
    draw.rectangle((0, 0, side, middle), fill=0)
    inside = Image.new("L", (side, side), 0)
    ImageDraw.Draw(inside).ellipse(_scaled(_inset(RIM), side), fill=255)
    mask.paste(0, (0, 0), inside)
    return mask.filter(ImageFilter.GaussianBlur(1))


@lru_cache(maxsize=2)
def _glaze(side: int) -> Image.Image:
    """White ceramic, lit from the upper left."""
    across = Image.linear_gradient("L").rotate(90).resize((side, side))
    glaze = Image.composite(
        Image.new("RGB", (side, side), "#FFFFFF"), Image.new("RGB", (side, side), "#D8CCBD"), across
    )
    shine = Image.new("L", (side, side), 0)
    ImageDraw.Draw(shine).ellipse((side * 0.25, side * 0.70, side * 0.36, side * 0.80), fill=120)
    glaze.paste("#FFFFFF", (0, 0), shine.filter(ImageFilter.GaussianBlur(side * 0.02)))
    ImageDraw.Draw(glaze).arc(_scaled(RIM, side), 0, 180, fill="#F7F1E9", width=max(3, side // 130))
    return glaze


def _shadow(canvas: Image.Image, side: int, box: Shape) -> None:
    shadow = Image.new("L", (side, side), 0)
    ImageDraw.Draw(shadow).ellipse(_scaled(box, side), fill=95)
    canvas.paste(
        Image.new("RGB", (side, side), "#5A4636"),
        (0, 0),
        shadow.filter(ImageFilter.GaussianBlur(side * 0.018)),
    )


def _inset(box: Shape) -> Shape:
    left, top, right, bottom = box
    return (left + 0.018, top + 0.012, right - 0.018, bottom - 0.012)


def _scaled(box: Shape, side: int) -> Shape:
    left, top, right, bottom = box
    return (left * side, top * side, right * side, bottom * side)
