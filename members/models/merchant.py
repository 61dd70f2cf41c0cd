from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Merchant(models.Model):
    """The one merchant of this shop: what the law wants shown on every page."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    shop_name = models.CharField(_("shop name"), max_length=40)
    slogan = models.CharField(_("slogan"), max_length=60, blank=True)
    logo = models.CharField(_("logo"), max_length=200, blank=True, editable=False)
    company = models.CharField(
        _("company name"), max_length=80, blank=True, help_text=_("As on the business licence.")
    )
    licence_number = models.CharField(_("business licence number"), max_length=40, blank=True)
    licence_image = models.CharField(
        _("business licence picture"), max_length=200, blank=True, editable=False
    )
    scope = models.TextField(_("scope of business"), blank=True)
    icp_number = models.CharField(_("ICP number"), max_length=40, blank=True)
    police_number = models.CharField(_("police registration number"), max_length=40, blank=True)
    phone = models.CharField(_("service phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("merchant profile")
        verbose_name_plural = _("merchant profile")
        constraints = [models.CheckConstraint(name="merchant_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.shop_name
