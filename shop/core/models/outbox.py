from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class OutboxEvent(models.Model):
    """A fact, written in the transaction of its cause."""

    topic = models.CharField(_("topic"), max_length=100)
    key = models.CharField(_("key"), max_length=100, blank=True)
    payload = models.JSONField(_("payload"))
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["created_at"], name="outbox_event_created")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class OutboxDelivery(models.Model):
    """One fact on its way to one handler."""

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries", verbose_name=_("event"))
    handler = models.CharField(_("handler"), max_length=200)
    key = models.CharField(_("key"), max_length=100, blank=True)
    queue = models.CharField(_("queue"), max_length=20)
    available_at = models.DateTimeField(_("due at"), default=clock.page_now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    locked_until = models.DateTimeField(_("worked on until"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("event delivery")
        verbose_name_plural = _("event deliveries")
        permissions = [("replay_outboxdelivery", "Can replay a delivery")]
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_a_handler")]
        indexes = [
            models.Index(
                fields=["id"],
                name="delivery_waiting",
                condition=Q(done_at=None, parked_at=None),
            ),
            models.Index(
                fields=["handler", "key", "id"],
                name="delivery_order",
                condition=Q(done_at=None, parked_at=None),
            ),
            models.Index(fields=["parked_at"], name="delivery_parked", condition=Q(parked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.handler}"
