"""What a category asks of a listing: severities, papers, picture slots, parameters, words to avoid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.terms.listing import ParameterKind, Slot, WordKind


class CategoryRule(models.Model):
    """Holds for the category and all below it that have no rule of their own for the same thing. Without a
    category it holds for the whole shop."""

    category = models.OneToOneField(
        "catalog.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="listing_rule",
        verbose_name=_("category"),
        help_text=_("Empty: the whole shop."),
    )
    is_prohibited = models.BooleanField(
        _("may not be sold"), default=False, help_text=_("Nothing in this category goes on the shelf.")
    )
    severities = models.JSONField(_("what findings do"), default=dict, blank=True)
    papers = models.JSONField(_("papers needed"), default=list, blank=True)

    class Meta:
        verbose_name = _("listing rule")
        verbose_name_plural = _("listing rules")
        ordering = ["category__depth", "category__position", "id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="listing_rule_one_for_all", condition=Q(category__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.category) if self.category_id else str(_("Whole shop"))


class PictureSlot(models.Model):
    """How many pictures (or videos) a slot needs, how large, in which shape. 0 or blank: anything."""

    rule = models.ForeignKey(CategoryRule, models.CASCADE, related_name="slots")
    slot = models.CharField(_("slot"), max_length=8, choices=Slot.choices)
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    long_side = models.PositiveIntegerField(_("long side (px)"), default=0)
    short_side = models.PositiveIntegerField(_("short side (px)"), default=0)
    ratio = models.CharField(_("shape"), max_length=7, blank=True, help_text=_("Such as 1:1 or 4:3."))

    class Meta:
        verbose_name = _("picture slot")
        verbose_name_plural = _("picture slots")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "slot"], name="slot_once"),
            models.CheckConstraint(
                name="slot_ratio", condition=Q(ratio="") | Q(ratio__regex=r"^[1-9]\d{0,2}:[1-9]\d{0,2}$")
            ),
        ]

    def __str__(self) -> str:
        return self.get_slot_display()


class Parameter(models.Model):
    """What shoppers want to know of goods of a category and all below it: material, origin, keeps until."""

    category = models.ForeignKey(
        "catalog.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parameters",
        verbose_name=_("category"),
        help_text=_("Empty: all goods."),
    )
    name = models.CharField(_("name"), max_length=20)
    kind = models.CharField(
        _("kind"), max_length=8, choices=ParameterKind.choices, default=ParameterKind.TEXT
    )
    choices = models.JSONField(_("to choose from"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=8, blank=True)
    hint = models.CharField(_("help"), max_length=80, blank=True)
    is_required = models.BooleanField(_("needed"), default=True)
    position = models.IntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "name"], name="parameter_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class ParameterValue(models.Model):
    """What a product says to a parameter."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="parameter_values")
    parameter = models.ForeignKey(Parameter, models.CASCADE, related_name="values")
    value = models.CharField(_("value"), max_length=100)

    class Meta:
        verbose_name = _("value of a parameter")
        verbose_name_plural = _("values of parameters")
        ordering = ["parameter__position", "parameter"]
        constraints = [models.UniqueConstraint(fields=["product", "parameter"], name="parameter_value_once")]

    def __str__(self) -> str:
        return self.value


class ListingWord(models.Model):
    """A word that should not stand in a listing, except inside the phrases named."""

    word = models.CharField(_("word"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=WordKind.choices)
    allowed_in = models.CharField(
        _("fine inside"),
        max_length=200,
        blank=True,
        help_text=_("Phrases with spaces between: 第一次 第一时间"),
    )
    advice = models.CharField(_("say instead"), max_length=60, blank=True)
    is_active = models.BooleanField(_("looked for"), default=True)

    class Meta:
        verbose_name = _("word to avoid")
        verbose_name_plural = _("words to avoid")
        ordering = ["kind", "word"]

    def __str__(self) -> str:
        return self.word
