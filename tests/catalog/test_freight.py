"""Which regional rate applies to a division."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.errors import LastFreightRate
from catalog.models import FreightTemplate
from catalog.selectors import freight as selector
from catalog.services import freight
from catalog.services.freight import Rate
from shop.core.errors import Invalid
from tests.factories.catalog import a_freight_template

pytestmark = pytest.mark.django_db

LADDER = (
    Rate(("44",), first_units=1, first_fee=Decimal("6.00"), next_units=1, next_fee=Decimal("1.00")),
    Rate(("4403",), first_units=1, first_fee=Decimal("5.00"), free_from=Decimal("49.00")),
    Rate(("65", "54"), first_units=1, first_fee=Decimal("18.00"), next_fee=Decimal("10.00")),
    Rate(("71", "81", "82"), delivers=False),
    Rate((), first_units=1, first_fee=Decimal("8.00"), next_units=2, next_fee=Decimal("2.00")),
)


@pytest.mark.parametrize("basis", ["piece", "weight", "volume"])
@pytest.mark.parametrize(
    ("region_code", "first_fee", "delivers"),
    [
        ("440106", "6.00", True),  # the province
        ("440305", "5.00", True),  # the city before its province
        ("4403", "5.00", True),
        ("650102", "18.00", True),  # remote
        ("540102", "18.00", True),
        ("810001", "0.00", False),  # not delivered
        ("110101", "8.00", True),  # everywhere else
        ("", "8.00", True),
    ],
)
def test_the_longest_matching_division_decides(basis, region_code, first_fee, delivers):
    template = a_freight_template(*LADDER, basis=basis)
    region = selector.rules([template.pk], region_code)[template.pk]
    assert (region.first_fee, region.delivers) == (Decimal(first_fee), delivers)
    assert region.template.basis == basis


def test_full_division_codes_are_understood():
    template = a_freight_template(
        Rate(("440000",), first_fee=Decimal("3.00")), Rate(("440300",), first_fee=Decimal("2.00"))
    )
    assert selector.rules([template.pk], "440305")[template.pk].first_fee == Decimal("2.00")
    assert selector.rules([template.pk], "440106")[template.pk].first_fee == Decimal("3.00")


def test_a_division_nobody_names_is_not_delivered():
    template = a_freight_template(Rate(("44",), first_fee=Decimal("6.00")))
    assert selector.rules([template.pk], "110101") == {template.pk: None}


def test_no_template_means_the_default_one():
    assert selector.rules([None], "110101") == {None: None}
    default = a_freight_template(is_default=True, name="默认")
    assert selector.rules([None], "110101")[None].template == default
    assert selector.default_template_id() == default.pk


def test_rates_of_many_templates_take_one_query():
    ids = [a_freight_template(name=f"模板{n}").pk for n in range(4)]
    with CaptureQueriesContext(connection) as queries:
        found = selector.rules([*ids, None], "440106")
        assert {found[pk].template.basis for pk in ids} == {"piece"}
    assert len(queries) == 1


def test_a_new_default_takes_over():
    old = a_freight_template(is_default=True, name="旧")
    new = a_freight_template(is_default=True, name="新")
    assert list(FreightTemplate.objects.filter(is_default=True)) == [new]
    assert old.pk != new.pk


def test_saving_again_replaces_the_rates():
    template = a_freight_template(*LADDER)
    freight.save(template=template, name="x", basis="weight", rates=[Rate(first_units=1000)], actor="user:1")
    assert template.regions.get().first_units == 1000


@pytest.mark.parametrize(
    "rates",
    [
        [Rate(("4x",))],
        [Rate(("4",))],
        [Rate(first_units=0)],
        [Rate(first_fee=Decimal("-1"))],
        [Rate(first_fee=Decimal("0.001"))],
        [Rate(), Rate()],
    ],
)
def test_odd_rates_are_refused(rates):
    with pytest.raises(Invalid):
        a_freight_template(*rates)
    assert not FreightTemplate.objects.exists()


def test_a_template_needs_a_rate():
    with pytest.raises(LastFreightRate):
        freight.save(name="空", basis="piece", rates=[], actor="user:1")
