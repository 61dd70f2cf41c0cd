from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class Decision(models.Model):
    """Why the software chose: inputs, rules that fired, outcome, and who overrode it."""

    noun = models.CharField(_("about"), max_length=40)
    reference = models.CharField(_("reference"), max_length=120)
    inputs = models.JSONField(_("inputs"))
    rules = models.JSONField(_("rules that fired"))
    outcome = models.JSONField(_("outcome"))
    override = models.JSONField(_("override"), null=True, blank=True)
    overridden_by = models.CharField(_("overridden by"), max_length=60, blank=True)
    overridden_at = models.DateTimeField(_("overridden at"), null=True, blank=True)
    created_at = models.DateTimeField(_("time"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["reference", "noun"], name="decision_reference")]

    def __str__(self) -> str:
        return f"{self.noun} {self.reference}"
