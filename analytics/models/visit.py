from django.db import models
from django.utils.translation import gettext_lazy as _


class Visit(models.Model):
    """One browser on one business day. `visitor` is a random word that dies with the day, so two days of the
    same person can't be joined; no address, no device, no member is kept."""

    on_date = models.DateField(_("day"))
    visitor = models.CharField(max_length=32)
    first_at = models.DateTimeField(_("first page at"))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [models.UniqueConstraint(fields=["on_date", "visitor"], name="visit_once_a_day")]
        indexes = [models.Index(fields=["on_date", "first_at"], name="visit_by_hour")]

    def __str__(self) -> str:
        return f"{self.on_date} {self.first_at:%H:%M}"
