"""Improving a picture of a product, looking at it before, and taking it back after."""

import io

from django.core.files.storage import default_storage
from PIL import Image

from catalog import locks
from catalog.errors.shelf import NothingToUndo
from catalog.models import PictureEdit, ProductImage
from catalog.services import images, retouching, twins
from catalog.services.retouching import Steps
from shop.core import audit, clock, uploads
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

PREVIEW_SIDE = 720


def preview(*, image: ProductImage, steps: Steps) -> bytes:
    """A JPEG of at most 720 px a side as it would become. Changes nothing."""
    with _open(image.path) as before:
        before.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        return _bytes(retouching.improve(before, steps), quality=85)


def apply(*, image: ProductImage, steps: Steps, actor: str) -> ProductImage:
    """Store the improved picture in the place of the one before, which is kept. Raises Invalid for nothing to
    do and PictureTooSmall."""
    if steps.is_nothing:
        raise Invalid(field="steps")
    with _open(image.path) as before:
        made = io.BytesIO(_bytes(retouching.improve(before, steps), quality=95))
    stored = uploads.store_image(made, images.FOLDER, min_side=images.MIN_SIDE)
    return _replace(image=image, stored=stored, looks=twins.look_at(stored.path), steps=steps, actor=actor)


@unit
def undo(*, image: ProductImage, actor: str) -> ProductImage:
    """Show the picture again as it was before the last improvement. Raises NothingToUndo."""
    locks.product(image.product_id)
    last = PictureEdit.objects.filter(image=image, undone_at=None).order_by("-pk").first()
    if last is None:
        raise NothingToUndo()
    PictureEdit.objects.filter(pk=last.pk).update(undone_at=clock.now())
    _show(image, last.path, last.width, last.height, twins.look_at(last.path))
    audit.record(
        actor=actor, verb="undo_picture", target=f"product:{image.product_id}", after={"image": image.pk}
    )
    return image


@unit
def _replace(
    *, image: ProductImage, stored: uploads.StoredImage, looks: int, steps: Steps, actor: str
) -> ProductImage:
    locks.product(image.product_id)
    now_shown = ProductImage.objects.filter(pk=image.pk).first()
    if now_shown is None:
        raise NotFound(image_id=image.pk)
    PictureEdit.objects.create(
        image=image,
        path=now_shown.path,
        width=now_shown.width,
        height=now_shown.height,
        steps=steps.as_json(),
        actor=actor,
        created_at=clock.now(),
    )
    _show(image, stored.path, stored.width, stored.height, looks)
    audit.record(
        actor=actor,
        verb="improve_picture",
        target=f"product:{image.product_id}",
        after={"image": image.pk, "steps": steps.as_json()},
    )
    return image


def _show(image: ProductImage, path: str, width: int, height: int, looks: int) -> None:
    image.path, image.width, image.height, image.looks = path, width, height, looks
    image.save(update_fields=["path", "width", "height", "looks"])
    twins.compare([image.pk])


def _open(path: str) -> Image.Image:
    with default_storage.open(path) as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
    return image.convert("RGBA" if "A" in image.getbands() else "RGB")


def _bytes(image: Image.Image, *, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
