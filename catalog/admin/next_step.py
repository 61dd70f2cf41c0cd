"""Where a product stands on its way to the shelf, and the one thing to do next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.terms import ProductStatus
from catalog.terms.listing import NEVER_SHOWN


@dataclass(frozen=True)
class Step:
    """One stage; the first that isn't done is what to do next."""

    words: str
    is_done: bool
    link: str
    action: str


@dataclass(frozen=True)
class Standing:
    """The strip above a product's page. `warnings` are sentences about what shoppers would miss."""

    steps: tuple[Step, ...]
    next: Step | None
    status: str
    status_tone: str
    warnings: tuple[str, ...]
    is_shown: bool


TONES = {
    ProductStatus.DRAFT: "warning",
    ProductStatus.SUBMITTED: "info",
    ProductStatus.CHECKED: "info",
    ProductStatus.APPROVED: "info",
    ProductStatus.REJECTED: "danger",
    ProductStatus.ON_SHELF: "success",
    ProductStatus.OFF_SHELF: "danger",
}


def of(request: HttpRequest, product: Any) -> Standing:
    """`product` carries `available`, as the admin's queryset adds it; three queries."""
    is_on_shelf = product.status == ProductStatus.ON_SHELF
    may_shelve = request.user.has_perm("catalog.shelve_product")
    steps = (
        Step(_("Title and category"), True, "", ""),
        Step(
            _("Specifications and prices"),
            product.skus.filter(is_active=True, list_price__gt=0).exists(),
            reverse("admin:catalog_product_matrix", args=[product.pk]),
            _("Set specifications and prices"),
        ),
        Step(_("Pictures"), product.images.exists(), "#pictures", _("Add pictures")),
        Step(
            _("On the shelf"),
            is_on_shelf,
            reverse("admin:catalog_product_put_on_shelf", args=[product.pk]) if may_shelve else "",
            _("Put on the shelf"),
        ),
    )
    upcoming = next((step for step in steps if not step.is_done), None)
    return Standing(
        steps=steps,
        next=upcoming if upcoming and upcoming.link else None,
        status=product.get_status_display(),
        status_tone=TONES[ProductStatus(product.status)],
        warnings=tuple(_warnings(product, steps)),
        is_shown=product.status not in NEVER_SHOWN,
    )


def _warnings(product: Product, steps: tuple[Step, ...]) -> list[str]:
    found = []
    has_skus = steps[1].is_done
    if has_skus and product.available <= 0:  # type: ignore[attr-defined]
        found.append(_("Nothing of it is in stock: shoppers see it as sold out."))
    if not product.category.is_visible:
        found.append(_("Its category is hidden, so shoppers find it by search only."))
    return found
