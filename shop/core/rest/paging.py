"""Pages by key, not by number: steady under new rows and as fast at the end as at the start."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.core.errors import Refusal


class BadCursor(Refusal):
    code = "bad_cursor"
    status = 400
    message = _("This page address is not valid any more. Please start from the first page.")


class KeysetPagination(BasePagination):
    """`?limit=` (1 to 100, default 20) and `?cursor=`; answers {"results": […], "next": cursor or null}.

    The order comes from `ordering`, else from the view's `keyset_ordering`, else it is newest first by key.
    The last name must be unique, and no value in it may be null.
    """

    ordering: ClassVar[tuple[str, ...]] = ()
    default_limit = 20
    max_limit = 100

    @classmethod
    def by(cls, *ordering: str) -> type["KeysetPagination"]:
        """A class of pages in this order ("-placed_at", "-id")."""
        return type("KeysetPagination", (cls,), {"ordering": ordering})

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        order = self.ordering or tuple(getattr(view, "keyset_ordering", ())) or ("-pk",)
        limit = self._limit(request)
        cursor = request.query_params.get("cursor")
        if cursor:
            try:
                queryset = queryset.filter(_after(order, read_cursor(cursor, len(order))))
                rows = list(queryset.order_by(*order)[: limit + 1])
            except (ValidationError, ValueError, TypeError, FieldError, OverflowError) as problem:
                raise BadCursor() from problem
        else:
            rows = list(queryset.order_by(*order)[: limit + 1])
        self.next_cursor = make_cursor(rows[limit - 1], order) if len(rows) > limit else None
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.next_cursor})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "example": {"results": [], "next": "WzEyM10"},
            "properties": {
                "results": schema,
                "next": {
                    "type": "string",
                    "nullable": True,
                    "example": "WzEyM10",
                    "description": "Give it back as ?cursor=",
                },
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_limit,
                    "default": self.default_limit,
                },
            },
        ]

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", "")
        return (
            min(max(int(text), 1), self.max_limit)
            if text.isascii() and text.isdigit()
            else self.default_limit
        )


def make_cursor(row: Model, order: Sequence[str]) -> str:
    """Opaque text naming the place behind this row."""
    values = [_plain(_value(row, name.lstrip("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(text: str, size: int) -> list[Any]:
    """The values inside; BadCursor for anything we didn't make."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error) as problem:
        raise BadCursor() from problem
    if (
        not isinstance(values, list)
        or len(values) != size
        or not all(isinstance(v, str | int) for v in values)
    ):
        raise BadCursor()
    return values


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind the values: a later first name, or the same first name and a later second one, and so
    on."""
    later, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        later |= same & Q(**{f"{field}__{comparison}": value})
        same &= Q(**{field: value})
    return later


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, datetime | date)
        else str(value)
        if isinstance(value, Decimal)
        else value
    )
