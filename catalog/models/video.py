"""Short videos of a product."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductVideo(models.Model):
    """An MP4 whose length and size were read from the file itself; `cover` is a picture's path."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="videos")
    path = models.CharField(_("file"), max_length=200)
    cover = models.CharField(_("cover"), max_length=200, blank=True)
    seconds = models.DecimalField(_("seconds"), max_digits=6, decimal_places=2)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    byte_count = models.PositiveIntegerField(_("bytes"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(name="video_length", condition=models.Q(seconds__gt=0))]

    def __str__(self) -> str:
        return f"{self.seconds} s"
