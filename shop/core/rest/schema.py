"""How the API describes itself: our sign-in, the idempotency header, one error shape everywhere."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from shop.core.rest.idempotency import WRITING, IdempotentMixin


class StaffToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "shop.core.rest.auth.StaffTokenAuthentication"
    name = "staffToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class Schema(AutoSchema):
    """Adds to every call what the bases of core add to every view."""

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        if self.method in WRITING and isinstance(self.view, IdempotentMixin):
            given.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    required=True,
                    description="Your own name for this request: sent again, it gets the same answer.",
                )
            )
        return given


ERROR = {
    "type": "object",
    "required": ["code", "message", "extra"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs", "example": "sold_out"},
        "message": {"type": "string", "description": "For people, in their language"},
        "extra": {"type": "object", "additionalProperties": True, "description": "Facts behind the refusal"},
    },
}


def describe_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: every call may also answer with the one error shape."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for calls in result["paths"].values():
        for call in calls.values():
            call["responses"].setdefault("default", {"description": "Refused or failed", "content": content})
    return result
