"""Portraits: a small drawn face for everybody, always the same one."""

import io
from functools import lru_cache
from hashlib import sha256

from PIL import Image, ImageDraw

GROUNDS = ("#f6c177", "#9ccfd8", "#f2a7a0", "#b8d8a8", "#c4b5e8", "#f3c6dc", "#a9c8f0", "#e9d8a6")
HAIR = ("#3b2f2f", "#5a4632", "#2c2c3a", "#7a5230")
SKIN = ("#ffe0c7", "#f7cfae", "#efc199")
SIDE = 132
BIG = SIDE * 4


@lru_cache(maxsize=64)
def picture(seed: str) -> bytes:
    """A PNG of 132 pixels."""
    draws = sha256(seed.encode()).digest()
    image = Image.new("RGB", (BIG, BIG), GROUNDS[draws[0] % len(GROUNDS)])
    pen = ImageDraw.Draw(image)
    hair, skin = HAIR[draws[1] % len(HAIR)], SKIN[draws[2] % len(SKIN)]
    pen.ellipse((64, 420, 464, 760), fill=("#ffffff", "#3f6f8f", "#c8372b", "#48784f")[draws[3] % 4])
    if draws[4] % 2:  # long hair
        pen.rounded_rectangle((128, 110, 400, 420), radius=130, fill=hair)
    pen.rounded_rectangle((226, 340, 302, 450), radius=36, fill=skin)
    pen.ellipse((152, 130, 376, 390), fill=skin)
    pen.pieslice((140, 92, 388, 330), 180, 360, fill=hair)
    for x in (218, 310):
        pen.ellipse((x - 12, 250, x + 12, 278), fill="#2b2320")
    pen.arc((216, 262, 312, 338), 25, 155, fill="#a8473a", width=10)
    kept = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()
