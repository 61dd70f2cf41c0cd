"""What expires soon, what will be left over, and a lower price at one press."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now

from catalog.selectors import near_expiry, places
from catalog.services import markdowns
from shop.core import clock
from shop.core.admin import actor
from shop.core.errors import Refusal

VIEWING = "catalog.view_batch"
LOWERING = "catalog.mark_down"


class NearExpiryPages:
    """Under the list of batches: near/, near/<batch>/lower/, near/<markdown>/end/."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("near/", door(self.page), name="catalog_batch_near"),
            path("near/<int:batch_id>/lower/", door(self.lower), name="catalog_batch_lower"),
            path("near/<int:markdown_id>/end/", door(self.end), name="catalog_batch_end_markdown"),
        ]

    def page(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(VIEWING):
            raise PermissionDenied
        rows = near_expiry.rows(clock.today(), places.ids_of_staff(request.user))
        context = {
            **self.admin.admin_site.each_context(request),
            "tabs_of": self.admin.model._meta,
            "title": _now("Expiring soon"),
            "rows": rows,
            "pieces": sum(row.pieces for row in rows),
            "leftover": sum(row.leftover for row in rows),
            "value": sum((row.value for row in rows), Decimal(0)),
            "sees_cost": request.user.has_perm("catalog.see_cost"),
            "lowered": sum(row.markdown is not None for row in rows),
            "may_lower": request.user.has_perm(LOWERING),
        }
        return TemplateResponse(request, "admin/catalog/near_expiry.html", context)

    def lower(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        _demand_post(request)
        try:
            price = Decimal(request.POST.get("price", "").strip())
        except InvalidOperation:
            messages.error(request, _now("Write the price in yuan, such as 9.90."))
            return _back()
        try:
            done = markdowns.apply(batch_id=batch_id, price=price, actor=actor(request))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        else:
            words = _now("¥{old} → ¥{new} until batch {batch} is gone.")
            messages.success(
                request,
                words.format(old=done.old_price, new=done.new_price, batch=done.batch.code),
            )
        return _back()

    def end(self, request: HttpRequest, markdown_id: int) -> HttpResponse:
        _demand_post(request)
        try:
            markdowns.end(markdown_id=markdown_id, actor=actor(request))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        else:
            messages.success(request, _now("The price is what it was before."))
        return _back()


def _demand_post(request: HttpRequest) -> None:
    if not request.user.has_perm(LOWERING):
        raise PermissionDenied
    if request.method != "POST":
        raise Http404


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:catalog_batch_near"))
