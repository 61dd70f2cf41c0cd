"""Roles are groups, made from the table in members/roles.py as often as one likes."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission

from members.roles import PERMISSIONS
from shop.core.transactions import unit


@dataclass(frozen=True, slots=True)
class Synced:
    """How many permissions each role holds now, and names of the table that match none."""

    counts: dict[str, int]
    missing: list[str]


@unit
def sync() -> Synced:
    """Makes every role's group and sets exactly its permissions."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    counts, missing = {}, set()
    for role, patterns in PERMISSIONS.items():
        granted = set()
        for pattern in patterns:
            hits = {name for name in known if fnmatchcase(name, pattern)}
            if not hits:
                missing.add(pattern)
            granted |= hits
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(known[name] for name in granted)
        counts[role.value] = len(granted)
    return Synced(counts=counts, missing=sorted(missing))
