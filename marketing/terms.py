"""Enums and labels of marketing."""

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

STEPS_AT_MOST = 5
NO_BOUND = "∞"
LOWEST_RATE = Decimal("0.1")


class ScopeKind(TextChoices):
    """Which goods a rule is about."""

    ALL = "all", _("All goods")
    PRODUCTS = "products", _("Chosen products")
    CATEGORIES = "categories", _("Chosen categories")
    SKUS = "skus", _("Chosen SKUs")


class OfferKind(TextChoices):
    """The rules that run between two instants; also the first part of a rule's name, as in "tier:7"."""

    LIMITED = "limited", _("Limited-time discount")
    TIER = "tier", _("Tier price")
    REDUCTION = "reduction", _("Full reduction")
    BUNDLE = "bundle", _("Bundle price")


class CouponKind(TextChoices):
    """What a coupon takes off."""

    FIXED = "fixed", _("Fixed amount")
    PERCENT = "percent", _("Percentage")
    FREE_SHIPPING = "free_shipping", _("Free shipping")


class GrantStatus(TextChoices):
    """Where a member's copy of a coupon stands."""

    AVAILABLE = "available", _("Can be used")
    HELD = "held", _("Held by an order")
    USED = "used", _("Used")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Taken back")
