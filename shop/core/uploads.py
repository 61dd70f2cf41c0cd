"""Pictures people send: checked, decoded, encoded anew (so nothing hidden survives), and stored with smaller
copies.

A stored path looks like `products/4fJ…_1200x900.jpg`; its copies add the width:
`products/4fJ…_1200x900-480.webp`. An `a` behind the size, as in `_1200x900a.jpg`, says that the middle widths
are there as AVIF too, because that made them smaller.
"""

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from shop.core import numbers
from shop.core.errors import Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2560
WIDTHS = (160, 480, 960, 1920)
FORMATS = ("JPEG", "PNG", "WEBP")
AVIF_WIDTHS = (480, 960)
AVIF_WORTH = 0.92
SIZED = re.compile(r"_(\d+)x(\d+)(a?)\.\w+$")


class NotAPicture(Refusal):
    code = "not_a_picture"
    status = 400
    message = _("This is not a picture we can use. Please send a JPEG, PNG or WebP.")


class PictureTooLarge(Refusal):
    code = "picture_too_large"
    status = 400
    message = _("This picture is too large. Please keep it under {megabytes} MB and {megapixels} megapixels.")

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(megabytes=max_bytes // (1024 * 1024) or 1, megapixels=MAX_PIXELS // 1_000_000)


class PictureTooSmall(Refusal):
    code = "picture_too_small"
    status = 400
    message = _("This picture is too small. Each side needs at least {side} pixels.")


@dataclass(frozen=True)
class CleanImage:
    """Bytes made by us: JPEG, or WebP when the picture has transparency. `extension` without a dot."""

    content: bytes
    width: int
    height: int
    sha256: str
    extension: str


@dataclass(frozen=True)
class StoredImage:
    path: str
    width: int
    height: int
    sha256: str


def clean_image(file: IO[bytes], *, max_bytes: int = MAX_BYTES, min_side: int = 1) -> CleanImage:
    """The picture upright, at most 2560 px a side, without metadata. Raises NotAPicture, PictureTooLarge or
    PictureTooSmall; the name and the declared type of the file mean nothing."""
    image = _decode(file, max_bytes)
    if min(image.size) < min_side:
        raise PictureTooSmall(side=min_side)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    see_through = image.mode == "RGBA"
    buffer = io.BytesIO()
    if see_through:
        image.save(buffer, "WEBP", quality=88, method=4)
    else:
        image.save(buffer, "JPEG", quality=88, optimize=True, progressive=True)
    content = buffer.getvalue()
    return CleanImage(
        content=content,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(content).hexdigest(),
        extension="webp" if see_through else "jpg",
    )


def store_image(
    file: IO[bytes], folder: str, *, max_bytes: int = MAX_BYTES, min_side: int = 1
) -> StoredImage:
    """Cleans the picture and writes it with its WebP copies under a random name in the folder of the media
    store."""
    clean = clean_image(file, max_bytes=max_bytes, min_side=min_side)
    stem = f"{folder.strip('/')}/{numbers.token(12)}_{clean.width}x{clean.height}"
    plain = f"{stem}.{clean.extension}"
    with Image.open(io.BytesIO(clean.content)) as image:
        copies = {width: _copy(image, width, "WEBP", quality=80, method=4) for width in widths(plain)}
        modern = {
            width: _copy(image, width, "AVIF", quality=55, speed=8)
            for width in AVIF_WIDTHS
            if width in copies
        }
    size, before = (sum(len(found[width]) for width in modern) for found in (modern, copies))
    if modern and size < before * AVIF_WORTH:
        plain = f"{stem}a.{clean.extension}"
    else:
        modern = {}
    path = default_storage.save(plain, ContentFile(clean.content))
    for kind, made in (("webp", copies), ("avif", modern)):
        for width, content in made.items():
            default_storage.save(derivative_path(path, width, kind), ContentFile(content))
    return StoredImage(path=path, width=clean.width, height=clean.height, sha256=clean.sha256)


def remove_image(path: str) -> None:
    """Deletes a stored picture with its copies; nothing happens when they are gone already."""
    modern = (derivative_path(path, width, "avif") for width in avif_widths(path))
    for name in (path, *(derivative_path(path, width) for width in widths(path)), *modern):
        default_storage.delete(name)


def widths(path: str) -> tuple[int, ...]:
    """The widths of the copies of a stored picture: the standard ones, none wider than the picture itself."""
    found = SIZED.search(path)
    if not found:
        return WIDTHS
    own = int(found[1])
    smaller = tuple(width for width in WIDTHS if width < own)
    return smaller if own > WIDTHS[-1] else (*smaller, own)


def avif_widths(path: str) -> tuple[int, ...]:
    """The widths that are there as AVIF too; mostly none or two."""
    found = SIZED.search(path)
    if not found or not found[3]:
        return ()
    return tuple(width for width in AVIF_WIDTHS if width in widths(path))


def derivative_path(path: str, width: int, kind: str = "webp") -> str:
    return f"{path.rpartition('.')[0]}-{width}.{kind}"


def url(path: str) -> str:
    """Address of a stored picture itself; empty for no path. Paths that start with a slash are addresses
    already."""
    if not path or path.startswith("/"):
        return path
    return settings.MEDIA_URL + quote(path)


def derivative_url(path: str, width: int) -> str:
    """Address of the smallest copy at least so wide, or of the widest there is."""
    if not path or path.startswith("/"):
        return path
    available = widths(path)
    best = next((one for one in available if one >= width), available[-1])
    return url(derivative_path(path, best))


def srcset(path: str, kind: str = "webp") -> str:
    """The value of an <img srcset>, or of a <source> of AVIF; empty where there is none."""
    if not path or path.startswith("/"):
        return ""
    available = widths(path) if kind == "webp" else avif_widths(path)
    return ", ".join(f"{url(derivative_path(path, width, kind))} {width}w" for width in available)


def _copy(image: Image.Image, width: int, kind: str, **how: int) -> bytes:
    copy = image.copy()
    copy.thumbnail((width, MAX_SIDE * 4), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    copy.save(buffer, kind, **how)
    return buffer.getvalue()


def _decode(file: IO[bytes], max_bytes: int) -> Image.Image:
    file.seek(0)
    raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise PictureTooLarge(max_bytes=max_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise PictureTooLarge(max_bytes=max_bytes)
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
        raise PictureTooLarge(max_bytes=max_bytes) from problem
    except (OSError, ValueError, SyntaxError) as problem:
        raise NotAPicture() from problem
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh
