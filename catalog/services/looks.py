"""How a picture looks, in 64 bits: copies, crops of a few pixels and other sizes differ in few of them.

The picture is shrunk to 32 × 32 grey points; of its cosine transform the 64 slowest waves stay, and each bit
says whether a wave is stronger than their median.
"""

import math
from statistics import median

from PIL import Image

SIDE = 32
WAVES = 8
FLAT = 8  # of 255: pictures of one colour look like nothing
_COSINES = [
    [math.cos((2 * point + 1) * wave * math.pi / (2 * SIDE)) for point in range(SIDE)]
    for wave in range(WAVES)
]


def of(image: Image.Image) -> int:
    """A signed 64-bit number; 0 for a picture in which there is nothing to see."""
    grey = _on_white(image).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    low, high = grey.getextrema()
    if float(high) - float(low) < FLAT:  # type: ignore[arg-type]
        return 0
    points = list(grey.tobytes())
    rows = [points[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    across = [[_product(cosines, row) for cosines in _COSINES] for row in rows]
    waves = [
        _product(cosines, [row[wave] for row in across]) for cosines in _COSINES for wave in range(WAVES)
    ]
    middle = median(waves[1:])
    bits = sum(1 << place for place, strength in enumerate(waves) if strength > middle)
    return bits - (1 << 64) if bits >> 63 else bits


def difference(one: int, other: int) -> int:
    """Differing bits, 0 to 64."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "#FFFFFF")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _product(one: list[float], other: list[float] | list[int]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
