from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class Level(models.Model):
    """A rank that growth earns. What it is worth is decided in marketing."""

    name = models.CharField(_("name"), max_length=20)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True, help_text=_("Higher is better."))
    growth_needed = models.PositiveIntegerField(_("growth needed"), unique=True)
    colour = models.CharField(
        _("colour"), max_length=7, default="#8A5A00", validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$")]
    )

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class GrowthEntry(models.Model):
    """Append-only: why a member grew. One posting a source."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="growth_entries")
    amount = models.IntegerField(_("change"))
    source = models.CharField(_("source"), max_length=100)
    created_at = models.DateTimeField(_("created"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("growth entry")
        verbose_name_plural = _("growth entries")
        constraints = [models.UniqueConstraint(fields=["member", "source"], name="growth_posted_once")]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.source}"
