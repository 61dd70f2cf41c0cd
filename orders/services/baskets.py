"""What somebody means to buy. One basket a member; guests keep theirs under a key until they sign in."""

from collections.abc import Sequence
from typing import Any

from catalog.selectors import skus
from catalog.selectors.skus import SkuFact
from members.models import Member
from orders import policies
from orders.errors import BadQuantity, BasketFull, LineGone, NotOnSale, QuantityNotOffered
from orders.models import Basket, BasketLine
from shop.core import clock
from shop.core.transactions import unit

HIGHEST_QUANTITY = 999


def of(*, member: Member | None = None, guest_key: str | None = None) -> Basket:
    """The basket of the member, else of the guest key; made when there is none."""
    owner: dict[str, Any] = {"member": member} if member is not None else {"guest_key": guest_key}
    return Basket.objects.get_or_create(**owner)[0]


@unit
def add(*, basket: Basket, sku_id: int, quantity: int) -> BasketLine:
    """Puts so many more pieces in, rounded up to what is sold. Raises BadQuantity, NotOnSale, BasketFull."""
    check_quantity(quantity)
    fact = _fact(sku_id)
    line = BasketLine.objects.filter(basket=basket, sku_id=sku_id).first()
    limit = policies.BASKET_LINES.get()
    if line is None and basket.lines.count() >= limit:
        raise BasketFull(limit=limit)
    wanted = _round_up(quantity + (line.quantity if line else 0), fact)
    check_quantity(wanted)
    line, is_new = BasketLine.objects.get_or_create(
        basket=basket, sku_id=sku_id, defaults={"quantity": wanted}
    )
    if not is_new:
        _write(line, quantity=wanted, is_selected=True)
    _touch(basket)
    return line


@unit
def set_quantity(*, basket: Basket, line_id: int, quantity: int) -> BasketLine:
    """Raises LineGone, BadQuantity, NotOnSale, QuantityNotOffered (below the minimum, between two steps)."""
    check_quantity(quantity)
    line = _line(basket, line_id)
    check_offered(_fact(line.sku_id), quantity)
    _write(line, quantity=quantity)
    _touch(basket)
    return line


def select(*, basket: Basket, line_id: int, is_selected: bool) -> None:
    """Raises LineGone."""
    if not basket.lines.filter(pk=line_id).update(is_selected=is_selected):
        raise LineGone()


def select_all(*, basket: Basket, is_selected: bool) -> None:
    basket.lines.update(is_selected=is_selected)


@unit
def change_sku(*, basket: Basket, line_id: int, sku_id: int) -> BasketLine:
    """Another specification of the product; joins the line that has it. Raises LineGone, NotOnSale."""
    line = _line(basket, line_id)
    if line.sku_id == sku_id:
        return line
    facts = skus.facts([line.sku_id, sku_id])
    fact, old = facts.get(sku_id), facts.get(line.sku_id)
    if fact is None or not fact.is_on_sale or (old is not None and old.product_id != fact.product_id):
        raise NotOnSale(sku_id=sku_id, title=fact.title if fact else "")
    twin = basket.lines.filter(sku_id=sku_id).first()
    quantity = _most(_round_up(line.quantity + (twin.quantity if twin else 0), fact), fact)
    if twin:
        line.delete()
    line = twin or line
    _write(line, sku_id=sku_id, quantity=quantity, is_selected=True)
    _touch(basket)
    return line


def remove(*, basket: Basket, line_id: int) -> BasketLine:
    """Takes a line out and returns what it was, so that it can be put back. Raises LineGone."""
    line = _line(basket, line_id)
    BasketLine.objects.filter(pk=line.pk).delete()
    return line


def clear_invalid(*, basket: Basket) -> int:
    """Removes lines that are off the shelf; how many."""
    inside = list(basket.lines.values_list("sku_id", flat=True))
    facts = skus.facts(inside)
    gone = [sku_id for sku_id in inside if sku_id not in facts or not facts[sku_id].is_on_sale]
    return basket.lines.filter(sku_id__in=gone).delete()[0]


def clear_bought(*, member: Member, sku_ids: Sequence[int]) -> None:
    """What was ordered leaves the basket."""
    BasketLine.objects.filter(basket__member=member, sku_id__in=sku_ids).delete()


@unit
def merge_guest(*, guest_key: str, member: Member) -> None:
    """At sign-in the guest's lines join the member's, quantities add up to 999 at most. Safe to repeat.

    What was left unselected stays so: nobody buys what they had put aside.
    """
    spent_key = f"spent:{member.pk}:{guest_key[:40]}"
    if not Basket.objects.filter(guest_key=guest_key).update(guest_key=spent_key):
        return
    brought = list(BasketLine.objects.filter(basket__guest_key=spent_key).order_by("pk"))
    basket = of(member=member)
    present = {line.sku_id: line for line in basket.lines.all()}
    fresh = []
    for line in brought:
        if twin := present.get(line.sku_id):
            total = min(twin.quantity + line.quantity, HIGHEST_QUANTITY)
            _write(twin, quantity=total, is_selected=line.is_selected)
        else:
            chosen = {"quantity": line.quantity, "is_selected": line.is_selected}
            fresh.append(BasketLine(basket=basket, sku_id=line.sku_id, **chosen))
    BasketLine.objects.bulk_create(fresh, ignore_conflicts=True)
    Basket.objects.filter(guest_key=spent_key).delete()


@unit
def join_members(*, gone: Member, kept: Member) -> None:
    """Two accounts became one: the lines of the one given up join the other's. Safe to repeat."""
    baskets = {basket.member_id: basket for basket in Basket.objects.filter(member__in=[gone, kept])}
    if gone.pk not in baskets:
        return
    left = baskets[gone.pk]
    if kept.pk not in baskets:
        Basket.objects.filter(pk=left.pk).update(member=kept)
        return
    spent_key = f"joined:{gone.pk}:{kept.pk}"
    Basket.objects.filter(pk=left.pk).update(member=None, guest_key=spent_key)
    merge_guest(guest_key=spent_key, member=kept)


def check_quantity(quantity: object) -> None:
    """Raises BadQuantity for anything but a whole number from 1 to 999."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= HIGHEST_QUANTITY:
        raise BadQuantity()


def check_offered(fact: SkuFact, quantity: int) -> None:
    """Raises QuantityNotOffered."""
    if quantity < fact.minimum_quantity or quantity % fact.quantity_multiple:
        raise QuantityNotOffered(
            sku_id=fact.id, title=fact.title, minimum=fact.minimum_quantity, multiple=fact.quantity_multiple
        )


def _fact(sku_id: int) -> SkuFact:
    fact = skus.facts([sku_id]).get(sku_id)
    if fact is None or not fact.is_on_sale:
        raise NotOnSale(sku_id=sku_id, title=fact.title if fact else "")
    return fact


def _line(basket: Basket, line_id: int) -> BasketLine:
    line = basket.lines.filter(pk=line_id).first()
    if line is None:
        raise LineGone()
    return line


def _write(line: BasketLine, **values: Any) -> None:
    BasketLine.objects.filter(pk=line.pk).update(**values)
    for name, value in values.items():
        setattr(line, name, value)


def _touch(basket: Basket) -> None:
    Basket.objects.filter(pk=basket.pk).update(updated_at=clock.page_now())


def _round_up(quantity: int, fact: SkuFact) -> int:
    wanted = max(quantity, fact.minimum_quantity)
    return -(-wanted // fact.quantity_multiple) * fact.quantity_multiple


def _most(quantity: int, fact: SkuFact) -> int:
    highest = HIGHEST_QUANTITY // fact.quantity_multiple * fact.quantity_multiple
    return min(quantity, highest)
