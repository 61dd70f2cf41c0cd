"""Colours as `#RRGGBB` and how well they can be read (WCAG 2.2). Pure: no Django, no tables."""

import re
from collections.abc import Callable

HEX = re.compile(r"#[0-9A-F]{6}")
READABLE = 4.5
WHITE, INK = "#FFFFFF", "#171412"
STEPS = 50


def parse(raw: str) -> str:
    """`#c83` or `c8371b` as `#RRGGBB`; ValueError for anything else."""
    digits = raw.strip().lstrip("#").upper()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    value = f"#{digits}"
    if not HEX.fullmatch(value):
        raise ValueError("not a colour")
    return value


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of the other colour in the first."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def text_on(ground: str) -> str:
    """White or near-black, whichever reads better on the ground."""
    return max((WHITE, INK), key=lambda text: contrast(text, ground))


def until(start: str, towards: str, fits: Callable[[str], bool]) -> str:
    """The colour nearest to `start` on the way `towards` another for which `fits`; else that other."""
    for step in range(STEPS + 1):
        colour = mix(start, towards, step / STEPS)
        if fits(colour):
            return colour
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
