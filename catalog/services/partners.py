"""Partner brands of co-branded gift boxes."""

from catalog.models import Partner
from shop.core import audit
from shop.core.errors import NotFound
from shop.core.transactions import unit


@unit
def save(
    *,
    name: str,
    code: str,
    actor: str,
    contact: str = "",
    note: str = "",
    is_active: bool = True,
    partner_id: int | None = None,
) -> Partner:
    """A new partner brand, or changes to the one given. Raises NotFound."""
    partner = Partner.objects.filter(pk=partner_id).first() if partner_id else Partner()
    if partner is None:
        raise NotFound(partner_id=partner_id)
    before = {"name": partner.name, "code": partner.code, "is_active": partner.is_active}
    partner.name, partner.code, partner.contact = " ".join(name.split()), code, contact.strip()
    partner.note, partner.is_active = note.strip(), is_active
    partner.save()
    audit.record(
        actor=actor,
        verb="save_partner",
        target=f"partner:{partner.pk}",
        before=before if partner_id else {},
        after={"name": partner.name, "code": partner.code, "is_active": partner.is_active},
    )
    return partner
