"""What a store's page shows beside its address: days that differ, and pictures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.place import Place


class PlaceHoliday(models.Model):
    """Days on which other hours hold; no hours means closed. Both days are included."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="holidays", verbose_name=_("place"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    name = models.CharField(_("occasion"), max_length=20, blank=True)
    hours = models.JSONField(_("opening hours"), default=list, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays and other special days")
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="holiday_days_in_order", condition=models.Q(last_on__gte=models.F("first_on"))
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{self.first_on} – {self.last_on}"


class PlacePhoto(models.Model):
    """A picture of the store; `path` as `core.uploads` keeps it."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="photos", verbose_name=_("place"))
    path = models.CharField(_("file"), max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    alt = models.CharField(_("says"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.alt or self.path
