"""A listing on its way to the shelf: checked, submitted, reviewed."""

from typing import Any

from django.conf import settings
from django.utils import translation

from catalog.errors.listing import AlreadyReviewed, ListingRefused, OwnListing, ReviewNeeded
from catalog.events.listing import ListingApproved, ListingRejected, ListingSubmitted
from catalog.models import ListingCheck, ListingReview, Product
from catalog.policies.listing import FOUR_EYES, PAPER_NOTICE_DAYS
from catalog.selectors import listings as reading
from catalog.services.listing import gathering, scoring
from catalog.services.listing.scoring import Verdict
from catalog.states.product import PRODUCT, SUBMITTABLE
from catalog.terms import ProductStatus
from catalog.terms.listing import ReviewOutcome
from catalog.wording import listing as wording
from shop.core import audit, clock, decisions, refs
from shop.core.errors import Invalid
from shop.core.events import publish
from shop.core.transactions import unit

REASON_LENGTH = 200


@unit
def check(*, product: Product) -> Verdict:
    """Judge a product as it is stored now, and keep the verdict."""
    verdict = scoring.judge(gathering.facts(product))
    ListingCheck.objects.update_or_create(
        product=product,
        defaults={
            "score": verdict.score,
            "blocking_count": len(verdict.blocking),
            "findings": [one.stored() for one in verdict.findings],
            "next_on": reading.next_look(product, notice_days=PAPER_NOTICE_DAYS.get()),
            "checked_at": clock.now(),
        },
    )
    return verdict


@unit
def submit(*, product: Product, actor: str, note: str = "") -> ListingReview:
    """Hand a listing in. The check comes first: what it blocks comes back at once, sent back by the machine;
    else it waits for a person. Why is kept as a decision. Raises IllegalMove."""
    return _submit(product, check(product=product), actor, note)


def _submit(product: Product, verdict: Verdict, actor: str, note: str) -> ListingReview:
    PRODUCT.move(product, ProductStatus.SUBMITTED, actor=actor, reason=note)
    review = _open(product, verdict, actor, note)
    with translation.override(settings.LANGUAGE_CODE):
        words = blocking_words(verdict)
    decisions.record(
        noun="listing",
        reference=f"product:{product.pk}",
        inputs={"score": verdict.score, "findings": [one.code for one in verdict.findings]},
        rules=[one.stored() for one in verdict.blocking],
        outcome={"passed": not verdict.blocking},
    )
    audit.record(actor=actor, verb="submit_listing", target=f"product:{product.pk}", reason=note)
    if verdict.blocking:
        _close(review, ReviewOutcome.REJECTED, actor="system", reason=words, is_by_machine=True)
        PRODUCT.move(product, ProductStatus.REJECTED, actor="system", reason=words)
        publish(ListingRejected(product_id=product.pk, review_id=review.pk))
    else:
        PRODUCT.move(product, ProductStatus.CHECKED, actor="system", reason=str(verdict.score))
        publish(ListingSubmitted(product_id=product.pk, review_id=review.pk))
    return review


@unit
def approve(*, review: ListingReview, actor: str, reason: str = "") -> Product:
    """Let a listing pass; putting it on the shelf is products' business. The check runs again, because papers
    expire. Raises ListingRefused, AlreadyReviewed, OwnListing."""
    product = Product.objects.get(pk=review.product_id)
    if FOUR_EYES.get() and review.submitted_by == actor:
        raise OwnListing()
    _refuse(check(product=product))
    _approve(product, review, actor, reason)
    return product


def _approve(product: Product, review: ListingReview, actor: str, reason: str) -> None:
    _close(review, ReviewOutcome.APPROVED, actor=actor, reason=reason)
    PRODUCT.move(product, ProductStatus.APPROVED, actor=actor, reason=reason)
    audit.record(actor=actor, verb="approve_listing", target=f"product:{product.pk}", reason=reason)
    publish(ListingApproved(product_id=product.pk, review_id=review.pk))


@unit
def reject(*, review: ListingReview, actor: str, reason: str) -> None:
    """Send a listing back with what to mend. Raises Invalid without a reason, AlreadyReviewed."""
    if not reason.strip():
        raise Invalid(field="reason")
    product = Product.objects.get(pk=review.product_id)
    _close(review, ReviewOutcome.REJECTED, actor=actor, reason=reason.strip())
    PRODUCT.move(product, ProductStatus.REJECTED, actor=actor, reason=reason.strip())
    audit.record(actor=actor, verb="reject_listing", target=f"product:{product.pk}", reason=reason)
    publish(ListingRejected(product_id=product.pk, review_id=review.pk))


@unit
def withdraw(*, product: Product, actor: str) -> None:
    """Take a listing back that waits for review. Raises IllegalMove, AlreadyReviewed."""
    PRODUCT.move(product, ProductStatus.DRAFT, actor=actor)
    review = reading.open_review(product.pk)
    if review is None:
        raise AlreadyReviewed()
    _close(review, ReviewOutcome.WITHDRAWN, actor=actor, reason="")
    audit.record(actor=actor, verb="withdraw_listing", target=f"product:{product.pk}")


@unit
def clear_for_shelf(*, product: Product, actor: str, reason: str = "") -> None:
    """The gate: whoever may put goods on the shelf submits and approves in one step, on record. Raises
    ListingRefused with what blocks, ReviewNeeded where two people look at every new listing."""
    verdict = check(product=product)
    _refuse(verdict)
    if product.status in SUBMITTABLE:
        if FOUR_EYES.get():
            raise ReviewNeeded()
        _approve(product, _submit(product, verdict, actor, reason), actor, reason)
    elif product.status == ProductStatus.CHECKED:
        review = reading.open_review(product.pk)
        if review is None:
            raise AlreadyReviewed()
        if FOUR_EYES.get() and actor == refs.SYSTEM:
            raise ReviewNeeded()
        if FOUR_EYES.get() and review.submitted_by == actor:
            raise OwnListing()
        _approve(product, review, actor, reason)


@unit
def note_edit(*, product: Product, actor: str) -> None:
    """A listing that changed after its approval needs another one."""
    if product.status == ProductStatus.APPROVED:
        PRODUCT.move(product, ProductStatus.DRAFT, actor=actor, reason="changed after approval")


def recheck_due(*, limit: int = 500) -> int:
    """Look again at goods on the shelf whose papers reached a date; returns how many. Beat calls it."""
    due = reading.due(clock.business_day(clock.page_now()))[:limit]
    for product in due:
        check(product=product)
    return len(due)


def blocking_words(verdict: Verdict) -> str:
    """What blocks, in words."""
    return " ".join(wording.sentence(one.code, one.parameters) for one in verdict.blocking)


def _refuse(verdict: Verdict) -> None:
    if verdict.blocking:
        items: list[dict[str, Any]] = [one.stored() for one in verdict.blocking]
        raise ListingRefused(findings=blocking_words(verdict), score=verdict.score, items=items)


def _open(product: Product, verdict: Verdict, actor: str, note: str) -> ListingReview:
    return ListingReview.objects.create(
        product=product,
        submitted_by=actor,
        submitted_at=clock.now(),
        note=note[:REASON_LENGTH],
        score=verdict.score,
        findings=[one.stored() for one in verdict.findings],
    )


def _close(
    review: ListingReview, outcome: ReviewOutcome, *, actor: str, reason: str, is_by_machine: bool = False
) -> None:
    changed = ListingReview.objects.filter(pk=review.pk, outcome="").update(
        outcome=outcome,
        is_by_machine=is_by_machine,
        reason=reason[:REASON_LENGTH],
        decided_by=actor,
        decided_at=clock.now(),
    )
    if not changed:
        raise AlreadyReviewed()
    review.refresh_from_db()
