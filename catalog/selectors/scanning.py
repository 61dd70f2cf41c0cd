"""What a scanned code means: a SKU, a carton of it, or goods a scale weighed."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catalog.errors.barcodes import BarcodeMisread, BarcodeUnknown
from catalog.models import ScaleCode, Sku, SkuPack
from catalog.policies import SCALE_FORMATS
from catalog.selectors import ean
from shop.core import money


@dataclass(frozen=True)
class Scanned:
    """One scan. `pieces` counts sale units; weighed goods have `grams` and `price` (yuan for all of it)."""

    sku: Sku
    pieces: int = 1
    kind: str = "sku"
    pack: str = ""
    grams: int | None = None
    price: Decimal | None = None


def read(code: str) -> Scanned:
    """What this code means; at most three queries.

    A SKU's own bar code or code comes first, then cartons, then the formats of the scales. Raises
    BarcodeMisread when a scale's code has a wrong check digit, BarcodeUnknown.
    """
    code = code.strip()
    rows = Sku.objects.select_related("product")
    sku = rows.filter(barcode=code).first() or rows.filter(code__iexact=code).first() if code else None
    if sku:
        return Scanned(sku)
    pack = SkuPack.objects.select_related("sku__product").filter(barcode=code).first() if code else None
    if pack:
        return Scanned(pack.sku, pieces=pack.pieces, kind="pack", pack=pack.name)
    pattern = ean.format_of(code, SCALE_FORMATS.get())
    if pattern:
        return _weighed(code, pattern)
    raise BarcodeUnknown(code_read=code[:40])


def per_gram(sku: Sku) -> Decimal | None:
    """Yuan a gram of a weighed SKU; None when nothing says how much a piece weighs.

    The list price is that of a piece of `nominal_grams`.
    """
    if not sku.nominal_grams:
        return None
    return sku.list_price / sku.nominal_grams


def basis_price(sku: Sku) -> Decimal | None:
    """Yuan for `price_basis_grams` (often 500 g) of a weighed SKU, rounded to the fen."""
    each = per_gram(sku)
    if each is None or not sku.price_basis_grams:
        return None
    return (each * sku.price_basis_grams).quantize(money.FEN, ROUND_HALF_UP)


def _weighed(code: str, pattern: str) -> Scanned:
    if not ean.is_ean(code):
        raise BarcodeMisread(code_read=code)
    reading = ean.read_scale(code, pattern)
    found = ScaleCode.objects.select_related("sku__product").filter(
        item__in={reading.item, reading.item.lstrip("0").zfill(4)}
    )
    scale = found.order_by("-item").first()
    if scale is None:
        raise BarcodeUnknown(code_read=code)
    each = per_gram(scale.sku)
    grams, price = reading.grams, reading.price
    if price is None and each is not None and grams is not None:
        price = (each * grams).quantize(money.FEN, ROUND_HALF_UP)
    if grams is None and each and price is not None:
        grams = int((price / each).to_integral_value(ROUND_HALF_UP))
    return Scanned(scale.sku, kind="scale", grams=grams, price=price)
