"""Purchase orders: a list to find them, a page to understand them, buttons that call services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from catalog.admin.purchase_pages import PurchasePages
from catalog.models import PurchaseOrder
from catalog.selectors import purchase_orders as selector
from catalog.services import purchase_orders, reissues
from catalog.states.purchasing import OPEN, PURCHASE
from catalog.terms.purchasing import PurchaseStatus
from shop.core import money
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, names, service_action
from shop.core.models import Decision

_P = PurchaseStatus
COLOURS = {
    _P.DRAFT.value: None,
    _P.WAITING.value: "warning",
    _P.APPROVED.value: "info",
    _P.SENT.value: "info",
    _P.CONFIRMED.value: "info",
    _P.DECLINED.value: "danger",
    _P.PARTIAL.value: "warning",
    _P.RECEIVED.value: "success",
    _P.CLOSED.value: None,
    _P.CANCELLED.value: None,
}


def can(to: PurchaseStatus) -> Any:
    """Whether an order may move there now."""
    return lambda order: PURCHASE.allows(order.status, to)


def is_open(order: PurchaseOrder) -> bool:
    return order.status in OPEN


class OptionalReason(forms.Form):
    reason = forms.CharField(label=_("Note"), max_length=200, required=False)


class TodoFilter(admin.SimpleListFilter):
    """What the dashboard's cards lead to."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("purchase_waiting", _("waits for approval")),
            ("purchase_declined", _("declined by the supplier")),
            ("purchase_late", _("late")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = {
            "purchase_waiting": selector.waiting,
            "purchase_declined": selector.declined,
            "purchase_late": selector.late,
        }.get(self.value() or "")
        return queryset.filter(pk__in=found(request.user).values("pk")) if found else queryset


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    list_display = (
        *("show_number", "show_status", "supplier", "place", "show_amount"),
        *("show_progress", "show_due", "origin", "created_at"),
    )
    list_display_links = ("show_number",)
    list_filter = (
        TodoFilter,
        ("status", ChoicesDropdownFilter),
        ("supplier", RelatedDropdownFilter),
        ("place", RelatedDropdownFilter),
        ("origin", ChoicesDropdownFilter),
    )
    search_fields = ("number", "supplier__name", "=lines__sku__code", "lines__sku__product__title")
    search_help_text = _("Number, supplier, SKU code or part of a title")
    ordering = ("-pk",)
    actions_list = ("write",)
    actions_detail = (
        *("hand_in", "approve", "give_back", "send", "take_in", "link", "rewrite"),
        *("print_it", "issue_again", "close", "cancel"),
    )
    change_form_before_template = "admin/catalog/purchase_order.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        return selector.listing(request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The page is one template; there is nothing to fill in."""
        return []

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.user.has_perm("catalog.see_cost"):
            return self.list_display
        return tuple(name for name in self.list_display if name != "show_amount")

    def get_urls(self) -> list[Any]:
        return [*PurchasePages(self).urls(), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        lines = list(obj.lines.select_related("sku__product"))
        moments = list(obj.transitions.all())
        receipts = list(obj.receipts.prefetch_related("lines__line__sku__product"))
        people = names([obj.created_by, *(one.actor for one in moments), *(one.actor for one in receipts)])
        context.update(
            order=obj,
            title=obj.number,
            colour=COLOURS[obj.status],
            lines=lines,
            receipts=[(one, people.get(one.actor, "")) for one in receipts],
            timeline=[
                (one, self._who(obj, one.actor, people), _P(one.to_status).label) for one in reversed(moments)
            ],
            writer=people.get(obj.created_by, ""),
            link=selector.link_of(obj),
            replaced_by=list(obj.replaced_by.select_related("supplier")),
            decision=Decision.objects.filter(
                noun="automatic_purchase", reference=f"purchase:{obj.number}"
            ).first(),
            due=selector.due(obj),
            is_late=selector.is_late(obj),
            has_answer=any(line.confirmed_quantity is not None for line in lines),
            sees_cost=request.user.has_perm("catalog.see_cost"),
            may_receive=is_open(obj) and request.user.has_perm("catalog.receive_purchase"),
            total=obj.amount + obj.freight_amount,
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _who(self, order: PurchaseOrder, who: str, people: dict[str, str]) -> str:
        return order.supplier.name if who == f"supplier:{order.supplier_id}" else people.get(who, who)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(("catalog.add_purchaseorder", "catalog.see_cost"))

    @action(description=_("New purchase order"), permissions=["write"], icon="add", url_path="write-page")
    def write(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_purchaseorder_write"))

    @service_action(
        _("Hand in"),
        permission="catalog.add_purchaseorder",
        when=lambda order: order.status == _P.DRAFT,
        confirm=_("Small orders are approved at once, larger ones by somebody else."),
        icon="task_alt",
    )
    def hand_in(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> str:
        moved = purchase_orders.submit(order_id=order.pk, actor=actor(request))
        if moved.status == _P.APPROVED:
            return _now("It is approved. Send it to the supplier now.")
        return _now("It waits for somebody else's approval.")

    @service_action(
        _("Approve"),
        permission="catalog.approve_purchase",
        form=OptionalReason,
        when=lambda order: order.status == _P.WAITING,
        icon="verified",
    )
    def approve(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> None:
        purchase_orders.approve(order_id=order.pk, actor=actor(request), reason=data["reason"])

    @service_action(
        _("Give back"),
        permission="catalog.approve_purchase",
        form=ReasonForm,
        when=lambda order: order.status == _P.WAITING,
        confirm=_("It becomes a draft again and can be rewritten."),
        icon="undo",
    )
    def give_back(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> None:
        purchase_orders.send_back(order_id=order.pk, actor=actor(request), reason=data["reason"])

    @service_action(
        _("Send to the supplier"),
        permission="catalog.send_purchase",
        when=can(_P.SENT),
        confirm=_("From now on these goods count as on their way. Next you get the link for the supplier."),
        icon="send",
    )
    def send(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> str:
        purchase_orders.send(order_id=order.pk, actor=actor(request))
        return _now("It is sent. Give the supplier its link: press “Supplier's link”.")

    @service_action(
        _("Close the order"),
        permission="catalog.send_purchase",
        form=OptionalReason,
        when=can(_P.CLOSED),
        confirm=_("What has not arrived by now is not expected any more."),
        icon="check_circle",
    )
    def close(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> None:
        purchase_orders.close(order_id=order.pk, actor=actor(request), reason=data["reason"])

    @service_action(
        _("Cancel"),
        permission="catalog.send_purchase",
        form=ReasonForm,
        when=can(_P.CANCELLED),
        confirm=_(
            "Nothing is expected of this order any more, and its link stops working. Tell the supplier."
        ),
        icon="cancel",
        danger=True,
    )
    def cancel(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> None:
        purchase_orders.cancel(order_id=order.pk, actor=actor(request), reason=data["reason"])

    @service_action(
        _("Issue again elsewhere"),
        permission="catalog.send_purchase",
        form=OptionalReason,
        when=lambda order: order.status in reissues.REISSUED,
        confirm=_(
            "What is still open goes to who stands by, else to the cheapest other supplier; this order ends."
        ),
        icon="swap_horiz",
    )
    def issue_again(self, request: HttpRequest, order: PurchaseOrder, data: dict[str, Any]) -> str:
        made = reissues.reissue(order_id=order.pk, actor=actor(request), reason=data["reason"])
        written = ", ".join(f"{one.supplier.name} {one.number}" for one in made)
        return _now("Written: {orders}.").format(orders=written)

    @action(description=_("Supplier's link"), icon="link", url_path="to-link", permissions=["link"])
    def link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._to("link", object_id)

    @action(description=_("Receive goods"), icon="inventory", url_path="to-receive", permissions=["take_in"])
    def take_in(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._to("receive", object_id)

    @action(description=_("Rewrite"), icon="edit", url_path="to-write", permissions=["rewrite"])
    def rewrite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._to("rewrite", object_id)

    @action(description=_("Print"), icon="print", url_path="to-print", permissions=["print_it"])
    def print_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._to("print", object_id)

    def has_link_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("catalog.send_purchase") and self._is(request, object_id, is_open)

    def has_take_in_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("catalog.receive_purchase") and self._is(request, object_id, is_open)

    def has_rewrite_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_write_permission(request) and self._is(
            request, object_id, lambda order: order.status == _P.DRAFT
        )

    def has_print_it_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("catalog.see_cost")

    def _is(self, request: HttpRequest, object_id: Any, fits: Any) -> bool:
        order = self.get_object(request, str(object_id)) if object_id else None
        return order is not None and fits(order)

    def _to(self, page: str, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:catalog_purchaseorder_{page}", args=[object_id]))

    @display(description=_("number"), ordering="pk")
    def show_number(self, order: PurchaseOrder) -> str:
        return order.number

    @display(description=_("status"), ordering="status", label=COLOURS)
    def show_status(self, order: PurchaseOrder) -> tuple[str, str]:
        return order.status, order.get_status_display()

    @display(description=_("amount"), ordering="amount")
    def show_amount(self, order: PurchaseOrder) -> str:
        return money.show(order.amount + order.freight_amount)

    @display(description=_("arrived"))
    def show_progress(self, order: PurchaseOrder) -> str:
        return f"{order.arrived}\u00a0/\u00a0{order.ordered}"  # type: ignore[attr-defined]

    @display(description=_("expected"), label={"late": "danger", "": None})
    def show_due(self, order: PurchaseOrder) -> tuple[str, str]:
        due = selector.due(order)
        if due is None or order.status not in (*OPEN, _P.DRAFT, _P.WAITING, _P.APPROVED):
            return "", "—"
        return ("late" if selector.is_late(order) else ""), f"{due:%m-%d}"
