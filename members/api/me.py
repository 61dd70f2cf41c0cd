"""Who the token belongs to."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from members.models import User
from members.selectors import staff
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.permissions import IsStaff


class StaffSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    masked_phone = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())


def describe(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.display_name or user.username,
        "masked_phone": user.masked_phone,
        "roles": staff.roles_of(user),
        "permissions": sorted(user.get_all_permissions()),
    }


class MeView(APIView):
    permission_classes = (IsStaff,)

    @extend_schema(
        operation_id="me", tags=["sessions"], responses={200: StaffSerializer, 401: ErrorSerializer}
    )
    def get(self, request: Request) -> Response:
        """The person signed in, with roles and permissions."""
        return Response(StaffSerializer(describe(cast(User, request.user))).data)
