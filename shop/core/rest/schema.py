"""How the API's description names our ways of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class StaffToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "shop.core.rest.auth.StaffTokenAuthentication"
    name = "staffToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
