"""Deny by default; a view names the permission it needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # DRF's views read this module through the settings while they are being imported
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """What a view has that names no permission."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class IsStaff(BasePermission):
    """Any active member of staff who is signed in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.is_staff)


@cache
def HasPerm(*names: str) -> type[BasePermission]:  # noqa: N802
    """A permission class: staff holding every one of these permissions ("orders.ship_order")."""

    class Holds(IsStaff):
        permissions = names

        def has_permission(self, request: Request, view: APIView) -> bool:
            return super().has_permission(request, view) and request.user.has_perms(names)

    Holds.__name__ = Holds.__qualname__ = f"HasPerm({', '.join(names)})"
    return Holds
