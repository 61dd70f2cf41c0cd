"""A product as the start of another one like it."""

from django.utils.translation import gettext

from catalog.models import Product, ProductImage, SpecValue
from catalog.services import products, spec_matrix
from catalog.services.spec_matrix import PLAIN_FIELDS, AxisRow, SkuRow, ValueRow
from catalog.terms import TITLE_LENGTH
from shop.core.transactions import unit

COPIED = tuple(sorted(products.FIELDS - {"category_id", "brand_id", "freight_template_id", "title"}))


@unit
def duplicate(*, product: Product, actor: str) -> Product:
    """A new draft with the same words, pictures, specifications and prices, without stock; codes are made up
    and barcodes left out, because they belong to one SKU."""
    mark = gettext(" (copy)")
    title = product.title[: TITLE_LENGTH - len(mark)].rstrip() + mark
    by_hand = product.producttag_set.filter(is_automatic=False).select_related("tag")
    copy = products.create(
        actor=actor,
        tags=[link.tag for link in by_hand],
        title=title,
        **{name: getattr(product, name) for name in COPIED},
    )
    axes, rows = _table(product)
    if rows:
        spec_matrix.save_matrix(product=copy, axes=axes, rows=rows, actor=actor)
    _copy_pictures(product, copy)
    return copy


def _table(product: Product) -> tuple[list[AxisRow], list[SkuRow]]:
    stored = list(product.axes.prefetch_related("values"))
    place = {value.pk: (n, value.name) for n, axis in enumerate(stored) for value in axis.values.all()}
    axes = [AxisRow(axis.name, tuple(ValueRow(value.name) for value in axis.values.all())) for axis in stored]
    rows = []
    for sku in product.skus.filter(is_active=True).prefetch_related("values"):
        named = sorted(place[value.pk] for value in sku.values.all())
        if len(named) == len(axes):
            given = {name: getattr(sku, name) for name in PLAIN_FIELDS}
            values = tuple(name for _n, name in named)
            rows.append(SkuRow(values=values, list_price=sku.list_price, **given))
    return (axes, rows) if axes else ([], rows[:1])


def _copy_pictures(product: Product, copy: Product) -> None:
    """Files are never deleted with their product, so both may show the same one."""
    values = {
        (value.axis.name, value.name): value
        for value in SpecValue.objects.filter(axis__product=copy).select_related("axis")
    }
    ProductImage.objects.bulk_create(
        ProductImage(
            product=copy,
            value=values.get((image.value.axis.name, image.value.name)) if image.value else None,
            **{
                name: getattr(image, name) for name in ("path", "width", "height", "looks", "alt", "position")
            },
        )
        for image in product.images.select_related("value__axis")
    )
