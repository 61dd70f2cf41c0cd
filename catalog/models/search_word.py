"""What people search for: words and counts, never who."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """One thing searched for, folded. `heat` is the number of searches, fading a little every day.

    `found_count` is what the latest search found exactly, at most 999.
    """

    word = models.CharField(_("searched for"), max_length=60, unique=True)
    searched_count = models.PositiveIntegerField(_("searches"), default=0)
    heat = models.FloatField(_("heat"), default=0)
    found_count = models.PositiveIntegerField(_("goods found"), default=0)
    is_hidden = models.BooleanField(
        _("never suggested"), default=False, help_text=_("Shoppers don't see it among the popular words.")
    )
    last_at = models.DateTimeField(_("last searched"))

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering = ["-heat", "word"]
        indexes = [
            models.Index(fields=["-heat", "word"], name="search_word_by_heat"),
            models.Index(fields=["last_at"], name="search_word_by_age"),
        ]

    def __str__(self) -> str:
        return self.word
