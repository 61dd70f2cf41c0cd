"""Staff sign in from the mini-program: by its code, once their account is bound."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from members.api.sessions import SessionSerializer, SignInSerializer, opened
from members.services import staff_wechat
from shop.core.http import client_ip
from shop.core.rest.errors import ErrorSerializer

NOT_BOUND = OpenApiResponse(
    OpenApiTypes.OBJECT,
    examples=[
        OpenApiExample(
            "Not bound yet",
            value={
                "code": "wechat_not_bound",
                "message": "这个微信还没有绑定员工账号，请用密码登录一次来绑定。",
                "extra": {"ticket": "1f0c…:…"},
            },
        )
    ],
)


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=128, help_text="From `wx.login`, single use, five minutes.")


class BindingSerializer(SignInSerializer):
    ticket = serializers.CharField(max_length=600, help_text="From the refusal `wechat_not_bound`.")


class WechatSessionsView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="sign_in_wechat",
        tags=["sessions"],
        auth=[],
        request=CodeSerializer,
        responses={
            201: SessionSerializer,
            400: ErrorSerializer,
            409: NOT_BOUND,
            502: ErrorSerializer,
            503: ErrorSerializer,
        },
        examples=[OpenApiExample("Code", value={"code": "0a1B2c…"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Sign in with the mini-program's code. 409 `wechat_not_bound` carries a ticket for the binding."""
        given = CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return opened(*staff_wechat.sign_in_by_code(**given.validated_data, ip=client_ip(request._request)))


class WechatBindingView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="bind_wechat",
        tags=["sessions"],
        auth=[],
        request=BindingSerializer,
        responses={201: SessionSerializer, 401: ErrorSerializer, 410: ErrorSerializer, 429: ErrorSerializer},
        examples=[
            OpenApiExample(
                "Bind", value={"ticket": "1f0c…:…", "login": "clerk", "password": "…"}, request_only=True
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Bind this WeChat to the account with this password, and sign in. Ten minutes after the ticket."""
        given = BindingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return opened(*staff_wechat.bind(**given.validated_data, ip=client_ip(request._request)))
