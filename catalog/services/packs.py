"""Cartons of a SKU, and the numbers scales know goods by."""

from catalog.errors.barcodes import BarcodeTaken
from catalog.models import ScaleCode, Sku, SkuPack
from shop.core import audit
from shop.core.errors import Invalid, NotFound
from shop.core.transactions import unit


@unit
def save(*, sku_id: int, name: str, pieces: int, actor: str, barcode: str = "") -> SkuPack:
    """The larger unit of this name, such as 箱, with its pieces. Raises BarcodeTaken."""
    if not 2 <= pieces <= 100_000 or not name.strip() or len(name.strip()) > 6:
        raise Invalid(field="pieces" if name.strip() else "name")
    if not Sku.objects.filter(pk=sku_id).exists():
        raise NotFound(sku_id=sku_id)
    code = barcode.strip() or None
    taken = code and (
        Sku.objects.filter(barcode=code).exists()
        or SkuPack.objects.filter(barcode=code).exclude(sku=sku_id, name=name.strip()).exists()
    )
    if taken:
        raise BarcodeTaken(value=code)
    pack, _ = SkuPack.objects.update_or_create(
        sku_id=sku_id, name=name.strip(), defaults={"pieces": pieces, "barcode": code}
    )
    audit.record(
        actor=actor,
        verb="save_pack",
        target=f"sku:{sku_id}",
        after={"unit": pack.name, "pieces": pieces, "barcode": code},
    )
    return pack


@unit
def remove(*, pack_id: int, actor: str) -> None:
    """Forget a larger unit."""
    pack = SkuPack.objects.filter(pk=pack_id).first()
    if pack is None:
        raise NotFound(pack_id=pack_id)
    audit.record(actor=actor, verb="remove_pack", target=f"sku:{pack.sku_id}", before={"unit": pack.name})
    pack.delete()


@unit
def set_scale_item(*, sku_id: int, item: str, actor: str) -> None:
    """Give a weighed SKU its number on the scales (four to six digits); empty takes it away."""
    item = item.strip()
    if item and not (item.isascii() and item.isdigit() and 4 <= len(item) <= 6):
        raise Invalid(field="item")
    if ScaleCode.objects.filter(item=item).exclude(sku=sku_id).exists():
        raise BarcodeTaken(value=item)
    if item:
        ScaleCode.objects.update_or_create(sku_id=sku_id, defaults={"item": item})
    else:
        ScaleCode.objects.filter(sku=sku_id).delete()
    audit.record(actor=actor, verb="set_scale_item", target=f"sku:{sku_id}", after={"item": item})


def spoken(pieces: int, packs: list[SkuPack], unit_name: str) -> str:
    """So many pieces in larger units first: 77 as 3 箱 5 件."""
    words = []
    for pack in sorted(packs, key=lambda one: -one.pieces):
        count, pieces = divmod(pieces, pack.pieces)
        if count:
            words.append(f"{count} {pack.name}")
    if pieces or not words:
        words.append(f"{pieces} {unit_name}")
    return " ".join(words)
