"""The merchant's profile."""

from typing import IO, Any

from django.db import transaction

from members.models import Merchant
from members.selectors import merchant
from shop.core import audit, uploads
from shop.core.errors import Invalid
from shop.core.transactions import unit

WORDS = (
    *("shop_name", "slogan", "company", "licence_number", "scope"),
    *("icp_number", "police_number", "phone", "address"),
)
PICTURES = ("logo", "licence_image")


@unit
def save(*, actor: str, ip: str = "", **words: str) -> Merchant:
    """Changes the named texts of the profile, making it when there is none; audited."""
    if unknown := set(words) - set(WORDS):
        raise Invalid(fields=sorted(unknown))
    return _store(actor, ip, words)


def put_picture(*, name: str, file: IO[bytes], actor: str, ip: str = "") -> Merchant:
    """Sets `logo` or `licence_image` to a cleaned copy of the file. Raises NotAPicture, PictureTooLarge."""
    if name not in PICTURES:
        raise Invalid(fields=[name])
    stored = uploads.store_image(file, "merchant")
    return _store(actor, ip, {name: stored.path})


@unit
def _store(actor: str, ip: str, values: dict[str, Any]) -> Merchant:
    row = Merchant.objects.filter(pk=Merchant.ONLY).first() or Merchant()
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit.record(actor=actor, verb="change_merchant", target="merchant:1", before=before, after=values, ip=ip)
    transaction.on_commit(merchant.forget)
    return row
