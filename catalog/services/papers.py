"""Papers of goods and brands: kept as private files, removed with their file."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.errors.listing import NotAPaper
from catalog.models import Brand, Product, ProductPaper
from catalog.services import listings
from catalog.terms.listing import PaperKind
from shop.core import audit, numbers
from shop.core.errors import Invalid
from shop.core.transactions import unit

MAX_BYTES = 10 * 1024 * 1024
KINDS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}


def add(
    *,
    product: Product,
    kind: str,
    content: bytes,
    actor: str,
    number: str = "",
    expires_on: date | None = None,
    for_brand: bool = False,
) -> ProductPaper:
    """Keep a paper (PDF, JPEG or PNG of at most 10 MB), of the product or of its whole brand, and judge the
    listing anew. Raises NotAPaper, Invalid."""
    extension = next((name for start, name in KINDS.items() if content.startswith(start)), None)
    if extension is None or len(content) > MAX_BYTES:
        raise NotAPaper()
    if kind not in PaperKind.values or (for_brand and product.brand is None):
        raise Invalid(field="kind")
    path = default_storage.save(
        f"private/papers/{numbers.token(12)}/{kind}-{product.pk}.{extension}", ContentFile(content)
    )
    owner: dict[str, Product | Brand | None] = {"brand": product.brand} if for_brand else {"product": product}
    return _write(
        product, kind=kind, number=number.strip()[:60], path=path, expires_on=expires_on, actor=actor, **owner
    )


@unit
def remove(*, paper: ProductPaper, actor: str) -> None:
    """Forget a paper; its file goes as well."""
    audit.record(
        actor=actor,
        verb="remove_paper",
        target=_target(paper),
        before={"kind": paper.kind, "no": paper.number},
    )
    path, product = paper.path, paper.product
    paper.delete()
    default_storage.delete(path)
    if product is not None:
        listings.check(product=product)


@unit
def _write(judged: Product, **fields: Any) -> ProductPaper:
    paper = ProductPaper.objects.create(**fields)
    audit.record(
        actor=paper.actor,
        verb="add_paper",
        target=_target(paper),
        after={"kind": paper.kind, "no": paper.number},
    )
    listings.check(product=judged)
    return paper


def _target(paper: ProductPaper) -> str:
    return f"product:{paper.product_id}" if paper.product_id else f"brand:{paper.brand_id}"
