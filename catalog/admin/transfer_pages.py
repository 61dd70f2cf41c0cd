"""One transfer: scan goods onto it, send it, say what arrived."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from catalog.models import Transfer
from catalog.selectors import scanning
from catalog.selectors import transfers as selector
from catalog.services import transfers
from catalog.services.transfers import WHY_MISSING, Arrived
from catalog.terms import MovementReason
from catalog.terms.transfers import TransferStatus
from shop.core.admin import actor, names
from shop.core.errors import Invalid, Refusal

PERMISSION = "catalog.move_stock"
AT_SOURCE = ("put", "send", "cancel", "take_back")
AT_TARGET = ("receive",)


class TransferPages:
    """<id>/page/: GET shows, POST does what `verb` says."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [path("<int:transfer_id>/page/", door(self.page), name="catalog_transfer_page")]

    def page(self, request: HttpRequest, transfer_id: int) -> HttpResponse:
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        transfer = selector.of_staff(request.user).filter(pk=transfer_id).first()
        if transfer is None:
            raise Http404
        if request.method == "POST":
            return self._do(request, transfer)
        return self._show(request, transfer)

    def _show(self, request: HttpRequest, transfer: Transfer) -> HttpResponse:
        lines = selector.lines(transfer)
        steps = list(transfer.transitions.order_by("pk"))
        people = names([transfer.opened_by, *(step.actor for step in steps)])
        may = request.user.has_perm(PERMISSION)
        context = {
            **self.admin.admin_site.each_context(request),
            "title": f"{transfer.source.name} → {transfer.target.name}",
            "subtitle": transfer.number,
            "transfer": transfer,
            "lines": lines,
            "sent_total": sum(line.sent_count for line in lines),
            "steps": [
                (
                    TransferStatus(step.to_status).label,
                    step.created_at,
                    people.get(step.actor, ""),
                    step.reason,
                )
                for step in steps
            ],
            "opened_by": people.get(transfer.opened_by, ""),
            "is_draft": transfer.status == TransferStatus.DRAFT,
            "is_sent": transfer.status == TransferStatus.SENT,
            "is_over": transfer.status == TransferStatus.RECEIVED,
            "may_send": may and selector.may_send(request.user, transfer),
            "may_receive": may and selector.may_receive(request.user, transfer),
            "reasons": [(one.value, one.label) for one in MovementReason if one in WHY_MISSING],
        }
        return TemplateResponse(request, "admin/catalog/transfer.html", context)

    def _do(self, request: HttpRequest, transfer: Transfer) -> HttpResponse:
        verb = request.POST.get("verb", "")
        at_source, at_target = verb in AT_SOURCE, verb in AT_TARGET
        is_allowed = (at_source and selector.may_send(request.user, transfer)) or (
            at_target and selector.may_receive(request.user, transfer)
        )
        if not is_allowed or not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        try:
            messages.success(request, getattr(self, f"_{verb}")(request, transfer))
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        return HttpResponseRedirect(reverse("admin:catalog_transfer_page", args=[transfer.pk]))

    def _put(self, request: HttpRequest, transfer: Transfer) -> str:
        chosen, amount = request.POST.get("sku", ""), _number(request.POST.get("quantity", "") or "1")
        if chosen.isdecimal():
            transfers.put_line(
                transfer_id=transfer.pk, sku_id=int(chosen), quantity=amount, actor=actor(request)
            )
            return _("The list is changed.")
        scanned = scanning.read(request.POST.get("code", ""))
        transfers.put_line(
            transfer_id=transfer.pk,
            sku_id=scanned.sku.pk,
            quantity=amount * scanned.pieces,
            actor=actor(request),
            is_more=True,
        )
        return _("{title}: {count} more on the list.").format(
            title=scanned.sku.product.title, count=amount * scanned.pieces
        )

    def _send(self, request: HttpRequest, transfer: Transfer) -> str:
        transfers.send(transfer_id=transfer.pk, actor=actor(request))
        return _("On the way. Until it arrives nobody can buy these goods.")

    def _cancel(self, request: HttpRequest, transfer: Transfer) -> str:
        transfers.cancel(transfer_id=transfer.pk, actor=actor(request))
        return _("Called off. Nothing was moved.")

    def _take_back(self, request: HttpRequest, transfer: Transfer) -> str:
        transfers.take_back(
            transfer_id=transfer.pk, actor=actor(request), reason=request.POST.get("reason", "")[:200]
        )
        return _("Everything lies at its source again.")

    def _receive(self, request: HttpRequest, transfer: Transfer) -> str:
        arrived = []
        for line in transfer.lines.all():
            good, damaged = (
                _number(request.POST.get(f"{name}-{line.sku_id}", "")) for name in ("good", "damaged")
            )
            rest = line.sent_count - good - damaged
            arrived.append(
                Arrived(
                    sku_id=line.sku_id,
                    good=good,
                    damaged=damaged,
                    missing=max(rest, 0),
                    extra=max(-rest, 0),
                    reason=request.POST.get(f"reason-{line.sku_id}", ""),
                    note=request.POST.get(f"note-{line.sku_id}", ""),
                )
            )
        transfers.receive(transfer_id=transfer.pk, arrived=arrived, actor=actor(request))
        return _("Taken in. What arrived well can be sold now.")


def _number(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > 7:
        raise Invalid(field="quantity")
    return int(text)
