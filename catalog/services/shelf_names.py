"""Where goods stand in a place."""

from catalog.models import StockLevel
from shop.core import audit
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit

LONGEST = 20


@unit
def put(*, level_id: int, shelf: str, actor: str) -> None:
    """Name the shelf of a level; empty takes the name away."""
    shelf = " ".join(shelf.split())
    if len(shelf) > LONGEST:
        raise Invalid(field="shelf")
    before = StockLevel.objects.filter(pk=level_id).values_list("shelf", flat=True).first()
    if before is None:
        raise NotFound(level_id=level_id)
    StockLevel.objects.filter(pk=level_id).update(shelf=shelf)
    audit.record(
        actor=actor,
        verb="set_shelf",
        target=f"level:{level_id}",
        before={"shelf": before},
        after={"shelf": shelf},
    )
