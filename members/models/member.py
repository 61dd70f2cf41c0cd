from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Member(models.Model):
    """The shopper's side of a person. Balances live in accounts of their own, never here."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member", verbose_name=_("person")
    )
    level = models.ForeignKey(
        "members.Level",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("level"),
    )
    growth = models.PositiveIntegerField(_("growth"), default=0, editable=False)
    first_paid_at = models.DateTimeField(_("first paid"), null=True, blank=True, editable=False)
    birthday = models.DateField(_("birthday"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        permissions = [
            ("view_phone", _("Can see whole phone numbers")),
            ("adjust_points", _("Can adjust points")),
        ]
        constraints = [models.CheckConstraint(name="member_growth_not_negative", condition=Q(growth__gte=0))]

    def __str__(self) -> str:
        return str(self.user)
