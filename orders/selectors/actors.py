"""Who stands behind an actor reference, in words for staff."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from members.models import User
from shop.core import refs


def names(references: Iterable[str]) -> dict[str, str]:
    """A name for every reference; one query."""
    asked = {reference for reference in references if reference}
    ids = {reference: refs.user_id(reference) for reference in asked}
    people = User.objects.in_bulk([pk for pk in ids.values() if pk is not None])
    return {reference: _name(reference, people.get(ids[reference] or 0)) for reference in asked}


def _name(reference: str, person: User | None) -> str:
    if person is not None:
        return str(person)
    if reference == refs.SYSTEM:
        return _("Automatically")
    if reference == refs.gateway("wechat"):
        return _("WeChat Pay")
    return reference
