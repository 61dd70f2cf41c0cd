"""Full reduction 满减: from so many yuan on, so much off."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketing import terms
from marketing.models.base import Offer, Scoped
from shop.core.fields import MoneyField


class FullReduction(Offer, Scoped):
    """The highest step reached counts once, or every multiple of it when cumulative."""

    kind = terms.OfferKind.REDUCTION

    is_cumulative = models.BooleanField(
        _("for every multiple"),
        default=False,
        help_text=_("On: 10 off every 100, so 20 off 200. Off: the highest step reached, once."),
    )

    class Meta(Offer.Meta):
        verbose_name = _("full reduction")
        verbose_name_plural = _("full reductions")


class FullReductionStep(models.Model):
    """From `threshold` yuan on, `off` yuan less."""

    reduction = models.ForeignKey(FullReduction, models.CASCADE, related_name="steps")
    threshold = MoneyField(_("from yuan"))
    off = MoneyField(_("yuan off"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["threshold"]
        constraints = [
            models.UniqueConstraint(fields=["reduction", "threshold"], name="reduction_step_once"),
            models.CheckConstraint(
                name="reduction_step_sane",
                condition=models.Q(threshold__gt=0, off__gt=0, off__lte=models.F("threshold")),
                violation_error_message=_(
                    "Threshold and reduction are more than 0, and a reduction never exceeds its threshold."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threshold}: -{self.off}"
