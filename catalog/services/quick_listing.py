"""A product in one go: picture, title, category, price, stock, on the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.errors import ProductIncomplete
from catalog.errors.listing import ReviewNeeded
from catalog.models import Category, Product
from catalog.services import images, listings, openings, picture_edits, products
from catalog.services.retouching import Steps
from catalog.services.spec_matrix import SkuRow
from shop.core.errors import Refusal
from shop.core.transactions import unit


@dataclass(frozen=True)
class Listed:
    """`product` is there in any case; `obstacle` says why it isn't on the shelf yet, empty when it is."""

    product: Product
    obstacle: str = ""


@unit
def list_now(
    *,
    title: str,
    category: Category,
    price: Decimal,
    stock: int,
    place_id: int | None,
    files: Sequence[IO[bytes]],
    barcode: str | None,
    improve: bool,
    actor: str,
) -> Listed:
    """Write a product down with one SKU, its pictures and opening stock, and offer it; with `improve` the
    pictures get better light. What the gate refuses stays as a draft with the reason.

    Raises, leaving nothing, what the parts refuse: a bad title, price, picture or barcode, no picture at all.
    """
    product = _write(
        title=title,
        category=category,
        price=price,
        stock=stock,
        place_id=place_id,
        files=files,
        barcode=barcode,
        actor=actor,
    )
    if improve:
        for image in product.images.all():
            picture_edits.apply(image=image, steps=Steps(auto_light=True, sharpen=30), actor=actor)
    try:
        with transaction.atomic():
            products.put_on_shelf(product=product, actor=actor)
    except ReviewNeeded:
        listings.submit(product=product, actor=actor)
        return Listed(product, _("A colleague looks at it first. It waits in the review queue."))
    except Refusal as refusal:
        product.refresh_from_db()
        return Listed(product, refusal.message_text)
    return Listed(product)


def _write(
    *,
    title: str,
    category: Category,
    price: Decimal,
    stock: int,
    place_id: int | None,
    files: Sequence[IO[bytes]],
    barcode: str | None,
    actor: str,
) -> Product:
    if not files:
        raise ProductIncomplete(missing=_("a picture"))
    product = products.create(actor=actor, title=title, category=category)
    openings.save_table(
        product=product,
        axes=[],
        rows=[SkuRow(values=(), list_price=price, barcode=barcode or None)],
        openings={0: stock} if stock > 0 else {},
        place_id=place_id,
        actor=actor,
    )
    for file in files:
        images.add(product=product, file=file, actor=actor)
    return product
