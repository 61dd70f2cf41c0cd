"""Pictures of a product: taken in, ordered, removed."""

from collections.abc import Sequence
from typing import IO

from catalog import locks
from catalog.errors import TooManyPictures
from catalog.models import Product, ProductImage, SpecValue
from catalog.policies import PICTURES_AT_MOST
from catalog.services import twins
from shop.core import audit, uploads
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

FOLDER = "products"
MIN_SIDE = 200


def add(
    *, product: Product, file: IO[bytes], actor: str, alt: str = "", value: SpecValue | None = None
) -> ProductImage:
    """Take in a picture as the last one, re-encoded. `value` names the specification value it shows.

    Raises NotAPicture, PictureTooLarge, PictureTooSmall, TooManyPictures; a refused file leaves nothing
    behind.
    """
    if value is not None and value.axis.product_id != product.pk:
        raise Invalid(field="value")
    if product.images.count() >= PICTURES_AT_MOST.get():
        raise TooManyPictures(limit=PICTURES_AT_MOST.get())
    stored = uploads.store_image(file, FOLDER, min_side=MIN_SIDE)
    looks = twins.look_at(stored.path)
    alt = alt or product.title
    return _append(product=product, stored=stored, looks=looks, alt=alt, value=value, actor=actor)


@unit
def reorder(*, product: Product, image_ids: Sequence[int], actor: str) -> None:
    """Show the pictures in this order, which must name each of them once."""
    locks.product(product.pk)
    images = {image.pk: image for image in product.images.all()}
    if sorted(images) != sorted(image_ids):
        raise Invalid(field="image_ids")
    for position, pk in enumerate(image_ids):
        images[pk].position = position
    ProductImage.objects.bulk_update(images.values(), ["position"])
    audit.record(actor=actor, verb="reorder_pictures", target=f"product:{product.pk}")


@unit
def describe(*, product: Product, image_id: int, alt: str, value: SpecValue | None, actor: str) -> None:
    """Say what a picture shows, in words and, with `value`, for which specification."""
    if value is not None and value.axis.product_id != product.pk:
        raise Invalid(field="value")
    if not ProductImage.objects.filter(product=product, pk=image_id).update(alt=alt[:80], value=value):
        raise NotFound(image_id=image_id)
    audit.record(
        actor=actor, verb="describe_picture", target=f"product:{product.pk}", after={"image": image_id}
    )


@unit
def remove(*, product: Product, image_id: int, actor: str) -> None:
    """Take a picture away; its files stay, because orders may show them."""
    image = ProductImage.objects.filter(product=product, pk=image_id).first()
    if image is None:
        raise NotFound(image_id=image_id)
    image.delete()
    audit.record(actor=actor, verb="remove_picture", target=f"product:{product.pk}")


@unit
def _append(
    *,
    product: Product,
    stored: uploads.StoredImage,
    looks: int,
    alt: str,
    value: SpecValue | None,
    actor: str,
) -> ProductImage:
    locks.product(product.pk)
    last = product.images.order_by("-position").values_list("position", flat=True).first()
    image = ProductImage.objects.create(
        product=product,
        value=value,
        path=stored.path,
        width=stored.width,
        height=stored.height,
        looks=looks,
        alt=alt[:80],
        position=0 if last is None else last + 1,
    )
    twins.compare([image.pk])
    audit.record(actor=actor, verb="add_picture", target=f"product:{product.pk}", after={"image": image.pk})
    return image
