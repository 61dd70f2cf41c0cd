from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.terms import ConsentKind
from shop.core import clock


class ConsentText(models.Model):
    """One version of a text people agree to. A published version is never edited: a new one follows it."""

    kind = models.CharField(_("kind"), max_length=12, choices=ConsentKind.choices)
    version = models.PositiveIntegerField(_("version"), editable=False)
    title = models.CharField(_("title"), max_length=60)
    body = models.TextField(_("body"), help_text=_("Plain paragraphs; simple HTML is kept."))
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version"),
            models.CheckConstraint(name="consent_text_kind", condition=Q(kind__in=ConsentKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(models.Model):
    """Somebody agreed to one version, and perhaps withdrew it later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    granted_at = models.DateTimeField(_("granted"), default=clock.page_now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    ip_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "text"], condition=Q(withdrawn_at__isnull=True), name="consent_live_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.text_id}"
