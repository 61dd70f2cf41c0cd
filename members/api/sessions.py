"""Staff sign in to the API and out of it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.settings import knox_settings
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from members.api.me import StaffSerializer, describe
from members.models import User
from members.services import staff
from shop.core import clock
from shop.core.http import client_ip
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.permissions import IsStaff


class SignInSerializer(serializers.Serializer[Any]):
    login = serializers.CharField(max_length=150, help_text="Username, e-mail or phone.")
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class SessionSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Bearer <token>`. Shown once.")
    expires_at = serializers.DateTimeField()
    user = StaffSerializer()


def opened(user: User, token: str) -> Response:
    """201 with the new session."""
    expires_at = clock.page_now() + knox_settings.TOKEN_TTL
    body = {"token": token, "expires_at": expires_at, "user": describe(user)}
    return Response(SessionSerializer(body).data, status=status.HTTP_201_CREATED)


class SessionsView(APIView):
    """Sign in. Five wrong passwords close the door for a quarter of an hour (429)."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="sign_in",
        tags=["sessions"],
        auth=[],
        request=SignInSerializer,
        responses={201: SessionSerializer, 400: ErrorSerializer, 401: ErrorSerializer, 429: ErrorSerializer},
        examples=[
            OpenApiExample("Sign in", value={"login": "clerk", "password": "…"}, request_only=True),
            OpenApiExample(
                "Signed in",
                value={
                    "token": "5f0c…",
                    "expires_at": "2026-11-22T08:00:00+08:00",
                    "user": {
                        "id": 7,
                        "username": "clerk",
                        "name": "小周",
                        "masked_phone": "138****1234",
                        "roles": ["store_clerk"],
                        "permissions": ["orders.verify_pickup", "orders.view_order"],
                    },
                },
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return opened(*staff.sign_in(**given.validated_data, ip=client_ip(request._request)))


class CurrentSessionView(APIView):
    permission_classes = (IsStaff,)

    @extend_schema(operation_id="sign_out", tags=["sessions"], request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out: the token that was sent is worth nothing from now on."""
        staff.sign_out(token=request.auth)
        return Response(status=status.HTTP_204_NO_CONTENT)
