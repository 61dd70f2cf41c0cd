"""How complete and lawful a listing is, and who let it pass."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.listing import ReviewOutcome


class ListingCheck(models.Model):
    """The latest automatic check of a product: 0–100 points and what was found."""

    product = models.OneToOneField("catalog.Product", models.CASCADE, related_name="listing_check")
    score = models.PositiveSmallIntegerField(_("score"))
    blocking_count = models.PositiveSmallIntegerField(_("blocks"), default=0)
    findings = models.JSONField(_("findings"), default=list)
    next_on = models.DateField(_("looked at again"), null=True)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check of a listing")
        verbose_name_plural = _("checks of listings")
        ordering = ["product"]
        constraints = [models.CheckConstraint(name="listing_score", condition=Q(score__lte=100))]
        indexes = [
            models.Index(fields=["next_on"], name="listing_check_due"),
            models.Index(fields=["product"], name="listing_blocked", condition=Q(blocking_count__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.score)


class ListingReview(models.Model):
    """A listing that was submitted: what the check found then, and what became of it."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="reviews", verbose_name=_("product")
    )
    submitted_by = models.CharField(_("submitted by"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    score = models.PositiveSmallIntegerField(_("score"))
    findings = models.JSONField(_("findings"), default=list)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ReviewOutcome.choices, blank=True)
    is_by_machine = models.BooleanField(_("by the check"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=64, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("review of a listing")
        verbose_name_plural = _("reviews of listings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["product"], name="review_one_open", condition=Q(outcome="")),
            models.CheckConstraint(
                name="review_decided",
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["outcome", "submitted_at"], name="review_queue")]

    def __str__(self) -> str:
        return str(self.product)
