from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.terms import AddressTag
from shop.core import clock
from shop.core.fields import EncryptedTextField
from shop.core.text import mask_name, mask_phone


class Address(models.Model):
    """Where a member wants goods sent. Removed addresses stay, so that an order in the making can see it."""

    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="addresses")
    recipient = models.CharField(_("recipient"), max_length=20)
    phone_cipher = EncryptedTextField(_("mobile phone"))
    phone_tail = models.CharField(_("last four digits"), max_length=4)
    province_code = models.CharField(max_length=6)
    city_code = models.CharField(max_length=6)
    district_code = models.CharField(max_length=6, blank=True)
    province = models.CharField(_("province"), max_length=20)
    city = models.CharField(_("city"), max_length=30)
    district = models.CharField(_("district"), max_length=30, blank=True)
    street = models.CharField(_("street or town"), max_length=40, blank=True)
    detail = models.CharField(_("street and door"), max_length=120)
    tag = models.CharField(_("tag"), max_length=10, choices=AddressTag.choices, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="address_one_default",
            )
        ]
        indexes = [
            models.Index(fields=["member", "-id"], condition=Q(deleted_at__isnull=True), name="address_live")
        ]

    def __str__(self) -> str:
        return f"{mask_name(self.recipient)} {self.province}{self.city}"

    @property
    def phone(self) -> str:
        return str(self.phone_cipher)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def region_code(self) -> str:
        """The most exact division known; every code begins with the code of the level above it."""
        return self.district_code or self.city_code

    @property
    def region(self) -> str:
        """Province, city and district without repeating a municipality's name."""
        city = "" if self.city == self.province else self.city
        return f"{self.province}{city}{self.district}"

    @property
    def one_line(self) -> str:
        return f"{self.region}{self.street}{self.detail}"

    def masked(self) -> dict[str, str]:
        """Recipient, phone and address as shown to people who needn't know more."""
        return {
            "recipient": mask_name(self.recipient),
            "phone": self.masked_phone,
            "address": f"{self.region}****",
        }
