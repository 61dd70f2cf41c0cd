"""Orders: a list to find them, a page to understand them, buttons that call services."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.enums import ActionVariant

from catalog.models import Place
from orders.admin.filters import NoteFilter, TodoFilter
from orders.admin.forms import CancelForm, MoveForm, NoteForm, RefundForm, ShipForm
from orders.models import Order
from orders.selectors import actors, finding, parcels
from orders.selectors import orders as pages
from orders.selectors.states import shopper_state
from orders.selectors.todo import scoped
from orders.services import closing, notes, reallocation, shipments
from orders.terms import Flag, ShopperStateCode
from shop.core import clock, idempotency, money
from shop.core.admin import ReadOnlyAdmin, ReasonForm, actor, service_action
from shop.core.transactions import unit_of_work

COLOURS = {
    ShopperStateCode.TO_PAY: "warning",
    ShopperStateCode.IN_REVIEW: "warning",
    ShopperStateCode.TO_SHIP: "primary",
    ShopperStateCode.PART_SHIPPED: "primary",
    ShopperStateCode.TO_PICK_UP: "primary",
    ShopperStateCode.TO_RECEIVE: "info",
    ShopperStateCode.REFUNDING: "danger",
    ShopperStateCode.COMPLETED: "success",
    ShopperStateCode.CLOSED: "default",
}


def can(verb: str) -> Any:
    """Whether that step makes sense for an order now."""
    return lambda order: verb in pages.staff_actions(order)


def _note(words: str, *, is_staffs: bool = False) -> SafeString:
    """A note under the goods, with the sign of who wrote it."""
    if not words:
        return SafeString("")
    return format_html(
        '<span class="bo-lines{}" title="{}"><span class="material-symbols-outlined" aria-hidden="true">{}'
        "</span>{}</span>",
        " bo-lines-staff" if is_staffs else "",
        _("Staff note") if is_staffs else _("Buyer's note"),
        "edit_note" if is_staffs else "chat_bubble",
        Truncator(words).chars(40),
    )


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = (
        *("show_number", "show_state", "show_member", "show_goods", "show_due"),
        *("show_placed", "delivery_mode", "place"),
    )
    list_display_links = ("show_number",)
    list_filter = (
        TodoFilter,
        ("status", ChoicesDropdownFilter),
        ("shipping_status", ChoicesDropdownFilter),
        ("delivery_mode", ChoicesDropdownFilter),
        ("place", RelatedDropdownFilter),
        ("flag", ChoicesDropdownFilter),
        NoteFilter,
        ("created_at", RangeDateFilter),
        ("paid_at", RangeDateFilter),
    )
    list_select_related = ("place", "member__user")
    search_fields = ("number",)
    search_help_text = _("Order number or its beginning, phone or its last four digits, words of a note")
    list_before_template = "admin/orders/chips.html"
    actions = ("flag_red", "flag_amber", "flag_green", "flag_blue", "unflag")
    ordering = ("-pk",)
    actions_detail = ("ship", "move", "cancel", "refund", "note", "see_contact")
    change_form_before_template = "admin/orders/order.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Only orders of the places the person works for."""
        return scoped(super().get_queryset(request), request.user).prefetch_related("lines")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if not object_id.isascii() or not object_id.isdigit():
            return None
        rows = scoped(Order.objects.select_related("member__user", "place", "pickup__place"), request.user)
        return pages.with_parts(rows).filter(pk=int(object_id[:18])).first()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The page is one template; there is nothing to fill in."""
        return []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(finding.matches(term)) if term.strip() else queryset), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        page = pages.page_of(obj)
        names = actors.names(moment.actor for moment in page.timeline)
        context.update(
            page=page,
            state_colour=COLOURS[page.state.code],
            title=obj.number,
            planned=parcels.planned(obj, page.lines),
            why=parcels.why(obj),
            may_ship="ship" in pages.staff_actions(obj) and request.user.has_perm("orders.ship_order"),
            may_note=request.user.has_perm("orders.note_order"),
            timeline=[(moment, names.get(moment.actor, "")) for moment in reversed(page.timeline)],
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @service_action(
        _("Ship"),
        permission="orders.ship_order",
        form=ShipForm,
        confirm=_("The goods leave the stock and the shopper sees the parcel at once."),
        when=can("ship"),
        icon="local_shipping",
    )
    def ship(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        shipment = shipments.ship(
            order_id=order.pk,
            carrier=data["carrier"],
            tracking_no=data["tracking_no"],
            lines=data["lines"],
            pieces_of=data["pieces_of"],
            actor=actor(request),
        )
        return _now("Parcel %(parcel)s is on its way.") % {"parcel": shipment}

    ship.variant = ActionVariant.PRIMARY

    @service_action(
        _("Another place"),
        permission="orders.ship_order",
        form=MoveForm,
        confirm=_("Everything that has not left yet is held there from now on and leaves in one parcel."),
        when=can("move"),
        icon="swap_horiz",
    )
    def move(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        reallocation.move(
            order_id=order.pk, place_id=int(data["place"]), reason=data["reason"], actor=actor(request)
        )
        return _now("It is sent from %(place)s now.") % {"place": Place.objects.get(pk=data["place"])}

    @service_action(
        _("Cancel"),
        permission="orders.cancel_order",
        form=CancelForm,
        confirm=_("The order is closed and its goods are free again. A paid order is refunded first."),
        when=can("cancel"),
        icon="block",
        danger=True,
        outside=True,
    )
    def cancel(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        order = closing.cancel(order_id=order.pk, actor=actor(request), reason=data["reason"])
        return _now("Order %(number)s: %(state)s.") % {
            "number": order.number,
            "state": shopper_state(order).label,
        }

    cancel.variant = ActionVariant.DEFAULT

    @service_action(
        _("Refund"),
        permission="orders.refund_order",
        form=RefundForm,
        confirm=_("Pieces that have not left yet are taken out of the order together with the money."),
        when=can("refund"),
        icon="currency_yuan",
        danger=True,
    )
    def refund(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        """Pressed twice it is one refund: the form carries its key."""

        def once() -> str:
            refund = closing.give_back(
                order_id=order.pk,
                actor=actor(request),
                reason=data["reason"],
                amount=data["amount"],
                quantities=data["quantities"],
                pieces_of=data["pieces_of"],
            )
            return money.show(refund.amount)

        wish = [str(data["amount"]), data["quantities"], data["pieces_of"]]
        amount, _fresh = idempotency.run(
            scope=f"{actor(request)} refund {order.pk}",
            key=data["key"],
            fingerprint=idempotency.fingerprint(wish),
            action=once,
            dump=str,
            load=str,
        )
        return _now("Refund of %(amount)s is on its way.") % {"amount": amount}

    refund.variant = ActionVariant.DEFAULT

    @service_action(_("Note and flag"), permission="orders.note_order", form=NoteForm, icon="edit_note")
    def note(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        notes.write(order_id=order.pk, note=data["note"], flag=data["flag"])
        return _now("Noted.")

    @service_action(
        _("Show contact"),
        permission="orders.ship_order",
        form=ReasonForm,
        confirm=_("Every look at a name, phone number and address is recorded with its reason."),
        when=lambda order: bool(order.phone_tail),
        icon="contact_phone",
    )
    def see_contact(self, request: HttpRequest, order: Order, data: dict[str, Any]) -> str:
        return f"{order.recipient} {order.phone} {order.address_text}"

    @admin.action(description=_("Flag red"), permissions=["note"])
    def flag_red(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._flag(request, queryset, Flag.RED)

    @admin.action(description=_("Flag amber"), permissions=["note"])
    def flag_amber(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._flag(request, queryset, Flag.AMBER)

    @admin.action(description=_("Flag green"), permissions=["note"])
    def flag_green(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._flag(request, queryset, Flag.GREEN)

    @admin.action(description=_("Flag blue"), permissions=["note"])
    def flag_blue(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._flag(request, queryset, Flag.BLUE)

    @admin.action(description=_("Take the flag away"), permissions=["note"])
    def unflag(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        self._flag(request, queryset, Flag.NOTHING)

    def has_note_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.note_order"))

    def _flag(self, request: HttpRequest, queryset: QuerySet[Order], flag: Flag) -> None:
        """All or none, in the order of keys; orders of a foreign place aren't in the queryset."""
        chosen = list(queryset.order_by("pk")[:200])

        @unit_of_work
        def mark() -> None:
            for order in chosen:
                notes.write(order_id=order.pk, flag=flag)
                self.audit(request, "note", order, before={"flag": order.flag}, after={"flag": flag})

        mark()
        words = ngettext("{count} order marked.", "{count} orders marked.", len(chosen))
        messages.success(request, words.format(count=len(chosen)))

    @display(description=_("number"), ordering="pk")
    def show_number(self, order: Order) -> str:
        if not order.flag:
            return order.number
        return format_html(
            '<span class="bo-flag"><i class="bo-dot bo-dot-{}" role="img" aria-label="{}"></i>{}</span>',
            order.flag, order.get_flag_display(), order.number,
        )  # fmt: skip

    @display(
        description=_("state"), ordering="status", label={code.value: name for code, name in COLOURS.items()}
    )
    def show_state(self, order: Order) -> tuple[str, str]:
        state = shopper_state(order)
        return state.code.value, state.label

    @display(description=_("member"))
    def show_member(self, order: Order) -> str:
        return str(order.member.user)

    @display(description=_("goods"))
    def show_goods(self, order: Order) -> str:
        lines = list(order.lines.all())
        pieces = sum(line.quantity for line in lines)
        first = f"{lines[0].title} {lines[0].spec_text}".strip() if lines else ""
        goods = ngettext("%(first)s, %(pieces)d piece", "%(first)s, %(pieces)d pieces", pieces) % {
            "first": first,
            "pieces": pieces,
        }
        return format_html("{}{}{}", goods, _note(order.buyer_note), _note(order.staff_note, is_staffs=True))

    @display(description=_("due"), ordering="due")
    def show_due(self, order: Order) -> str:
        return format_html('<span class="tabular-nums">{}</span>', money.show(order.due))

    @display(description=_("placed"), ordering="created_at")
    def show_placed(self, order: Order) -> str:
        local = timezone.localtime(order.created_at)
        is_fresh = clock.page_now() - order.created_at < timedelta(days=1)
        words = (
            _now("%(age)s ago") % {"age": timesince(order.created_at, clock.page_now(), depth=1)}
            if is_fresh
            else f"{local:%Y-%m-%d %H:%M}"
        )
        exact = f"{local:%Y-%m-%d %H:%M:%S}"
        return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, words)
