"""The live score above a product's form, its papers, and the parameters of the category one chooses."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalog.admin import listing_words, parameter_field
from catalog.models import Product, ProductPaper
from catalog.selectors import listings as reading
from catalog.services import listings, papers
from catalog.services.listing import gathering, scoring
from catalog.services.listing.gathering import Said
from catalog.terms import ProductStatus
from catalog.terms.listing import PaperKind
from shop.core import clock, crypto, uploads
from shop.core.admin import actor
from shop.core.errors import Refusal

LINK_SECONDS = 300


class ListingPanel:
    """Addresses below the products; `check` and `parameters` only read."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("listing-check/", door(self.check), name="catalog_product_check"),
            path("<int:product_id>/listing-check/", door(self.check), name="catalog_product_check"),
            path("listing-parameters/", door(self.parameters), name="catalog_product_parameters"),
            path("<int:product_id>/submit/", door(self.submit), name="catalog_product_submit"),
            path("<int:product_id>/withdraw/", door(self.withdraw), name="catalog_product_withdraw"),
            path("<int:product_id>/papers/", door(self.add_paper), name="catalog_product_paper"),
            path("papers/<int:paper_id>/", door(self.open_paper), name="catalog_product_paper_open"),
            path(
                "papers/<int:paper_id>/remove/", door(self.remove_paper), name="catalog_product_paper_remove"
            ),
        ]

    def check(self, request: HttpRequest, product_id: int | None = None) -> HttpResponse:
        """POST with the form as it stands: the verdict as a fragment. Nothing is written."""
        product = self._product(request, product_id) if product_id else None
        if product is None and not self.admin.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        verdict = scoring.judge(gathering.facts(product, _said(request)))
        context = {"verdict": listing_words.shown(verdict.score, verdict.findings, product_id)}
        return TemplateResponse(request, "admin/catalog/listing_verdict.html", context)

    def parameters(self, request: HttpRequest) -> HttpResponse:
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        found = parameter_field.of_category(request.GET.get("category"))
        return HttpResponse(parameter_field.drawn(found, parameter_field.said(request.GET)))

    def submit(self, request: HttpRequest, product_id: int) -> HttpResponse:
        return self._do(request, product_id, self._submit)

    def withdraw(self, request: HttpRequest, product_id: int) -> HttpResponse:
        return self._do(request, product_id, self._withdraw)

    def add_paper(self, request: HttpRequest, product_id: int) -> HttpResponse:
        return self._do(request, product_id, self._add_paper, anchor="#papers")

    def open_paper(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        """To the file, by an address that works for five minutes."""
        if not request.user.has_perm("catalog.change_product"):
            raise PermissionDenied
        paper = ProductPaper.objects.filter(pk=paper_id).first()
        if paper is None:
            raise Http404
        return HttpResponseRedirect(crypto.sign_path(uploads.url(paper.path), LINK_SECONDS))

    def remove_paper(self, request: HttpRequest, paper_id: int) -> HttpResponse:
        paper = ProductPaper.objects.filter(pk=paper_id).first()
        back = request.POST.get("product", "")
        if paper is None or request.method != "POST" or not back.isdecimal():
            raise Http404
        product = self._product(request, int(back))
        if not self.admin.has_change_permission(request, product):
            raise PermissionDenied
        if paper.product_id != product.pk and (paper.brand_id is None or paper.brand_id != product.brand_id):
            raise Http404
        papers.remove(paper=paper, actor=actor(request))
        messages.success(request, _("The paper is removed."))
        return HttpResponseRedirect(_page(product.pk) + "#papers")

    def _do(self, request: HttpRequest, product_id: int, work: Any, anchor: str = "") -> HttpResponse:
        if request.method != "POST":
            raise Http404
        product = self._product(request, product_id)
        try:
            work(request, product)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        return HttpResponseRedirect(_page(product_id) + anchor)

    def _submit(self, request: HttpRequest, product: Product) -> None:
        if not request.user.has_perm("catalog.submit_product"):
            raise PermissionDenied
        review = listings.submit(
            product=product, actor=actor(request), note=request.POST.get("note", "").strip()
        )
        if review.outcome:
            messages.error(request, _("The check sent it back: {reason}").format(reason=review.reason))
        else:
            messages.success(request, _("It is submitted; somebody looks at it."))

    def _withdraw(self, request: HttpRequest, product: Product) -> None:
        if not request.user.has_perm("catalog.submit_product"):
            raise PermissionDenied
        listings.withdraw(product=product, actor=actor(request))
        messages.success(request, _("It is a draft again."))

    def _add_paper(self, request: HttpRequest, product: Product) -> None:
        if not self.admin.has_change_permission(request, product):
            raise PermissionDenied
        file, day = request.FILES.get("file"), None
        with suppress(ValueError):
            day = parse_date(request.POST.get("expires_on", ""))
        papers.add(
            product=product,
            kind=request.POST.get("kind", ""),
            content=file.read(papers.MAX_BYTES + 1) if file else b"",
            number=request.POST.get("number", ""),
            expires_on=day,
            for_brand=bool(request.POST.get("for_brand")),
            actor=actor(request),
        )
        messages.success(request, _("The paper is kept."))

    def _product(self, request: HttpRequest, product_id: int) -> Product:
        product: Product | None = self.admin.get_object(request, str(product_id))
        if product is None:
            raise Http404
        if not self.admin.has_view_permission(request, product):
            raise PermissionDenied
        return product


def panel(request: HttpRequest, product: Product | None) -> dict[str, Any]:
    """What the template shows: the verdict on what is stored, where it stands in the review, its papers."""
    verdict = scoring.judge(gathering.facts(product))
    address = reverse("admin:catalog_product_check", args=[product.pk] if product else [])
    found = {
        "verdict": listing_words.shown(verdict.score, verdict.findings, product.pk if product else None),
        "address": address,
        "parameters": reverse("admin:catalog_product_parameters"),
    }
    if product is None:
        return found
    may = request.user.has_perm("catalog.submit_product")
    shelves = request.user.has_perm("catalog.shelve_product")
    review = reading.last_review(product.pk)
    was_sent_back = product.status == ProductStatus.REJECTED
    return found | {
        "may_submit": may and not shelves and product.status in (ProductStatus.DRAFT, ProductStatus.REJECTED),
        "may_withdraw": may and product.status == ProductStatus.CHECKED,
        "sent_back": review.reason if was_sent_back and review and not review.is_by_machine else "",
        "papers": [(one, _validity(one)) for one in reading.papers(product)],
        "kinds": PaperKind.choices,
    }


def _validity(paper: ProductPaper) -> str:
    """expired, soon or nothing."""
    if paper.expires_on is None:
        return ""
    rest = (paper.expires_on - clock.business_day(clock.page_now())).days
    return "expired" if rest < 0 else "soon" if rest <= 30 else ""


def _said(request: HttpRequest) -> Said:
    data = request.POST

    def number(name: str) -> int | None:
        return int(data[name]) if data.get(name, "").isdecimal() else None

    return Said(
        title=data.get("title", "")[:200],
        subtitle=data.get("subtitle", "")[:200],
        description=data.get("description", "")[:100_000],
        category_id=number("category"),
        brand_id=number("brand"),
        parameters=parameter_field.said(data),
    )


def _page(product_id: int) -> str:
    return reverse("admin:catalog_product_change", args=[product_id])
