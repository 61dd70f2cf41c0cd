"""Automatic tags that a person wants always or never on a product."""

from datetime import date

from catalog.models import Product, ProductTag, Tag, TagOverride
from catalog.services import tags
from catalog.terms.shelf import TagChoice
from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.transactions import unit


@unit
def choose(
    *, product: Product, tag: Tag, choice: TagChoice, actor: str, until_on: date | None = None
) -> TagOverride:
    """From now on, up to and including a day or for good; shown at once. Raises Invalid for a tag that
    doesn't hang itself and for a day that is over."""
    now = clock.now()
    if not tag.automatic:
        raise Invalid(field="tag")
    if until_on is not None and until_on < clock.business_day(now):
        raise Invalid(field="until_on")
    row, _is_new = TagOverride.objects.update_or_create(
        product=product,
        tag=tag,
        defaults={"choice": choice, "until_on": until_on, "actor": actor, "created_at": now},
    )
    if choice == TagChoice.NEVER:
        ProductTag.objects.filter(product=product, tag=tag).delete()
    else:
        ProductTag.objects.get_or_create(product=product, tag=tag, defaults={"is_automatic": True})
    _note(product, tag, actor, after={"choice": choice, "until": str(until_on or "")})
    tags.refresh()
    return row


@unit
def leave_to_rule(*, product: Product, tag: Tag, actor: str) -> None:
    """The rule decides again, at once."""
    if TagOverride.objects.filter(product=product, tag=tag).delete()[0]:
        _note(product, tag, actor, after={"choice": ""})
        tags.refresh()


def _note(product: Product, tag: Tag, actor: str, after: dict[str, str]) -> None:
    audit.record(
        actor=actor, verb="override_tag", target=f"product:{product.pk}", after={"tag": tag.slug, **after}
    )
