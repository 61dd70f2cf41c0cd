"""Words that mean the same to shoppers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """One group of words, folded: whoever searches for one of them finds the goods of all."""

    words = ArrayField(models.CharField(max_length=20), verbose_name=_("words of the same meaning"), size=8)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(name="synonym_two_words", condition=models.Q(words__len__gte=2)),
        ]

    def __str__(self) -> str:
        return " = ".join(self.words)
