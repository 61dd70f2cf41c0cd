"""Keeps how a member of staff likes a page."""

from typing import Any

from members.models import StaffPreference
from shop.core.transactions import unit


@unit
def put(*, user_id: int, name: str, value: Any) -> None:
    """Remembers a JSON value under the name, over what stood there."""
    StaffPreference.objects.update_or_create(user_id=user_id, name=name, defaults={"value": value})


@unit
def forget(*, user_id: int, name: str) -> None:
    """Back to how the page ships."""
    StaffPreference.objects.filter(user_id=user_id, name=name).delete()
