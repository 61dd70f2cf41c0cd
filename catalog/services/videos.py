"""Short videos of a product: taken in, removed."""

from decimal import Decimal
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog import locks
from catalog.errors.shelf import TooManyVideos, VideoLength, VideoTooLarge
from catalog.models import Product, ProductVideo
from catalog.policies.shelf import VIDEO_LONGEST, VIDEO_MEGABYTES, VIDEO_SHORTEST, VIDEOS_AT_MOST
from catalog.services import mp4
from shop.core import audit, clock, numbers, uploads
from shop.core.errors import NotFound
from shop.core.transactions import unit

FOLDER = "videos"
COVERS = "products"
LENIENCE = Decimal("0.5")  # a phone's "15 seconds" is never exactly that


def add(*, product: Product, file: IO[bytes], actor: str, cover: IO[bytes] | None = None) -> ProductVideo:
    """Take in an MP4 as the last video. What the camera wrote about place and owner is blanked.

    Raises VideoTooLarge, NotAVideo, VideoLength, TooManyVideos and, for the cover, NotAPicture …; a refused
    file leaves nothing behind.
    """
    if product.videos.count() >= VIDEOS_AT_MOST.get():
        raise TooManyVideos(limit=VIDEOS_AT_MOST.get())
    most = VIDEO_MEGABYTES.get()
    file.seek(0)
    content = file.read(most * 1024 * 1024 + 1)
    if len(content) > most * 1024 * 1024:
        raise VideoTooLarge(megabytes=most)
    video = mp4.read(content)
    _check_length(video.seconds)
    shown = uploads.store_image(cover, COVERS).path if cover else ""
    path = default_storage.save(
        f"{FOLDER}/{numbers.token(12)}.mp4", ContentFile(mp4.without_telltales(content))
    )
    return _append(product=product, video=video, path=path, cover=shown, size=len(content), actor=actor)


@unit
def remove(*, product: Product, video_id: int, actor: str) -> None:
    """Take a video away; its file stays, as pictures do."""
    gone, _rows = ProductVideo.objects.filter(product=product, pk=video_id).delete()
    if not gone:
        raise NotFound(video_id=video_id)
    audit.record(actor=actor, verb="remove_video", target=f"product:{product.pk}")


def _check_length(seconds: Decimal) -> None:
    shortest, longest = VIDEO_SHORTEST.get(), VIDEO_LONGEST.get()
    if not shortest - LENIENCE <= seconds <= longest + LENIENCE:
        raise VideoLength(seconds=str(seconds.normalize()), shortest=shortest, longest=longest)


@unit
def _append(
    *, product: Product, video: mp4.Video, path: str, cover: str, size: int, actor: str
) -> ProductVideo:
    locks.product(product.pk)
    last = product.videos.order_by("-position").values_list("position", flat=True).first()
    row = ProductVideo.objects.create(
        product=product,
        path=path,
        cover=cover,
        seconds=video.seconds,
        width=video.width,
        height=video.height,
        byte_count=size,
        position=0 if last is None else last + 1,
        created_at=clock.now(),
    )
    audit.record(actor=actor, verb="add_video", target=f"product:{product.pk}", after={"video": row.pk})
    return row
