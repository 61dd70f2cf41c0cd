from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.api.shapes import TodoShape
from orders.selectors import todo
from shop.core.rest.errors import ErrorSerializer
from shop.core.rest.permissions import HasPerm


class TodoView(APIView):
    permission_classes = (HasPerm("orders.view_order"),)

    @extend_schema(
        operation_id="todo",
        tags=["orders"],
        responses={200: TodoShape(many=True), 403: ErrorSerializer},
        examples=[
            OpenApiExample(
                "Waiting",
                value={"code": "to_ship", "count": 4, "oldest_at": "2026-11-21T09:12:00+08:00"},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """What waits in your places, with the age of the oldest."""
        return Response(TodoShape(todo.counts(request.user), many=True).data)
