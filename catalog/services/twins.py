"""Pictures that look alike: found when one is taken in, answered by a person."""

from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from catalog.errors.shelf import AlreadyAnswered
from catalog.models import PictureTwin, ProductImage
from catalog.policies.shelf import TWIN_BITS
from catalog.services import looks
from catalog.terms.shelf import TwinAnswer
from shop.core import audit, clock, uploads
from shop.core.transactions import unit

BATCH = 200
UNREADABLE = 0
_FIND = """
INSERT INTO catalog_picturetwin (image_id, other_id, distance, found_at, answer, answered_by)
SELECT greatest(mine.id, other.id), least(mine.id, other.id), bit_count((mine.looks # other.looks)::bit(64)),
       %s, '', ''
FROM catalog_productimage mine
JOIN catalog_productimage other ON other.id <> mine.id AND other.path <> mine.path
WHERE mine.id = ANY(%s) AND mine.looks <> 0 AND other.looks <> 0
  AND bit_count((mine.looks # other.looks)::bit(64)) <= %s
ON CONFLICT (image_id, other_id) DO NOTHING
"""
_PART = """
DELETE FROM catalog_picturetwin twin USING catalog_productimage one, catalog_productimage other
WHERE one.id = twin.image_id AND other.id = twin.other_id AND twin.answer = ''
  AND (twin.image_id = ANY(%s) OR twin.other_id = ANY(%s))
  AND bit_count((one.looks # other.looks)::bit(64)) > %s
"""


def look_at(path: str) -> int:
    """How the stored picture looks; 0 for one that can't be read."""
    smallest = uploads.derivative_path(path, uploads.widths(path)[0])
    try:
        with default_storage.open(smallest) as file, Image.open(file) as image:
            return looks.of(image.convert("RGBA" if "A" in image.getbands() else "RGB"))
    except (OSError, ValueError):
        return UNREADABLE


@unit
def compare(image_ids: Sequence[int]) -> int:
    """Keep pairs of these pictures with any others that look alike, and forget open ones that no longer do.
    Two statements; returns how many pairs are new."""
    ids = list(image_ids)
    with connection.cursor() as cursor:
        cursor.execute(_PART, [ids, ids, TWIN_BITS.get()])
        cursor.execute(_FIND, [clock.now(), ids, TWIN_BITS.get()])
        return int(cursor.rowcount)


def scan(limit: int = BATCH) -> int:
    """Look at pictures nobody has looked at; returns how many."""
    waiting = list(ProductImage.objects.filter(looks=None).order_by("pk").only("path")[:limit])
    for image in waiting:
        ProductImage.objects.filter(pk=image.pk).update(looks=look_at(image.path))
    if waiting:
        compare([image.pk for image in waiting])
    return len(waiting)


@unit
def answer(*, twin_id: int, answer: TwinAnswer, actor: str) -> None:
    """Say whether both may stay or one was replaced. Raises AlreadyAnswered."""
    changed = PictureTwin.objects.filter(pk=twin_id, answer="").update(
        answer=answer, answered_by=actor, answered_at=clock.now()
    )
    if not changed:
        raise AlreadyAnswered()
    audit.record(
        actor=actor, verb="answer_twin", target=f"catalog.picturetwin:{twin_id}", after={"answer": answer}
    )
