"""Staff sign in from the mini-program; the codes are the sandbox's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from members.errors import TicketStale
from members.services import staff, staff_wechat
from shop.core import clock
from shop.core.models import AuditEntry
from tests import sandboxes
from tests.factories import members as make

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("staff_wechat")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sandboxes.Sandbox]:
    state: Path = tmp_path_factory.mktemp("sandbox")
    with sandboxes.running(state) as running:
        yield running


@pytest.fixture
def wechat(world: sandboxes.Sandbox) -> Iterator[sandboxes.Sandbox]:
    names = {name: value for name, value in world.settings.items() if name.startswith("WECHAT_")}
    with override_settings(**{name: value for name, value in names.items() if "PAY" not in name}):
        yield world


def code_of(wechat: sandboxes.Sandbox, person: str = "老周") -> str:
    return wechat.call("POST", "/wechat/codes", person=person, app="mp")["code"]


def post(path: str, **given: Any) -> Any:
    return Client().post(f"/api/v1/sessions/{path}", given, content_type="application/json")


def test_a_wechat_bound_with_the_password_signs_in_by_its_code_alone(wechat: sandboxes.Sandbox) -> None:
    clerk = make.staff("store_clerk", username="clerk")
    refused = post("wechat/", code=code_of(wechat))
    assert refused.status_code == 409 and refused.json()["code"] == "wechat_not_bound"
    ticket = refused.json()["extra"]["ticket"]

    wrong = post("wechat/bind/", ticket=ticket, login="clerk", password="not this one")
    assert wrong.status_code == 401
    bound = post("wechat/bind/", ticket=ticket, login="clerk", password=make.PASSWORD)
    assert bound.status_code == 201, bound.json()

    again = post("wechat/", code=code_of(wechat))
    assert again.status_code == 201 and again.json()["user"]["id"] == clerk.pk
    bearer = {"Authorization": f"Bearer {again.json()['token']}"}
    assert Client().get("/api/v1/me/", headers=bearer).json()["username"] == "clerk"
    assert AuditEntry.objects.filter(verb="sign_in_wechat", target=f"user:{clerk.pk}").count() == 1


def test_a_code_works_once_and_nonsense_never(wechat: sandboxes.Sandbox) -> None:
    code = code_of(wechat)
    assert post("wechat/", code=code).status_code == 409
    assert post("wechat/", code=code).json()["code"] == "wechat_refused"
    assert post("wechat/", code="nonsense").json()["code"] == "wechat_refused"
    assert post("wechat/").status_code == 400


def test_wrong_passwords_are_counted_when_binding_too(wechat: sandboxes.Sandbox) -> None:
    make.staff("store_clerk", username="clerk")
    ticket = post("wechat/", code=code_of(wechat)).json()["extra"]["ticket"]
    given = {"ticket": ticket, "login": "clerk"}
    answers = {post("wechat/bind/", **given, password=f"guess {n}").json()["code"] for n in range(12)}
    assert answers == {"wrong_login", "locked_out"}
    assert post("wechat/bind/", **given, password=make.PASSWORD).status_code == 429


def test_who_left_is_not_let_in(wechat: sandboxes.Sandbox) -> None:
    clerk = make.staff("store_clerk", username="clerk")
    ticket = post("wechat/", code=code_of(wechat)).json()["extra"]["ticket"]
    assert post("wechat/bind/", ticket=ticket, login="clerk", password=make.PASSWORD).status_code == 201
    admin = make.staff("administrator", username="boss")
    staff.change(user=clerk, roles=["store_clerk"], is_active=False, actor=f"user:{admin.pk}")
    assert post("wechat/", code=code_of(wechat)).json()["code"] == "wechat_not_bound"


def test_a_ticket_ends_after_ten_minutes_and_can_not_be_made_up(wechat: sandboxes.Sandbox) -> None:
    make.staff("store_clerk", username="clerk")
    ticket = post("wechat/", code=code_of(wechat)).json()["extra"]["ticket"]
    with clock.shifted(staff_wechat.TICKET_LIFE), pytest.raises(TicketStale):
        staff_wechat.bind(ticket=ticket, login="clerk", password=make.PASSWORD, ip="10.0.0.1")
    assert post("wechat/bind/", ticket=ticket[:-4], login="clerk", password=make.PASSWORD).status_code == 410


def test_shoppers_bind_nothing_here(wechat: sandboxes.Sandbox) -> None:
    shopper = make.user(username="shopper")
    shopper.set_password(make.PASSWORD)
    shopper.save()
    ticket = post("wechat/", code=code_of(wechat)).json()["extra"]["ticket"]
    answer = post("wechat/bind/", ticket=ticket, login="shopper", password=make.PASSWORD)
    assert answer.status_code == 401
