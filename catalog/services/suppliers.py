"""Suppliers as the merchant keeps them: terms, papers, price lists, rebates, agreements, payments."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model

from catalog.errors.purchasing import NotADocument
from catalog.models import (
    KeySku,
    RebateStep,
    Sku,
    Supplier,
    SupplierDocument,
    SupplierPayment,
    SupplierPrice,
    SupplierSku,
    SupplyAgreement,
)
from catalog.terms.purchasing import SourceRank
from shop.core import audit, clock, money, numbers
from shop.core.errors import Invalid
from shop.core.transactions import unit

FIELDS = frozenset(
    {
        *("name", "code", "contact_name", "contact_phone", "wechat", "email", "address", "language"),
        *("payment_days", "lead_days", "minimum_amount", "delivery_terms", "return_terms"),
        *("rebate_period", "note", "is_active"),
    }
)
GOODS_FIELDS = frozenset(
    {"article", "rank", "unit", "pack_size", "minimum_packs", "lead_days", "needs_expiry", "is_active"}
)
DOCUMENT_BYTES = 10 * 1024 * 1024
DOCUMENT_KINDS = {b"%PDF": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG": "png"}


@unit
def save(*, supplier: Supplier | None, actor: str, **fields: Any) -> Supplier:
    """Write a supplier. Raises Invalid for fields that don't exist."""
    if fields.keys() - FIELDS:
        raise Invalid(fields=sorted(fields.keys() - FIELDS))
    supplier = supplier or Supplier()
    verb = "change_supplier" if supplier.pk else "create_supplier"
    before = _plain(supplier) if supplier.pk else None
    for name, value in fields.items():
        setattr(supplier, name, value)
    supplier.save()
    audit.record(
        actor=actor, verb=verb, target=f"supplier:{supplier.pk}", before=before, after=_plain(supplier)
    )
    return supplier


@unit
def save_goods(*, supplier_id: int, sku_id: int, actor: str, **fields: Any) -> SupplierSku:
    """Put a SKU on a supplier's price list, or change how it is delivered there.

    A SKU has one first choice: the supplier that was it before delivers it as well from now on.
    """
    if fields.keys() - GOODS_FIELDS or fields.get("pack_size", 1) < 1 or fields.get("minimum_packs", 1) < 1:
        raise Invalid(fields=sorted(fields))
    if fields.get("rank") == SourceRank.PREFERRED:
        others = SupplierSku.objects.filter(sku=sku_id, rank=SourceRank.PREFERRED)
        others.exclude(supplier=supplier_id).update(rank=SourceRank.ORDINARY)
    source, is_new = SupplierSku.objects.update_or_create(
        supplier_id=supplier_id, sku_id=sku_id, defaults=fields
    )
    audit.record(
        actor=actor,
        verb="add_source" if is_new else "change_source",
        target=f"supplier:{supplier_id}",
        after={"sku": sku_id} | {name: value for name, value in fields.items() if name != "article"},
    )
    return source


@unit
def set_price(
    *, source_id: int, price: Decimal, actor: str, valid_from: date | None = None
) -> SupplierPrice | None:
    """Write what a purchase unit costs from a day (today) on, in yuan; None when it says so already."""
    if price < 0:
        raise Invalid(field="price")
    day = valid_from or clock.today()
    price = money.yuan(price)
    before = SupplierPrice.objects.filter(source=source_id, valid_from__lte=day).first()
    if before is not None and before.price == price:
        return None
    audit.record(
        actor=actor,
        verb="set_purchase_price",
        target=f"source:{source_id}",
        before={"price": before.price} if before else None,
        after={"price": price, "valid_from": day},
    )
    return SupplierPrice.objects.create(source_id=source_id, price=price, valid_from=day, actor=actor)


@unit
def write_source(
    *,
    supplier_id: int,
    sku_id: int,
    actor: str,
    price: Decimal,
    goods: Mapping[str, Any],
    valid_from: date | None = None,
    caps: tuple[Decimal, Decimal] | None = None,
    ends_on: date | None = None,
) -> SupplierSku:
    """A line of a price list as one: how it is delivered, its price, and the caps of automatic orders (of an
    order, of a month); None ends what was agreed."""
    source = save_goods(supplier_id=supplier_id, sku_id=sku_id, actor=actor, **goods)
    set_price(source_id=source.pk, price=price, valid_from=valid_from, actor=actor)
    if caps is not None:
        agree(source_id=source.pk, order_cap=caps[0], month_cap=caps[1], ends_on=ends_on, actor=actor)
    elif SupplyAgreement.objects.filter(source=source, is_active=True).update(is_active=False):
        audit.record(actor=actor, verb="end_supply_agreement", target=f"source:{source.pk}")
    return source


@unit
def set_rebates(*, supplier: Supplier, steps: Mapping[Decimal, Decimal], actor: str) -> None:
    """Replace the ladder: amount bought in the period (yuan) → share given back of all of it."""
    if any(amount < 0 or not 0 < rate < 1 for amount, rate in steps.items()):
        raise Invalid(field="steps")
    before = {str(one.from_amount): one.rate for one in supplier.rebate_steps.all()}
    supplier.rebate_steps.all().delete()
    RebateStep.objects.bulk_create(
        RebateStep(supplier=supplier, from_amount=money.yuan(amount), rate=rate)
        for amount, rate in steps.items()
    )
    after = {str(amount): rate for amount, rate in steps.items()}
    audit.record(
        actor=actor, verb="set_rebates", target=f"supplier:{supplier.pk}", before=before, after=after
    )


@unit
def agree(
    *,
    source_id: int,
    order_cap: Decimal,
    month_cap: Decimal,
    actor: str,
    ends_on: date | None = None,
    is_active: bool = True,
) -> SupplyAgreement:
    """Let orders of this SKU to this supplier go out by themselves up to these caps (yuan, by order and by
    calendar month). Raises Invalid when the caps can't be."""
    if not 0 < order_cap <= month_cap:
        raise Invalid(field="order_cap")
    agreement, _is_new = SupplyAgreement.objects.update_or_create(
        source_id=source_id,
        defaults={
            "order_cap": money.yuan(order_cap),
            "month_cap": money.yuan(month_cap),
            "ends_on": ends_on,
            "is_active": is_active,
            "actor": actor,
        },
    )
    audit.record(
        actor=actor,
        verb="agree_supply",
        target=f"source:{source_id}",
        after={"order_cap": order_cap, "month_cap": month_cap, "is_active": is_active},
    )
    return agreement


@unit
def pay(
    *, supplier_id: int, amount: Decimal, paid_on: date, actor: str, key: str, note: str = ""
) -> SupplierPayment:
    """Book money paid to a supplier, yuan; negative is money that came back. The same key books once."""
    if not amount:
        raise Invalid(field="amount")
    known = SupplierPayment.objects.filter(key=key).first()
    if known is not None:
        return known
    audit.record(actor=actor, verb="pay_supplier", target=f"supplier:{supplier_id}", after={"amount": amount})
    return SupplierPayment.objects.create(
        supplier_id=supplier_id,
        key=key,
        amount=money.yuan(amount),
        paid_on=paid_on,
        note=note[:200],
        actor=actor,
    )


@unit
def mark_key(*, sku_ids: Sequence[int], is_key: bool, actor: str) -> None:
    """Say by hand whether SKUs must never run out; this beats what their sales say."""
    for sku_id in sorted(set(sku_ids)):
        KeySku.objects.update_or_create(sku_id=sku_id, defaults={"is_key": is_key, "actor": actor})
        audit.record(actor=actor, verb="mark_key_sku", target=f"sku:{sku_id}", after={"is_key": is_key})


@unit
def mark_codes(*, codes: Sequence[str], is_key: bool, actor: str) -> int:
    """As `mark_key` for SKU codes; unknown ones are left out. Returns how many were known."""
    ids = list(Sku.objects.filter(code__in=codes[:500]).values_list("pk", flat=True))
    mark_key(sku_ids=ids, is_key=is_key, actor=actor)
    return len(ids)


def add_document(
    *, supplier: Supplier, name: str, content: bytes, actor: str, expires_on: date | None = None
) -> SupplierDocument:
    """Keep a paper (PDF, JPEG or PNG of at most 10 MB) as a private file. Raises NotADocument."""
    kind = next((kind for start, kind in DOCUMENT_KINDS.items() if content.startswith(start)), None)
    if kind is None or len(content) > DOCUMENT_BYTES:
        raise NotADocument()
    path = default_storage.save(
        f"private/suppliers/{numbers.token(12)}/{supplier.code}.{kind}", ContentFile(content)
    )
    return _write_document(supplier=supplier, name=name[:60], path=path, actor=actor, expires_on=expires_on)


@unit
def remove_document(*, document: SupplierDocument, actor: str) -> None:
    """Forget a paper; its file goes as well."""
    audit.record(actor=actor, verb="remove_supplier_paper", target=f"supplier:{document.supplier_id}")
    path = document.path
    document.delete()
    default_storage.delete(path)


@unit
def _write_document(**fields: Any) -> SupplierDocument:
    document = SupplierDocument.objects.create(**fields)
    audit.record(actor=document.actor, verb="add_supplier_paper", target=f"supplier:{document.supplier_id}")
    return document


def _plain(supplier: Model) -> dict[str, Any]:
    return {name: getattr(supplier, name) for name in sorted(FIELDS)}
