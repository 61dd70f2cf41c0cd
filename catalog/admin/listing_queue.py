"""The reviewer's queue: pictures, score, findings, age, and two buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.admin import listing_words
from catalog.admin.base import price_range
from catalog.models import ListingCheck, ListingReview, Product
from catalog.selectors import listings as reading
from catalog.services import listing_desk, listings
from shop.core import text, uploads
from shop.core.admin import actor, names
from shop.core.errors import Refusal

PERMISSION = "catalog.shelve_product"
SHOWN = 20
PICTURES = 8
CHIPS = 3
ABOUT = 160
USUAL = (
    gettext_lazy("The pictures don't show the goods well."),
    gettext_lazy("The price looks wrong."),
    gettext_lazy("The title doesn't say what it is."),
)


@dataclass(frozen=True)
class Card:
    """One listing that waits. `reasons` are ready words to send it back with."""

    review: ListingReview
    product: Product
    verdict: listing_words.Shown
    pictures: Sequence[str]
    page: str
    price: str
    about: str
    who: str
    since: datetime
    reasons: Sequence[str]


class QueuePage:
    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        door = self.admin.admin_site.admin_view
        return [
            path("queue/", door(self.view), name="catalog_listingreview_queue"),
            path("<int:review_id>/decide/", door(self.decide), name="catalog_listingreview_decide"),
        ]

    def view(self, request: HttpRequest) -> HttpResponse:
        _demand(request)
        waiting = reading.open_reviews()
        reviews = list(
            waiting.select_related("product__category", "product__brand", "product__listing_check")
            .prefetch_related("product__images")
            .all()[:SHOWN]
        )
        people = names([one.submitted_by for one in reviews])
        failing = list(reading.failing().order_by("-blocking_count", "product")[:SHOWN])
        context = {
            **self.admin.admin_site.each_context(request),
            "title": _("Listing review"),
            "opts": self.admin.model._meta,
            "cards": [_card(one, people) for one in reviews],
            "total": waiting.count(),
            "failing": [_failing(one) for one in failing],
        }
        return TemplateResponse(request, "admin/catalog/listing_queue.html", context)

    def decide(self, request: HttpRequest, review_id: int) -> HttpResponse:
        """POST: approve (and put on the shelf) or send back with a reason."""
        _demand(request)
        review = ListingReview.objects.select_related("product").filter(pk=review_id).first()
        if review is None or request.method != "POST":
            raise Http404
        reason = request.POST.get("chip") or request.POST.get("reason", "")
        try:
            if request.POST.get("decision") == "approve":
                product = listing_desk.pass_on(review=review, actor=actor(request), reason=reason)
                words = _("“{title}” is on the shelf.").format(title=product.title)
            elif not reason.strip():
                messages.error(request, _("Say what to mend."))
                return HttpResponseRedirect(_queue())
            else:
                listings.reject(review=review, actor=actor(request), reason=reason)
                words = _("“{title}” is sent back.").format(title=review.product.title)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
        else:
            messages.success(request, words)
        return HttpResponseRedirect(_queue())


def _card(review: ListingReview, people: dict[str, str]) -> Card:
    product = review.product
    page = reverse("admin:catalog_product_change", args=[product.pk])
    check: ListingCheck | None = getattr(product, "listing_check", None)
    verdict = listing_words.shown(
        check.score if check else review.score,
        check.findings if check else review.findings,
        product.pk,
        page=page,
    )
    pictures = [uploads.derivative_url(one.path, 480) for one in product.images.all()[:PICTURES]]
    about = text.plain(product.description)
    return Card(
        review=review,
        product=product,
        verdict=verdict,
        pictures=pictures,
        page=page,
        price=price_range(product.lowest_price, product.highest_price),
        about=about[:ABOUT] + ("…" if len(about) > ABOUT else ""),
        who=people.get(review.submitted_by, "—"),
        since=review.submitted_at,
        reasons=[*(item.words for item in verdict.items[:CHIPS]), *(str(words) for words in USUAL)],
    )


def _failing(check: ListingCheck) -> dict[str, Any]:
    page = reverse("admin:catalog_product_change", args=[check.product_id])
    verdict = listing_words.shown(check.score, check.findings, check.product_id, page=page)
    return {"product": check.product, "page": page, "verdict": verdict}


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _queue() -> str:
    return reverse("admin:catalog_listingreview_queue")
