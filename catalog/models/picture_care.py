"""What is known of pictures beyond themselves: which look alike, and how they were before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.terms.shelf import TwinAnswer


class PictureTwin(models.Model):
    """Two pictures of the shop that look alike. `distance` counts differing bits of 64; the older one comes
    second."""

    image = models.ForeignKey("catalog.ProductImage", models.CASCADE, related_name="twins")
    other = models.ForeignKey("catalog.ProductImage", models.CASCADE, related_name="+")
    distance = models.PositiveSmallIntegerField(_("difference"))
    found_at = models.DateTimeField(_("found"))
    answer = models.CharField(_("answer"), max_length=8, choices=TwinAnswer.choices, blank=True)
    answered_by = models.CharField(_("by"), max_length=64, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("pictures alike")
        verbose_name_plural = _("pictures alike")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["image", "other"], name="picture_twin_once"),
            models.CheckConstraint(
                name="picture_twin_in_order", condition=models.Q(image__gt=models.F("other"))
            ),
        ]
        indexes = [models.Index(fields=["answer", "-id"], name="picture_twin_open")]

    def __str__(self) -> str:
        return f"{self.image_id} ~ {self.other_id}"


class PictureEdit(models.Model):
    """How a picture was before it was improved, so that it can be again. `steps` say what was done."""

    image = models.ForeignKey("catalog.ProductImage", models.CASCADE, related_name="edits")
    path = models.CharField(_("file before"), max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    steps = models.JSONField(_("steps"), default=dict)
    actor = models.CharField(_("by"), max_length=64)
    created_at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("picture improved")
        verbose_name_plural = _("pictures improved")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.path
