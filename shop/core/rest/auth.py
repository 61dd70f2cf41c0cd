"""Staff sign in to the API with an opaque token, sent as `Authorization: Bearer …`."""

from typing import Any

from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class StaffTokenAuthentication(TokenAuthentication):
    """A stored, unexpired token of an active member of staff."""

    def authenticate(self, request: Request) -> Any:
        pair = super().authenticate(request)
        if pair is not None and not pair[0].is_staff:
            raise AuthenticationFailed()
        return pair
