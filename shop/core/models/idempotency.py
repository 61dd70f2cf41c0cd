from django.db import models

from shop.core import clock


class IdempotencyKey(models.Model):
    """A request that was answered (or, with `locked_until` and no answer, is being worked on)."""

    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.page_now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
