"""Pages of suppliers that are no form of one row: standing, papers, key goods, files in and out."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.admin.supplier_exchange import ExchangePages
from catalog.models import Supplier, SupplierDocument
from catalog.selectors import sourcing, supplier_accounts, supplier_scores, supply
from catalog.services import suppliers
from shop.core import charts, clock, crypto, uploads
from shop.core.admin import actor
from shop.core.errors import Refusal

LINK_SECONDS = 300
SHOWN = 200


def standing(supplier: Supplier) -> dict[str, Any]:
    """What stands below a supplier's form: score, goods, account, rebate, papers."""
    today = clock.business_day(clock.page_now())
    goods = list(
        supply.with_price(supplier.goods.filter(is_active=True)).select_related("sku__product", "agreement")[
            :SHOWN
        ]
    )
    months = supplier_scores.months(supplier.pk)
    account = supplier_accounts.account(supplier.pk)
    return {
        "supplier": supplier,
        "score": supplier_scores.scores([supplier.pk])[supplier.pk],
        "goods": [
            (one, supply.piece_price(one.price, one.pack_size) if one.price else None) for one in goods
        ],
        "account": account,
        "entries": account.entries[-30:][::-1],
        "rebate": supplier_accounts.rebate(supplier, today),
        "documents": [
            (one, one.expires_on is not None and one.expires_on < today) for one in supplier.documents.all()
        ],
        "chart": charts.bars(
            _("On time and without defects, by month"),
            [f"{one.first_on:%Y-%m}" for one in months],
            [
                charts.Series(
                    _("on time (%)"),
                    [None if one.on_time is None else round(one.on_time * 100) for one in months],
                ),
                charts.Series(
                    _("defects (%)"),
                    [None if one.defect_rate is None else round(one.defect_rate * 100, 1) for one in months],
                    is_faint=True,
                ),
            ],
            definition=_(
                "On time: everything was there by the promised day, else the wanted day, else the usual days."
            ),
            head=_("month"),
        ),
    }


class SupplierPages:
    """sourcing/, <id>/papers/, papers/<id>/…, and the exchange of files."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("sourcing/", door(self.sourcing), name="catalog_supplier_sourcing"),
            path("<int:supplier_id>/papers/", door(self.add_paper), name="catalog_supplier_paper_add"),
            path("papers/<int:paper_id>/", door(self.open_paper), name="catalog_supplier_paper"),
            path(
                "papers/<int:paper_id>/remove/",
                door(self.remove_paper),
                name="catalog_supplier_paper_remove",
            ),
            *ExchangePages(self.admin).urls(),
        ]

    def sourcing(self, request: HttpRequest) -> HttpResponse:
        """Key goods and who delivers them; POST marks goods by hand."""
        _demand(request, "catalog.view_supplier", "catalog.see_cost")
        if request.method == "POST":
            _demand(request, "catalog.change_supplier")
            codes = request.POST.get("codes", "").split()
            found = suppliers.mark_codes(
                codes=codes, is_key=request.POST.get("do") != "unmark", actor=actor(request)
            )
            said = ngettext("%(count)d SKU marked.", "%(count)d SKUs marked.", found) % {"count": found}
            messages.success(request, said)
            return HttpResponseRedirect(reverse("admin:catalog_supplier_sourcing"))
        goods = sourcing.key_goods()
        context = {
            "title": _("Key goods"),
            "goods": goods,
            "single": sum(one.is_single for one in goods),
            "may_mark": request.user.has_perm("catalog.change_supplier"),
            "may_add": request.user.has_perm("catalog.add_suppliersku"),
            "opts": self.admin.model._meta,
        }
        context = self.admin.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/catalog/sourcing.html", context)

    def add_paper(self, request: HttpRequest, supplier_id: int) -> HttpResponse:
        _demand(request, "catalog.change_supplier")
        supplier = Supplier.objects.filter(pk=supplier_id).first()
        if supplier is None or request.method != "POST":
            raise Http404
        file, day = request.FILES.get("file"), None
        with suppress(ValueError):
            day = parse_date(request.POST.get("expires_on", ""))
        name = request.POST.get("name", "").strip()
        if file is None or not name:
            messages.error(request, _("Choose a file and give it a name."))
        else:
            try:
                suppliers.add_document(
                    supplier=supplier,
                    name=name,
                    content=file.read(suppliers.DOCUMENT_BYTES + 1),
                    expires_on=day,
                    actor=actor(request),
                )
            except Refusal as refusal:
                messages.error(request, refusal.message_text)
        return self._to(supplier_id)

    def open_paper(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        """To the file, by an address that works for five minutes."""
        _demand(request, "catalog.view_supplier", "catalog.see_cost")
        paper = _paper(paper_id)
        return HttpResponseRedirect(crypto.sign_path(uploads.url(paper.path), LINK_SECONDS))

    def remove_paper(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        _demand(request, "catalog.change_supplier")
        if request.method != "POST":
            raise Http404
        paper = _paper(paper_id)
        suppliers.remove_document(document=paper, actor=actor(request))
        return self._to(paper.supplier_id)

    def _to(self, supplier_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_supplier_change", args=[supplier_id]))


def _paper(paper_id: int) -> SupplierDocument:
    paper = SupplierDocument.objects.filter(pk=paper_id).first()
    if paper is None:
        raise Http404
    return paper


def _demand(request: HttpRequest, *permissions: str) -> None:
    if not request.user.has_perms(permissions):
        raise PermissionDenied
