from django.db import models
from django.utils.translation import gettext_lazy as _


class Setting(models.Model):
    """A policy the merchant has set; what is not here has its default."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    value = models.JSONField(_("value"))
    updated_at = models.DateTimeField(_("changed at"))
    updated_by = models.CharField(_("changed by"), max_length=60)

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")

    def __str__(self) -> str:
        return self.name
