"""Pages of a purchase order that are no form of one row: writing, receiving, the supplier's link, paper."""

import io
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalog.events.purchasing import SupplierToBeTold
from catalog.models import Place, PurchaseOrder, Supplier
from catalog.selectors import purchase_orders as selector
from catalog.selectors import staff_lists
from catalog.services import purchase_orders, supplier_links, supplier_texts
from catalog.services.purchase_orders import Received
from catalog.states.purchasing import OPEN
from catalog.terms.purchasing import PurchaseStatus
from members.selectors import merchant
from shop.core import clock, money, numbers, targets
from shop.core.admin import actor
from shop.core.errors import Refusal
from shop.core.events import publish
from shop.core.transactions import unit

BATCH_ROWS = 2


class PurchasePages:
    """write/, <id>/rewrite/, <id>/receive/, <id>/link/, <id>/print/ under the list of orders."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        names = {
            "rewrite": self.rewrite,
            "receive": self.receive,
            "link": self.link,
            "print": self.paper,
        }
        return [
            path("write/", door(self.write), name="catalog_purchaseorder_write"),
            *(
                path(f"<int:order_id>/{name}/", door(view), name=f"catalog_purchaseorder_{name}")
                for name, view in names.items()
            ),
        ]

    def write(self, request: HttpRequest) -> HttpResponse:
        """GET chooses supplier and place, then shows the price list; POST writes a draft."""
        _demand(request, "catalog.add_purchaseorder", "catalog.see_cost")
        places = staff_lists.visible_places(request.user)
        given = request.POST if request.method == "POST" else request.GET
        supplier = _one(Supplier.objects.filter(is_active=True), given.get("supplier"))
        place = _one(places, given.get("place"))
        if supplier is None or place is None:
            context = {
                "suppliers": Supplier.objects.filter(is_active=True),
                "places": places.filter(is_active=True),
                "supplier": supplier,
            }
            return self._page(request, "purchase_write.html", _("New purchase order"), context)
        return self._editor(request, supplier, place, None)

    def rewrite(self, request: HttpRequest, order_id: int) -> HttpResponse:
        _demand(request, "catalog.add_purchaseorder", "catalog.see_cost")
        order = self._order(request, order_id)
        if order.status != PurchaseStatus.DRAFT:
            return self._back(order)
        return self._editor(request, order.supplier, order.place, order)

    def _editor(
        self, request: HttpRequest, supplier: Supplier, place: Place, order: PurchaseOrder | None
    ) -> HttpResponse:
        choices = selector.choices(supplier=supplier, place_id=place.pk, order=order)
        if request.method == "POST":
            try:
                return self._back(_save(request, supplier, place, order, choices))
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        given = request.POST if request.method == "POST" else None
        context = {
            "supplier": supplier,
            "place": place,
            "order": order,
            "rows": [
                (one, given.get(f"packs-{one.sku.pk}", "") if given else one.packs or "") for one in choices
            ],
            "wanted_on": given.get("wanted_on", "") if given else _iso(order.wanted_on if order else None),
            "note": given.get("note", "") if given else (order.note if order else ""),
            "freight": given.get("freight", "") if given else (order.freight_amount if order else ""),
        }
        title = order.number if order else _("New purchase order")
        return self._page(request, "purchase_write.html", title, context, order)

    def receive(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """The clerk's page: what came, good and defective, with batch and expiry where they are needed."""
        _demand(request, "catalog.receive_purchase")
        order = self._order(request, order_id)
        if order.status not in OPEN:
            return self._back(order)
        lines = list(order.lines.select_related("sku__product"))
        key = request.POST.get("key", "")[:40] or numbers.token()
        if request.method == "POST":
            try:
                counted = [one for line in lines for one in _counted(request.POST, line)]
                purchase_orders.receive(
                    order_id=order.pk,
                    lines=counted,
                    actor=actor(request),
                    key=f"page:{key}",
                    note=request.POST.get("note", ""),
                )
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
            else:
                messages.success(request, _("The goods are in stock."))
                return self._back(order)
        context = {
            "order": order,
            "rows": [_receive_row(line, request.POST) for line in lines],
            "key": key,
            "note": request.POST.get("note", ""),
        }
        return self._page(request, "purchase_receive.html", _("Receive goods"), context, order)

    def link(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """GET says how it stands, POST makes a new link and shows it this once, or texts it."""
        _demand(request, "catalog.send_purchase")
        order = self._order(request, order_id)
        if order.status not in OPEN:
            return self._back(order)
        address = ""
        if request.method == "POST" and request.POST.get("do") == "text" and supplier_texts.can_text(order):
            _ask_for_text(order)
            messages.success(request, _("The supplier gets the link as a text message in a moment."))
            return self._back(order)
        if request.method == "POST" and request.POST.get("do") == "withdraw":
            supplier_links.revoke(order_id=order.pk, actor=actor(request))
            messages.success(request, _("The supplier can't open the order any more."))
            return self._back(order)
        if request.method == "POST":
            try:
                token = supplier_links.issue(order_id=order.pk, actor=actor(request))
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
                return self._back(order)
            address = targets.address(f"supplier_order:{token}")
        context = {
            "order": order,
            "address": address,
            "picture": _code(address) if address else "",
            "words": _words(order, address) if address else "",
            "alive": selector.link_of(order),
            "can_text": supplier_texts.can_text(order),
        }
        return self._page(request, "purchase_link.html", _("Supplier's link"), context, order)

    def paper(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """One order on A4 for the supplier, to be printed by the browser."""
        _demand(request, "catalog.see_cost")
        order = self._order(request, order_id)
        context = {
            "order": order,
            "lines": list(order.lines.select_related("sku__product")),
            "total": order.amount + order.freight_amount,
            "merchant": merchant.current(),
            "printed_at": clock.page_now(),
        }
        return TemplateResponse(request, "admin/catalog/purchase_print.html", context)

    def _page(
        self,
        request: HttpRequest,
        template: str,
        title: Any,
        context: dict[str, Any],
        order: PurchaseOrder | None = None,
    ) -> HttpResponse:
        listing = reverse("admin:catalog_purchaseorder_changelist")
        back = reverse("admin:catalog_purchaseorder_change", args=[order.pk]) if order else listing
        base = self.admin.admin_site.each_context(request)
        common = {"title": title, "back": back, "opts": self.admin.model._meta, "original": order}
        return TemplateResponse(request, f"admin/catalog/{template}", base | common | context)

    def _order(self, request: HttpRequest, order_id: int) -> PurchaseOrder:
        rows = selector.scoped(PurchaseOrder.objects.select_related("supplier", "place"), request.user)
        order: PurchaseOrder | None = rows.filter(pk=order_id).first()
        if order is None:
            raise Http404
        return order

    def _back(self, order: PurchaseOrder) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_purchaseorder_change", args=[order.pk]))


def _demand(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(("catalog.view_purchaseorder", *permissions)):
        raise PermissionDenied


def _one(rows: Any, key: Any) -> Any:
    text = str(key or "")
    return rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 18 else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _whole(text: Any) -> int:
    """Pieces somebody typed; -1 for what is no number, so that the service refuses it."""
    text = str(text or "").strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1


def _yuan(text: Any) -> Decimal:
    try:
        amount = Decimal(str(text or "0").strip() or "0")
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount.is_finite() and amount < 10**9 else Decimal(-1)


def _day(text: Any) -> date | None:
    try:
        return parse_date(str(text or ""))
    except ValueError:
        return None


def _save(
    request: HttpRequest,
    supplier: Supplier,
    place: Place,
    order: PurchaseOrder | None,
    choices: list[selector.Choice],
) -> PurchaseOrder:
    packs = {one: _whole(request.POST.get(f"packs-{one.sku.pk}")) for one in choices}
    lines = [(one.sku.pk, count * one.terms.pack_size, None) for one, count in packs.items() if count]
    wanted = _day(request.POST.get("wanted_on"))
    freight = _yuan(request.POST.get("freight"))
    note = request.POST.get("note", "")
    if order is not None:
        return purchase_orders.rewrite(
            order_id=order.pk,
            lines=lines,
            actor=actor(request),
            wanted_on=wanted,
            note=note,
            freight_amount=freight,
        )
    return purchase_orders.draft(
        supplier_id=supplier.pk,
        place_id=place.pk,
        lines=lines,
        actor=actor(request),
        wanted_on=wanted,
        note=note,
        freight_amount=freight,
    )


def _counted(given: QueryDict, line: Any) -> list[Received]:
    found = []
    for number in range(BATCH_ROWS):
        prefix = f"{line.pk}-{number}"
        good, defect = _whole(given.get(f"good-{prefix}")), _whole(given.get(f"defect-{prefix}"))
        if good or defect:
            found.append(
                Received(
                    sku_id=line.sku_id,
                    good=good,
                    defect=defect,
                    batch=given.get(f"batch-{prefix}", "").strip()[:40],
                    made_on=_day(given.get(f"made-{prefix}")),
                    expires_on=_day(given.get(f"until-{prefix}")),
                )
            )
    return found


def _receive_row(line: Any, given: QueryDict) -> dict[str, Any]:
    """A line with its entries: what was typed, else what is still open."""
    entries = []
    for number in range(BATCH_ROWS):
        prefix = f"{line.pk}-{number}"
        open_now = line.open_quantity if number == 0 else ""
        entries.append(
            {
                "prefix": prefix,
                "good": given.get(f"good-{prefix}", open_now),
                "defect": given.get(f"defect-{prefix}", ""),
                "batch": given.get(f"batch-{prefix}", ""),
                "made": given.get(f"made-{prefix}", ""),
                "until": given.get(f"until-{prefix}", ""),
            }
        )
    return {"line": line, "first": entries[0], "more": entries[1:]}


@unit
def _ask_for_text(order: PurchaseOrder) -> None:
    publish(SupplierToBeTold(order_id=order.pk))


def _code(address: str) -> SafeString:
    buffer = io.BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return mark_safe(buffer.getvalue().decode())  # noqa: S308 — drawn by us from our own address


def _words(order: PurchaseOrder, address: str) -> str:
    """What is pasted into a chat with the supplier."""
    return _("Purchase order {number} ({amount}). Please confirm quantities and day here: {address}").format(
        number=order.number, amount=money.show(order.amount + order.freight_amount), address=address
    )
