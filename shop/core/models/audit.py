from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class AuditEntry(models.Model):
    """What a member of staff (or the software for them) did. Never changed, never deleted."""

    created_at = models.DateTimeField(_("time"), default=clock.page_now, editable=False)
    actor = models.CharField(_("actor"), max_length=60)
    verb = models.CharField(_("verb"), max_length=60)
    target = models.CharField(_("target"), max_length=120)
    before_digest = models.CharField(max_length=64, blank=True)
    after_digest = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ip = models.CharField(_("IP address"), max_length=45, blank=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["target", "-id"], name="audit_target"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.target}"


class AuditSeal(models.Model):
    """A link of the chain: keyed hash of the link before and of one entry. Written by beat, never in the hot
    path."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.page_now, editable=False)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.digest[:12]}"
