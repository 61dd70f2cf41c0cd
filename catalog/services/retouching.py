"""Improving a picture: pure functions of Pillow images, in the order people would do it."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from shop.core import typefaces
from shop.core.errors import Invalid

RATIOS = {"1:1": (1, 1), "4:5": (4, 5), "3:4": (3, 4), "16:9": (16, 9)}
WHITE = (255, 255, 255)
MASK_SIDE = 480
SAME = 50  # how far, of 3 × 255, a point of the background may be from where the walk began
LEAST_GROUND = 0.05
SPREAD = 0.5
BRIGHT_MIDDLE = 0.56  # where the middle of a well lit picture lies


@dataclass(frozen=True)
class Steps:
    """What to do, all of it optional. `box` is left, top, width, height as shares of one; `ratio` one of
    RATIOS; `exposure` -100 to 100; `sharpen` 0 to 100; `watermark` the words."""

    box: tuple[float, float, float, float] | None = None
    ratio: str = ""
    auto_light: bool = False
    exposure: int = 0
    white: bool = False
    sharpen: int = 0
    watermark: str = ""

    def __post_init__(self) -> None:
        fits = (
            self.ratio in ("", *RATIOS)
            and -100 <= self.exposure <= 100
            and 0 <= self.sharpen <= 100
            and len(self.watermark) <= 20
        )
        if self.box is not None:
            left, top, width, height = self.box
            inside = left >= 0 and top >= 0 and left + width <= 1.001 and top + height <= 1.001
            fits = fits and inside and width >= 0.05 and height >= 0.05
        if not fits:
            raise Invalid(field="steps")

    @property
    def is_nothing(self) -> bool:
        return self == Steps()

    def as_json(self) -> dict[str, Any]:
        """What differs from nothing."""
        nothing = asdict(Steps())
        return {name: value for name, value in asdict(self).items() if value != nothing[name]}


def improve(image: Image.Image, steps: Steps) -> Image.Image:
    """A new RGB picture; transparency becomes white."""
    done = flat(image)
    if steps.box or steps.ratio:
        done = crop(done, steps.box, steps.ratio)
    ground = background(done) if steps.white else None  # looked for before the light changes it
    if steps.auto_light or steps.exposure:
        done = light(done, steps.exposure, is_auto=steps.auto_light)
    if ground is not None:
        done = Image.composite(Image.new("RGB", done.size, WHITE), done, ground)
    if steps.sharpen:
        done = sharpen(done, steps.sharpen)
    if steps.watermark:
        done = mark(done, steps.watermark)
    return done


def flat(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def crop(image: Image.Image, box: tuple[float, float, float, float] | None, ratio: str = "") -> Image.Image:
    """The box, and within it the largest middle part of the ratio."""
    left, top, width, height = box or (0.0, 0.0, 1.0, 1.0)
    x, y = left * image.width, top * image.height
    w, h = width * image.width, height * image.height
    if ratio:
        across, down = RATIOS[ratio]
        wide, high = min(w, h * across / down), min(h, w * down / across)
        x, y, w, h = x + (w - wide) / 2, y + (h - high) / 2, wide, high
    edges = (round(x), round(y), min(round(x + w), image.width), min(round(y + h), image.height))
    return image.crop(edges)


def light(image: Image.Image, exposure: int, *, is_auto: bool) -> Image.Image:
    """Automatic: spreads the tones halfway and lifts a dark middle; by hand: stops of light, ±100 = ±1."""
    done = image
    if is_auto:
        spread = ImageOps.autocontrast(done, cutoff=(0.4, 0.4), preserve_tone=True)
        done = Image.blend(done, spread, SPREAD)
        middle = max(_middle(done), 0.04)
        if middle < BRIGHT_MIDDLE:
            done = _gamma(done, _bent(middle))
    if exposure:
        done = ImageEnhance.Brightness(done).enhance(2 ** (exposure / 100))
    return done


def background(image: Image.Image) -> Image.Image | None:
    """A mask, 255 where the background is: what is joined to the edge and changes gently, with a soft border.
    None for a busy one, which better stays as it is."""
    small = image.copy()
    small.thumbnail((MASK_SIDE, MASK_SIDE), Image.Resampling.BILINEAR)
    ground = _ground(small.filter(ImageFilter.MedianFilter(5)))
    share = sum(ground.histogram()[128:]) / (ground.width * ground.height)
    if share < LEAST_GROUND:
        return None
    soft = ground.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(1.4))
    return soft.resize(image.size, Image.Resampling.BICUBIC)


def sharpen(image: Image.Image, strength: int) -> Image.Image:
    radius = max(1.0, max(image.size) / 900)
    return image.filter(ImageFilter.UnsharpMask(radius=radius, percent=int(strength * 1.8), threshold=2))


def mark(image: Image.Image, words: str) -> Image.Image:
    """Small white words with a shade, at the lower right."""
    size = max(12, round(min(image.size) * 0.045))
    font = _font(size)
    layer = Image.new("L", image.size, 0)
    pen = ImageDraw.Draw(layer)
    box = pen.textbbox((0, 0), words, font=font)
    at = (image.width - box[2] - size, image.height - box[3] - size)
    pen.text(at, words, font=font, fill=255)
    shade = layer.filter(ImageFilter.GaussianBlur(size / 8)).point(lambda value: int(value * 0.55))
    letters = layer.point(lambda value: int(value * 0.86))
    shaded = Image.composite(Image.new("RGB", image.size, "#000000"), image, shade)
    return Image.composite(Image.new("RGB", image.size, WHITE), shaded, letters)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(typefaces.CHINESE), size)


def _middle(image: Image.Image) -> float:
    """The median tone, 0 to 1."""
    counts = image.convert("L").histogram()
    half, seen = sum(counts) / 2, 0
    for tone, count in enumerate(counts):
        seen += count
        if seen >= half:
            return tone / 255
    return 1.0


def _bent(middle: float) -> float:
    """The exponent that brings the middle most of the way to where it should lie."""
    low, high = 0.05, 3.0
    target = middle + (BRIGHT_MIDDLE - middle) * 0.75
    for _step in range(24):
        guess = (low + high) / 2
        low, high = (guess, high) if middle**guess > target else (low, guess)
    return min(max((low + high) / 2, 0.45), 1.6)


def _gamma(image: Image.Image, exponent: float) -> Image.Image:
    table = [round(255 * (value / 255) ** exponent) for value in range(256)]
    return image.point(table * 3)


def _ground(image: Image.Image) -> Image.Image:
    """255 where a walk from the edge over gently changing points arrives."""
    marked = image.copy()
    right, bottom = image.width - 1, image.height - 1
    sign = (1, 254, 1)
    for step in range(9):
        x, y = right * step // 8, bottom * step // 8
        for point in ((x, 0), (x, bottom), (0, y), (right, y)):
            if marked.getpixel(point) != sign and _is_like_corner(image, point):
                ImageDraw.floodfill(marked, point, sign, thresh=SAME)
    bands = [
        band.point(lambda value, want=want: 255 if value == want else 0)
        for band, want in zip(marked.split(), sign, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(bands[0], bands[1]), bands[2])


def _is_like_corner(image: Image.Image, point: tuple[int, int]) -> bool:
    """Goods that reach the edge are not background: it looks like one of the corners."""
    right, bottom = image.width - 1, image.height - 1
    here = image.getpixel(point)
    corners = [image.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    return any(
        sum(abs(a - b) for a, b in zip(here, corner, strict=True)) < 2 * SAME  # type: ignore[arg-type, misc]
        for corner in corners
    )
