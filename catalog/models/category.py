"""Category, brand and tag: the three ways goods are sorted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog import terms


class Category(models.Model):
    """A node of the category tree, at most three levels deep."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=20)
    slug = models.SlugField(_("web address"), max_length=60, unique=True)
    depth = models.PositiveSmallIntegerField(_("depth"), default=1, editable=False)
    position = models.IntegerField(_("position"), default=0)
    icon = models.CharField(_("picture"), max_length=60, blank=True)
    is_visible = models.BooleanField(_("visible"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["depth", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="category_depth", condition=models.Q(depth__gte=1, depth__lte=terms.CATEGORY_DEPTH)
            ),
            models.CheckConstraint(
                name="category_root_has_no_parent",
                condition=models.Q(depth=1, parent=None) | models.Q(depth__gt=1, parent__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["parent", "name"], name="category_name_in_parent", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A maker's name."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    slug = models.SlugField(_("web address"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A short word on a product card; some are hung by the clock."""

    name = models.CharField(_("name"), max_length=12, unique=True)
    slug = models.SlugField(_("web address"), max_length=60, unique=True)
    colour = models.CharField(_("colour"), max_length=7, default="#C8371B")
    automatic = models.CharField(
        _("hung by itself"), max_length=8, choices=terms.AutomaticTag.choices, blank=True
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["automatic"], name="tag_one_per_rule", condition=~models.Q(automatic="")
            )
        ]

    def __str__(self) -> str:
        return self.name
