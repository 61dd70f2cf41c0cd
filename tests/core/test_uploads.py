import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shop.core import uploads
from shop.core.uploads import NotAPicture, PictureTooLarge, PictureTooSmall


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def picture(
    size: tuple[int, int] = (1200, 900), kind: str = "JPEG", mode: str = "RGB", **options: Any
) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 90)).save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def bomb(width: int, height: int) -> io.BytesIO:
    """A small PNG whose header promises very many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def zip_file() -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), NotAPicture),
        (zip_file(), NotAPicture),
        (io.BytesIO(b""), NotAPicture),
        (io.BytesIO(b"\xff\xd8\xff" + bytes(300)), NotAPicture),
        (io.BytesIO(picture().getvalue()[:900]), NotAPicture),
        (picture(kind="GIF"), NotAPicture),
        (io.BytesIO(picture().getvalue() + bytes(20 * 1024 * 1024)), PictureTooLarge),
        (bomb(50_000, 50_000), PictureTooLarge),
        (bomb(7000, 7000), PictureTooLarge),
        (picture((20, 400)), PictureTooSmall),
    ],
    ids=["svg", "zip", "empty", "magic-only", "cut-off", "gif", "20MB", "bomb", "49-megapixels", "tiny"],
)
def test_what_is_no_usable_picture_is_refused_and_nothing_is_stored(
    file: io.BytesIO, refusal: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(refusal):
        uploads.store_image(file, "products", min_side=100)
    assert not list(tmp_path.rglob("*.*"))


def test_nothing_hidden_survives_and_the_picture_stands_upright() -> None:
    source = Image.new("RGB", (300, 200), "white")
    exif = source.getexif()
    exif[0x0112] = 6  # turn right
    exif[0x010F] = "secret camera"
    buffer = io.BytesIO()
    source.save(buffer, "JPEG", exif=exif, comment=b"<?php system('id') ?>")
    clean = uploads.clean_image(buffer)
    assert (clean.width, clean.height) == (200, 300)
    assert b"secret" not in clean.content
    assert b"php" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as image:
        assert not image.getexif()
        assert image.format == "JPEG"


def test_transparency_is_kept_and_giants_shrink() -> None:
    clean = uploads.clean_image(picture((3000, 100), kind="PNG", mode="RGBA"))
    assert (clean.extension, clean.width) == ("webp", 2560)
    with Image.open(io.BytesIO(clean.content)) as image:
        assert image.mode == "RGBA"


def test_copies_are_as_wide_as_their_names_say(tmp_path: Path) -> None:
    stored = uploads.store_image(picture((1200, 900)), "products")
    assert stored.path.startswith("products/")
    assert stored.path.endswith("_1200x900a.jpg")
    assert uploads.widths(stored.path) == (160, 480, 960, 1200)
    for width in uploads.widths(stored.path):
        with Image.open(tmp_path / uploads.derivative_path(stored.path, width)) as copy:
            assert (copy.width, copy.format) == (width, "WEBP")
    assert uploads.derivative_url(stored.path, 300).endswith("-480.webp")
    assert uploads.derivative_url(stored.path, 5000).endswith("-1200.webp")
    assert uploads.srcset(stored.path).endswith("-1200.webp 1200w")
    assert uploads.srcset(stored.path, "avif").endswith("-960.avif 960w")
    for width in uploads.avif_widths(stored.path):
        with Image.open(tmp_path / uploads.derivative_path(stored.path, width, "avif")) as copy:
            assert (copy.width, copy.format) == (width, "AVIF")
    assert uploads.url("/static/a.webp") == uploads.derivative_url("/static/a.webp", 480) == "/static/a.webp"
    uploads.remove_image(stored.path)
    assert not list(tmp_path.rglob("*.*"))


def test_small_pictures_are_not_blown_up() -> None:
    stored = uploads.store_image(picture((100, 80)), "products")
    assert uploads.widths(stored.path) == (100,)
    assert uploads.derivative_url(stored.path, 480).endswith("_100x80-100.webp")


def test_avif_is_kept_only_where_it_is_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AVIF_WORTH", 0.01)
    stored = uploads.store_image(picture((1200, 900)), "products")
    assert stored.path.endswith("_1200x900.jpg")
    assert uploads.srcset(stored.path, "avif") == ""
    assert not list(tmp_path.rglob("*.avif"))
