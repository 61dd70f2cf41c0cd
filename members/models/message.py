from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.terms import MessageChannel, MessageDelivery, MessageKind
from shop.core import clock


class Message(models.Model):
    """One thing told to one member. `parameters` are facts without personal data; `target` says what it is
    about, such as "order:2611…"; who shows it knows the address."""

    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="messages", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind.choices)
    key = models.CharField(_("key"), max_length=100, unique=True, editable=False)
    parameters = models.JSONField(_("facts"), default=dict)
    target = models.CharField(_("about"), max_length=60, blank=True)
    channel = models.CharField(_("channel"), max_length=12, choices=MessageChannel.choices, blank=True)
    delivery = models.CharField(
        _("delivery"), max_length=10, choices=MessageDelivery.choices, default=MessageDelivery.WAITING
    )
    vendor_number = models.CharField(_("number at the vendor"), max_length=64, blank=True)
    error = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), default=clock.page_now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(name="message_kind", condition=Q(kind__in=MessageKind.values)),
            models.CheckConstraint(name="message_delivery", condition=Q(delivery__in=MessageDelivery.values)),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="message_by_member"),
            models.Index(fields=["vendor_number"], name="message_by_number", condition=~Q(vendor_number="")),
            models.Index(fields=["created_at"], name="message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
