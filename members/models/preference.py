from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffPreference(models.Model):
    """How one member of staff likes a page: the order of cards, a sound, what was dismissed."""

    user = models.ForeignKey("members.User", models.CASCADE, related_name="preferences")
    name = models.CharField(_("name"), max_length=40)
    value = models.JSONField(_("value"))

    class Meta:
        verbose_name = _("preference of staff")
        verbose_name_plural = _("preferences of staff")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="staff_preference_once")]

    def __str__(self) -> str:
        return self.name
