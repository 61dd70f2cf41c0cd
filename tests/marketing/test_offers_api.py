"""Running offers over REST, for staff who may see them."""

import pytest
from rest_framework.test import APIClient

from members.models import User
from tests.factories import members
from tests.factories.catalog import a_sku
from tests.factories.marketing import a_discount, a_reduction

pytestmark = pytest.mark.django_db


def test_what_runs_is_read_by_staff_and_by_nobody_else() -> None:
    sku = a_sku(price="20.00")
    a_discount((sku, "15.00"), quota=4)
    a_reduction()
    client = APIClient()
    assert client.get("/api/v1/offers/").status_code == 401
    client.force_authenticate(members.member().user)
    assert client.get("/api/v1/offers/").status_code == 403
    client.force_authenticate(User.objects.create_superuser("merchant"))
    answer = client.get("/api/v1/offers/").json()
    assert [one["name"] for one in answer["offers"]] == ["全场满减"]
    [price] = answer["limited"]
    assert (price["sku_id"], price["price"], price["left"]) == (sku.pk, "15.00", 4)
