from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.terms import CodeDelivery, CodePurpose
from shop.core import clock


class PhoneCode(models.Model):
    """Six digits by text message: hashed, bound to phone, purpose and session, one live at a time."""

    phone_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12, choices=CodePurpose.choices)
    session_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    ip_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.page_now)
    delivery = models.CharField(max_length=10, choices=CodeDelivery.choices, default=CodeDelivery.PENDING)
    vendor_id = models.CharField(max_length=64, blank=True)
    vendor_code = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("phone code")
        verbose_name_plural = _("phone codes")
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash", "purpose"],
                condition=Q(used_at__isnull=True),
                name="phone_code_one_live",
            )
        ]
        indexes = [
            models.Index(fields=["phone_hash", "-created_at"], name="phone_code_by_phone"),
            models.Index(fields=["ip_hash", "-created_at"], name="phone_code_by_ip"),
            models.Index(fields=["created_at"], name="phone_code_age"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
