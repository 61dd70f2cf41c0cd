from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Basket(models.Model):
    """What somebody means to buy. Belongs to a member or, before sign-in, to a guest key."""

    member = models.OneToOneField("members.Member", models.CASCADE, null=True, related_name="basket")
    guest_key = models.CharField(max_length=64, unique=True, null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        constraints = [
            models.CheckConstraint(
                name="basket_has_one_owner",
                condition=Q(member__isnull=False, guest_key__isnull=True)
                | Q(member__isnull=True, guest_key__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["updated_at"], name="basket_updated")]

    def __str__(self) -> str:
        return f"basket {self.pk}"


class BasketLine(models.Model):
    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    is_selected = models.BooleanField(default=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("basket line")
        verbose_name_plural = _("basket lines")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "sku"], name="basket_line_once_per_sku"),
            models.CheckConstraint(
                name="basket_line_quantity", condition=Q(quantity__gte=1, quantity__lte=999)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"
