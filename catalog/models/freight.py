"""Freight templates: what a parcel costs by region."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog import terms
from shop.core.fields import MoneyField


class FreightTemplate(models.Model):
    """A named set of regional rates; units are pieces, grams or cubic centimetres by `basis`."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    basis = models.CharField(
        _("counted"), max_length=8, choices=terms.FreightBasis.choices, default=terms.FreightBasis.PIECE
    )
    is_default = models.BooleanField(_("for products without a template"), default=False)

    class Meta:
        verbose_name = _("freight template")
        verbose_name_plural = _("freight templates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], name="freight_one_default", condition=models.Q(is_default=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class FreightRegion(models.Model):
    """The rate of one group of divisions; no codes means everywhere else."""

    template = models.ForeignKey(FreightTemplate, models.CASCADE, related_name="regions")
    region_codes = ArrayField(
        models.CharField(max_length=6),
        verbose_name=_("division codes"),
        default=list,
        blank=True,
        help_text=_("Codes of provinces or cities, separated by commas; empty means everywhere else."),
    )
    first_units = models.PositiveIntegerField(_("first units"), default=1, validators=[MinValueValidator(1)])
    first_fee = MoneyField(_("first fee"))
    next_units = models.PositiveIntegerField(_("next units"), default=1, validators=[MinValueValidator(1)])
    next_fee = MoneyField(_("next fee"))
    free_from = MoneyField(_("free from"), null=True, blank=True)
    delivers = models.BooleanField(_("delivers there"), default=True)
    position = models.IntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("regional rate")
        verbose_name_plural = _("regional rates")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="freight_region_sane",
                condition=models.Q(first_units__gte=1, next_units__gte=1, first_fee__gte=0, next_fee__gte=0),
            )
        ]

    def __str__(self) -> str:
        return ",".join(self.region_codes) or str(_("everywhere else"))
