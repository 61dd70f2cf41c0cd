"""What an MP4 says of itself, read from its boxes: no decoder needed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalog.errors.shelf import NotAVideo

PLAYED = (b"avc1", b"avc3")  # H.264, which every browser plays
TELLTALES = (b"udta", b"meta", b"uuid")  # where cameras write place, owner and device
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
DEEPEST = 8
MOST_BOXES = 10_000  # side by side; a film of half a minute has a few dozen


@dataclass(frozen=True)
class Video:
    """Length in seconds, size in pixels as it is shown, whether there is sound."""

    seconds: Decimal
    width: int
    height: int
    has_sound: bool


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def read(content: bytes) -> Video:
    """Raises NotAVideo for anything that isn't an MP4 with an H.264 track and a length."""
    try:
        return _read(content)
    except (struct.error, IndexError, ValueError, ZeroDivisionError) as problem:
        raise NotAVideo() from problem


def without_telltales(content: bytes) -> bytes:
    """The same file with what cameras write about place, owner and device blanked; nothing else moves. Raises
    NotAVideo for boxes nested without end."""
    clean = bytearray(content)
    for box in _all(content, 0, len(content)):
        if box.kind in TELLTALES:
            clean[box.start + 4 : box.start + 8] = b"free"
            clean[box.body : box.end] = bytes(box.end - box.body)
    return bytes(clean)


def _read(content: bytes) -> Video:
    top = list(_boxes(content, 0, len(content)))
    kinds = [box.kind for box in top]
    if b"ftyp" not in kinds or b"moov" not in kinds or b"mdat" not in kinds:
        raise NotAVideo()
    moov = top[kinds.index(b"moov")]
    header = _one(content, moov, b"mvhd")
    scale, length = _time(content, header)
    tracks = [box for box in _boxes(content, moov.body, moov.end) if box.kind == b"trak"]
    spoken = {_handler(content, track): track for track in reversed(tracks)}
    track = spoken.get(b"vide")
    if track is None or length <= 0 or _codec(content, track) not in PLAYED:
        raise NotAVideo()
    width, height = _shown(content, _one(content, track, b"tkhd"))
    if not (16 <= width <= 4096 and 16 <= height <= 4096):
        raise NotAVideo()
    seconds = (Decimal(length) / scale).quantize(Decimal("0.01"))
    return Video(seconds, width, height, b"soun" in spoken)


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    count = 0
    while start + 8 <= end:
        count += 1
        size, kind = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end or count > MOST_BOXES:
            raise NotAVideo()
        yield _Box(kind, start, body, start + size)
        start += size


def _all(content: bytes, start: int, end: int, depth: int = 0) -> Iterator[_Box]:
    if depth > DEEPEST:
        raise NotAVideo()
    for box in _boxes(content, start, end):
        yield box
        if box.kind in HOLDERS:
            yield from _all(content, box.body, box.end, depth + 1)


def _one(content: bytes, parent: _Box, *path: bytes) -> _Box:
    for kind in path:
        parent = next((box for box in _boxes(content, parent.body, parent.end) if box.kind == kind), parent)
        if parent.kind != kind:
            raise NotAVideo()
    return parent


def _time(content: bytes, header: _Box) -> tuple[int, int]:
    """Ticks a second, and how many ticks."""
    if content[header.body] == 1:
        scale, length = struct.unpack_from(">IQ", content, header.body + 20)
    else:
        scale, length = struct.unpack_from(">II", content, header.body + 12)
    return scale, length


def _handler(content: bytes, track: _Box) -> bytes:
    box = _one(content, track, b"mdia", b"hdlr")
    return content[box.body + 8 : box.body + 12]


def _codec(content: bytes, track: _Box) -> bytes:
    box = _one(content, track, b"mdia", b"minf", b"stbl", b"stsd")
    return content[box.body + 12 : box.body + 16]


def _shown(content: bytes, header: _Box) -> tuple[int, int]:
    """Width and height after the turn phones write into the matrix."""
    version = content[header.body]
    matrix = header.body + (52 if version == 1 else 40)
    a, b = struct.unpack_from(">ii", content, matrix)
    width, height = struct.unpack_from(">II", content, matrix + 36)
    across, down = width >> 16, height >> 16
    return (down, across) if a == 0 and b != 0 else (across, down)
