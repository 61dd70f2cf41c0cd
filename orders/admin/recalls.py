"""Recalls: who got the goods, who was told, whose money is back."""

import csv
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from catalog.models import Recall
from catalog.services import recalls as stopping
from orders.admin.money_words import amount, links, table
from orders.models import RecallCase
from orders.selectors import recalls as selector
from orders.services import recalls
from shop.core import clock, money
from shop.core.admin import NamedActors, ReadOnlyAdmin, actor, coloured, service_action

SHOWN = 200


class CloseForm(forms.Form):
    outcome = forms.CharField(label=_("Outcome"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@admin.register(Recall)
class RecallAdmin(NamedActors, ReadOnlyAdmin):
    list_display = (
        *("created_at", "title", "show_state", "reason"),
        *("frozen_count", "handed_out_count", "who"),
    )
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("title", "=batches__code")
    ordering = ("-id",)
    actions_detail = ("refund_all", "find_again", "close_recall")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "say_state"),
                    ("reason", "advice"),
                    ("show_batches", "created_at"),
                    ("frozen_count", "handed_out_count"),
                    ("show_report",),
                    ("closed_at", "outcome"),
                )
            },
        ),
        (_("Orders with these goods"), {"fields": ("show_cases",)}),
    )
    readonly_fields = ("say_state", "show_batches", "show_report", "show_cases")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recall]:
        return super().get_queryset(request).prefetch_related("batches__sku__product")

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view
        report = path("<int:recall_id>/report.csv", door(self.report), name="catalog_recall_report")
        return [report, *super().get_urls()]

    @service_action(
        _("Give all the money back"),
        permission="orders.refund_order",
        confirm=_(
            "The recalled pieces of every order below are refunded, one order after the other. "
            "What was refunded before isn't refunded again."
        ),
        when=lambda recall: selector.open_cases(recall.pk).exists(),
        icon="currency_exchange",
    )
    def refund_all(self, request: HttpRequest, recall: Recall, data: dict[str, Any]) -> SafeString:
        job = recalls.ask_refund(recall_id=recall.pk, actor=actor(request))
        return format_html(
            '{} <a class="underline" href="{}">{}</a>',
            _now("The refunds are on their way."),
            reverse("admin:core_job_progress", args=[job.pk]),
            _now("Watch the progress"),
        )

    @service_action(
        _("Look for buyers again"),
        permission="catalog.recall_batch",
        confirm=_("Orders that were handed out meanwhile are found and their buyers told."),
        when=lambda recall: recall.closed_at is None,
        icon="person_search",
    )
    def find_again(self, request: HttpRequest, recall: Recall, data: dict[str, Any]) -> str:
        return _now("New orders: {count}").format(count=recalls.open_cases(recall_id=recall.pk))

    @service_action(
        _("Close the recall"),
        permission="catalog.recall_batch",
        form=CloseForm,
        when=lambda recall: recall.closed_at is None,
        icon="task_alt",
    )
    def close_recall(self, request: HttpRequest, recall: Recall, data: dict[str, Any]) -> None:
        stopping.close(recall_id=recall.pk, outcome=data["outcome"], actor=actor(request))

    @display(description=_("state"), ordering="closed_at")
    def show_state(self, recall: Recall) -> SafeString:
        if recall.closed_at:
            return coloured(_now("Closed"), "success")
        return coloured(_now("Running"), "danger")

    @display(description=_("state"))
    def say_state(self, recall: Recall) -> SafeString:
        return self.show_state(recall)

    @display(description=_("batches"))
    def show_batches(self, recall: Recall) -> SafeString:
        return links(recall.batches.all())

    @display(description=_("report"))
    def show_report(self, recall: Recall) -> SafeString:
        found = selector.report(recall)
        words = _now(
            "{orders} orders of {members} members with {pieces} pieces; {refunded} refunded ({amount}), "
            "{open} open, {trouble} of them need a look."
        ).format(
            orders=found.orders,
            members=found.members,
            pieces=found.pieces,
            refunded=found.refunded_orders,
            amount=money.show(found.amount),
            open=found.open_orders,
            trouble=found.in_trouble,
        )
        return format_html(
            '{} <a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            words,
            reverse("admin:catalog_recall_report", args=[recall.pk]),
            _now("Download CSV"),
        )

    @display(description="")
    def show_cases(self, recall: Recall) -> SafeString:
        rows = selector.cases(recall)[:SHOWN]
        return table(
            (
                _("order"),
                _("member"),
                _("pieces"),
                _("told"),
                _("refund"),
                _("amount"),
                _("why not refunded"),
            ),
            [
                (
                    links([case.order]),
                    str(case.order.member),
                    case.pieces,
                    case.created_at.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M"),
                    links([case.refund]) if case.refund else "—",
                    amount(case.refund.amount) if case.refund else "—",
                    case.trouble,
                )
                for case in rows
            ],
        )

    def report(self, request: HttpRequest, recall_id: int) -> HttpResponse:
        """The whole list as a file."""
        if not request.user.has_perms(("catalog.view_recall", "orders.view_order")):
            raise PermissionDenied
        recall = Recall.objects.filter(pk=recall_id).first()
        if recall is None:
            raise Http404
        self.audit(request, "export_recall", recall)
        answer = HttpResponse(
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="recall-{recall.pk}.csv"'},
        )
        answer.write("\ufeff")
        sheet = csv.writer(answer)
        heads = ("order", "member", "pieces", "told", "refund", "amount", "why not refunded")
        sheet.writerow([_now(head) for head in heads])
        for case in selector.cases(recall).iterator(chunk_size=1000):
            sheet.writerow(_cells(case))
        return answer


def _cells(case: RecallCase) -> list[Any]:
    refund = case.refund
    return [
        case.order.number,
        case.order.member_id,
        case.pieces,
        case.created_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        refund.number if refund else "",
        refund.amount if refund else "",
        case.trouble,
    ]
