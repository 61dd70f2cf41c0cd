"""What a member has marked on the page of a product: the heart, and what to be told of."""

from django.db.models import CharField, Value

from catalog.models import Favourite, GoodsNotice

FAVOURITE = "favourite"


def of(*, member_id: int, product_id: int, sku_id: int | None) -> frozenset[str]:
    """FAVOURITE and the kinds of notices the member waits for of this SKU; one query."""
    hearts = (
        Favourite.objects.filter(member=member_id, product=product_id)
        .order_by()
        .values_list(Value(FAVOURITE, output_field=CharField()), flat=True)
    )
    waiting = (
        GoodsNotice.objects.filter(member=member_id, sku=sku_id, sent_at=None)
        .order_by()
        .values_list("kind", flat=True)
    )
    return frozenset(hearts.union(waiting, all=True))
