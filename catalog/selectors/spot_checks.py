"""Spot checks: what is to do, and what may be picked."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Product, SpotCheck
from catalog.policies.shelf import SPOT_CHECK_REST
from catalog.terms import ProductStatus
from catalog.terms.shelf import CheckOutcome
from shop.core import clock


def open_ones() -> QuerySet[SpotCheck]:
    return SpotCheck.objects.filter(outcome="")


def late(now: datetime) -> QuerySet[SpotCheck]:
    return open_ones().filter(due_on__lt=clock.business_day(now))


def may_be_picked(now: datetime) -> QuerySet[Product]:
    """On the shelf, with no check open and none lately."""
    since = now - timedelta(days=SPOT_CHECK_REST.get())
    checks = SpotCheck.objects.filter(product=OuterRef("pk")).exclude(outcome=CheckOutcome.DROPPED)
    lately = checks.filter(Q(outcome="") | Q(checked_at__gte=since))
    return Product.objects.filter(~Exists(lately), status=ProductStatus.ON_SHELF)
