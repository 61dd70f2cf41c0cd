"""Writing products and moving them on and off the shelf."""

from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext

from catalog import locks, states
from catalog.errors import ProductIncomplete
from catalog.errors.shelf import TakenDown
from catalog.events import ProductPutOnShelf, ProductTakenOffShelf
from catalog.models import Product, Sku, Tag
from catalog.selectors import takedowns
from catalog.services import listings, search_text
from catalog.terms import TITLE_LENGTH, ProductStatus
from shop.core import audit, clock, text
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit

FIELDS = frozenset(
    {
        "title",
        "subtitle",
        "category",
        "category_id",
        "brand",
        "brand_id",
        "description",
        "sale_unit",
        "is_weighed",
        "no_reason_return",
        "freight_template",
        "freight_template_id",
        "minimum_quantity",
        "quantity_multiple",
        "promised_ship_hours",
        "position",
    }
)


@unit
def create(*, actor: str, tags: list[Tag] | None = None, **fields: Any) -> Product:
    """A new draft. `fields` are those of FIELDS; rich text is cleaned. Raises Invalid."""
    product = Product(**_checked(fields))
    product.save()
    if tags is not None:
        product.tags.set(tags)
    search_text.rebuild([product.pk])
    audit.record(
        actor=actor, verb="create_product", target=f"product:{product.pk}", after=_as_audited(product)
    )
    return product


@unit
def update(*, product: Product, actor: str, tags: list[Tag] | None = None, **fields: Any) -> Product:
    """Change what `fields` name, and the tags hung by hand when given. Raises Invalid."""
    before = _as_audited(Product.objects.get(pk=product.pk))
    for name, value in _checked(fields).items():
        setattr(product, name, value)
    if fields:
        product.save(update_fields=[name.removesuffix("_id") for name in fields])
    if tags is not None:
        product.tags.through.objects.filter(product=product, is_automatic=False).exclude(
            tag__in=tags
        ).delete()
        product.tags.add(*tags)
    search_text.rebuild([product.pk])
    after = _as_audited(product)
    audit.record(
        actor=actor, verb="update_product", target=f"product:{product.pk}", before=before, after=after
    )
    if after != before:
        listings.note_edit(product=product, actor=actor)
    return product


@unit
def put_on_shelf(*, product: Product, actor: str, reason: str = "") -> None:
    """Offer the product from now on; what is new is submitted and approved by the same person, on record.

    Raises ProductIncomplete(missing), TakenDown, ListingRefused(findings), ReviewNeeded, IllegalMove.
    """
    locks.product(product.pk)
    held = takedowns.in_force(product.pk)
    if held is not None:
        raise TakenDown(cause=held.get_cause_display())
    missing = what_is_missing(product)
    if missing:
        raise ProductIncomplete(missing="、".join(missing))
    listings.clear_for_shelf(product=product, actor=actor, reason=reason)
    states.PRODUCT.move(product, ProductStatus.ON_SHELF, actor=actor, reason=reason, on_shelf_at=clock.now())
    audit.record(actor=actor, verb="put_on_shelf", target=f"product:{product.pk}", reason=reason)
    publish(ProductPutOnShelf(product_id=product.pk))


@unit
def take_off_shelf(*, product: Product, actor: str, reason: str = "") -> None:
    """Offer the product no longer; orders that exist are not touched. Raises IllegalMove."""
    states.PRODUCT.move(product, ProductStatus.OFF_SHELF, actor=actor, reason=reason)
    audit.record(actor=actor, verb="take_off_shelf", target=f"product:{product.pk}", reason=reason)
    publish(ProductTakenOffShelf(product_id=product.pk))


def what_is_missing(product: Product) -> list[str]:
    """What a shopper would miss, in words; empty when the product can be offered."""
    missing = []
    if not product.skus.filter(is_active=True, list_price__gt=0).exists():
        missing.append(gettext("a SKU with a price"))
    if not product.images.exists():
        missing.append(gettext("a picture"))
    return missing


def refresh_prices(product_id: int) -> None:
    """Write the price range of the active SKUs to their product."""
    found = Sku.objects.filter(product=product_id, is_active=True).aggregate(
        low=Min("list_price"), high=Max("list_price")
    )
    Product.objects.filter(pk=product_id).update(lowest_price=found["low"], highest_price=found["high"])


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    strange = fields.keys() - FIELDS
    if strange:
        raise Invalid(fields=sorted(strange))
    checked = dict(fields)
    if "title" in fields:
        checked["title"] = " ".join(str(fields["title"]).split())
        if not 1 <= len(checked["title"]) <= TITLE_LENGTH:
            raise Invalid(field="title", longest=TITLE_LENGTH)
    if "description" in fields:
        checked["description"] = text.clean_html(fields["description"] or "")
    for name in ("minimum_quantity", "quantity_multiple"):
        if name in fields and fields[name] < 1:
            raise Invalid(field=name)
    return checked


def _as_audited(product: Product) -> dict[str, Any]:
    names = FIELDS - {"category", "brand", "freight_template"}
    return {name: getattr(product, name) for name in sorted(names)}
