"""Places goods lie in, and who works there."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog import terms
from shop.core.fields import MoneyField


class Place(models.Model):
    """A warehouse, a store or a pickup point.

    `hours` maps mon…sun to a list of [open, close] pairs such as ["08:00", "20:00"], local time.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=terms.PlaceKind.choices)
    name = models.CharField(_("name"), max_length=40)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    region_code = models.CharField(_("division code"), max_length=6, blank=True)
    province = models.CharField(_("province"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=20, blank=True)
    district = models.CharField(_("district"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    intro = models.TextField(_("about the store"), max_length=1000, blank=True, default="", db_default="")
    team = models.TextField(_("team"), max_length=1000, blank=True, default="", db_default="")
    is_active = models.BooleanField(_("active"), default=True)
    offers_pickup = models.BooleanField(_("offers pickup"), default=False)
    position = models.IntegerField(_("position"), default=0)
    parcel_cost = MoneyField(
        _("cost of a parcel"),
        default=Decimal("6.00"),
        db_default=Decimal("6.00"),
        help_text=_("What sending one parcel from here costs the shop; cheaper places are preferred."),
    )
    open_order_count = models.PositiveIntegerField(
        _("orders waiting here"), default=0, db_default=0, editable=False
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class StaffPlace(models.Model):
    """A person of the staff sees and serves this place."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="staff_places",
        verbose_name=_("member of staff"),
    )
    place = models.ForeignKey(Place, models.CASCADE, related_name="staff", verbose_name=_("place"))

    class Meta:
        verbose_name = _("place of a person")
        verbose_name_plural = _("places of people")
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="staff_place_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.place}"
