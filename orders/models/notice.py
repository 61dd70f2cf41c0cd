from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """The gateway's word, committed before anything is done with it; unique by gateway and notice id."""

    gateway = models.CharField(_("gateway"), max_length=20)
    notice_id = models.CharField(_("notice"), max_length=64)
    kind = models.CharField(_("kind"), max_length=20)
    number = models.CharField(_("our number"), max_length=64, db_index=True)
    headers = models.JSONField(default=dict)
    body = models.TextField()
    resource = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gateway notice")
        verbose_name_plural = _("gateway notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["gateway", "notice_id"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["received_at"], condition=models.Q(processed_at__isnull=True), name="notice_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.notice_id


class GatewayCall(models.Model):
    """Raw request and answer of a money call, secrets masked; append-only."""

    gateway = models.CharField(_("gateway"), max_length=20)
    verb = models.CharField(_("call"), max_length=20)
    number = models.CharField(_("our number"), max_length=64, db_index=True)
    request = models.TextField(_("request"))
    status_code = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    answer = models.TextField(_("answer"))
    result = models.CharField(_("result"), max_length=10)
    made_at = models.DateTimeField(_("made"), db_index=True)

    class Meta:
        verbose_name = _("gateway call")
        verbose_name_plural = _("gateway calls")
        ordering = ["-id"]
