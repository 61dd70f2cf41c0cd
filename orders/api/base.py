"""What the order views share: rows of the caller's places, and an audit entry for every change."""

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from orders.errors import OrderNotFound
from orders.models import Order
from orders.selectors import todo
from shop.core import audit, refs
from shop.core.http import client_ip
from shop.core.rest.idempotency import IdempotentMixin


class LookAtOrder(APIView):
    """A view of one order, found by number among those the caller may see."""

    def order(self, request: Request, number: str) -> Order:
        """Raises OrderNotFound, for foreign places too."""
        order = todo.scoped(Order.objects.all(), request.user).filter(number=number).first()
        if order is None:
            raise OrderNotFound()
        return order

    def actor(self, request: Request) -> str:
        return refs.user(request.user)

    def note(self, request: Request, verb: str, order: Order, **after: Any) -> None:
        """Writes the audit entry of what is being done."""
        given = request.data if isinstance(request.data, dict) else {}
        audit.record(
            actor=self.actor(request),
            verb=verb,
            target=f"orders.order:{order.pk}",
            after=after,
            reason=str(given.get("reason", "")).replace("\0", ""),
            ip=client_ip(request._request),
        )


class OrderView(LookAtOrder, IdempotentMixin):
    """A view that changes an order; the same request again gets the same answer."""
