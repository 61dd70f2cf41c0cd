"""Staff: roles, passwords, tokens. Deny by default."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken

from members.errors import LastAdministrator, LockedOut, LoginTaken, UnknownRole, WeakPassword, WrongLogin
from members.models import Merchant, User
from members.roles import PERMISSIONS
from members.selectors import merchant as profile
from members.selectors import staff as facts
from members.services import merchant, roles, staff
from members.terms import Role
from shop.core.errors import Invalid
from shop.core.models import AuditEntry
from tests.factories import members as make

pytestmark = pytest.mark.django_db

GOOD = "four calm words here"


def test_roles_are_made_from_the_table_as_often_as_one_likes(capsys: pytest.CaptureFixture[str]) -> None:
    stray = Group.objects.create(name=Role.STORE_CLERK)
    stray.permissions.set(make.superuser().user_permissions.model.objects.all()[:5])
    for _ in range(2):
        call_command("sync_roles")
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert "store_clerk" in capsys.readouterr().out
    assert {role.value: group_size(role) for role in Role} == roles.sync().counts


def group_size(role: Role) -> int:
    return Group.objects.get(name=role).permissions.count()


def test_every_name_in_the_table_is_a_permission() -> None:
    assert roles.sync().missing == []


def test_each_role_may_do_its_work_and_no_more() -> None:
    may = {role: make.staff(role).get_all_permissions() for role in Role}
    assert "orders.ship_order" in may[Role.WAREHOUSE]
    assert "orders.ship_order" not in may[Role.STORE_CLERK]
    assert "orders.verify_pickup" in may[Role.STORE_CLERK]
    assert "catalog.adjust_stock" not in may[Role.STORE_CLERK]
    assert "orders.refund_order" in may[Role.FINANCE] & may[Role.CUSTOMER_SERVICE]
    assert "catalog.set_price" in may[Role.OPERATOR]
    assert {"catalog.approve_purchase", "catalog.see_cost"} <= may[Role.FINANCE]
    assert not may[Role.FINANCE] & {"catalog.set_price", "catalog.adjust_stock", "catalog.change_product"}
    assert not [role for role in (Role.WAREHOUSE, Role.STORE_CLERK) if "catalog.see_cost" in may[role]]
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert not may[role] & {"members.change_staff", "members.add_staff", "members.change_merchant"}, role
        assert not [name for name in may[role] if name.startswith("core.change")], role
    for role in (Role.WAREHOUSE, Role.STORE_CLERK, Role.FINANCE, Role.OPERATOR):
        assert "members.view_phone" not in may[role]
    assert make.staff().get_all_permissions() == make.user().get_all_permissions() == set()
    assert set(PERMISSIONS) == set(Role)


def test_staff_are_made_with_roles_and_good_passwords() -> None:
    boss = make.staff(Role.ADMINISTRATOR)
    given: dict[str, Any] = {"username": "clerk", "roles": ["store_clerk"], "actor": f"user:{boss.pk}"}
    for weak in ("short", "elevenchars", "qwerty123456", "password1234567" * 20):
        with pytest.raises(WeakPassword):
            staff.create(**given, password=weak)
    made = staff.create(**given, password=GOOD, phone="138 0013 8000", display_name="小周")
    assert made.is_staff
    assert facts.roles_of(made) == ["store_clerk"]
    assert AuditEntry.objects.filter(verb="create_staff", target=f"user:{made.pk}").count() == 1
    for clash in ({"username": "clerk"}, {"username": "other", "phone": "13800138000"}):
        with pytest.raises(LoginTaken):
            staff.create(**given | clash, password=GOOD)
    with pytest.raises(UnknownRole):
        staff.create(**given | {"username": "third", "roles": ["king"]}, password=GOOD)
    assert not User.objects.filter(username__in=["other", "third"]).exists()


def test_a_token_opens_the_api_until_it_is_given_back_or_the_account_is_closed(client: Client) -> None:
    boss = make.staff(Role.ADMINISTRATOR)
    clerk = make.staff(Role.STORE_CLERK, username="clerk", display_name="小周")
    answer = client.post(
        "/api/v1/sessions/", {"login": "clerk", "password": make.PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert body["user"]["roles"] == ["store_clerk"]
    assert clerk.phone not in answer.content.decode()
    assert body["token"] not in str(AuthToken.objects.values().get())
    bearer = {"Authorization": f"Bearer {body['token']}"}
    me = client.get("/api/v1/me/", headers=bearer)
    assert me.json()["name"] == "小周"
    assert "orders.verify_pickup" in me.json()["permissions"]
    assert client.delete("/api/v1/sessions/current/", headers=bearer).status_code == 204
    assert client.get("/api/v1/me/", headers=bearer).status_code == 401
    _, token = staff.sign_in(login=clerk.phone, password=make.PASSWORD, ip="10.0.0.1")
    staff.change(user=clerk, roles=["store_clerk"], is_active=False, actor=f"user:{boss.pk}")
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    with pytest.raises(WrongLogin):
        staff.sign_in(login="clerk", password=make.PASSWORD, ip="10.0.0.1")


def test_the_api_tells_strangers_nothing(client: Client) -> None:
    make.user(username="shopper", password=GOOD)
    for given, status, code in (
        ({"login": "shopper", "password": GOOD}, 401, "wrong_login"),
        ({"login": "nobody", "password": GOOD}, 401, "wrong_login"),
        ({"login": "nobody"}, 400, "invalid"),
        ({"login": {}, "password": []}, 400, "invalid"),
    ):
        answer = client.post("/api/v1/sessions/", given, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for method, path in (("get", "/api/v1/me/"), ("delete", "/api/v1/sessions/current/")):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    token = AuthToken.objects.create(User.objects.get(username="shopper"))[1]
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_five_wrong_passwords_lock_staff_out_and_a_colleague_can_unlock(client: Client) -> None:
    clerk = make.staff(Role.STORE_CLERK, username="clerk")
    for _ in range(5):
        with pytest.raises((WrongLogin, LockedOut)):
            staff.sign_in(login="clerk", password="wrong", ip="127.0.0.1")
    answer = client.post(
        "/api/v1/sessions/", {"login": "clerk", "password": make.PASSWORD}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "locked_out", "900")
    staff.unlock(user=clerk)
    staff.sign_in(login="clerk", password=make.PASSWORD, ip="127.0.0.1")


def test_the_back_office_locks_out_too(client: Client) -> None:
    make.staff(Role.STORE_CLERK, username="clerk")
    given = {"username": "clerk", "password": "wrong"}
    statuses = [client.post("/admin/login/", given).status_code for _ in range(6)]
    assert statuses[:4] == [200] * 4
    assert statuses[-1] == 429
    assert client.post("/admin/login/", given | {"password": make.PASSWORD}).status_code == 429


def test_a_new_password_ends_tokens_and_sessions(client: Client) -> None:
    clerk = make.staff(Role.STORE_CLERK)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    _, token = staff.sign_in(login=clerk.username, password=make.PASSWORD, ip="10.0.0.1")
    staff.set_password(user=clerk, password=GOOD, actor="user:1")
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert client.get("/admin/", follow=False).status_code == 302


def test_tokens_end_by_themselves(client: Client, settings: Any) -> None:
    clerk = make.staff(Role.STORE_CLERK)
    token = AuthToken.objects.create(clerk, expiry=timedelta(seconds=-1))[1]
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_the_last_administrator_stays() -> None:
    boss = make.staff(Role.ADMINISTRATOR)
    for changes in (
        {"roles": ["operator"], "is_active": True},
        {"roles": ["administrator"], "is_active": False},
    ):
        with pytest.raises(LastAdministrator):
            staff.change(user=User.objects.get(pk=boss.pk), actor="user:1", **changes)  # type: ignore[arg-type]
    assert list(facts.administrators()) == [User.objects.get(pk=boss.pk)]
    other = make.staff(Role.ADMINISTRATOR)
    staff.change(user=boss, roles=["operator"], is_active=True, actor="user:1", display_name="老王", email="")
    assert list(facts.administrators()) == [other]
    with pytest.raises(LoginTaken):
        staff.create(username="x", password=GOOD, roles=[], actor="user:1", phone=other.phone)


def test_the_profile_of_the_merchant_is_one_row_and_shown_from_a_cache(
    django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    profile.forget()
    assert profile.current().shop_name
    with django_capture_on_commit_callbacks(execute=True):
        merchant.save(actor="user:1", shop_name="邻里鲜生", icp_number="粤ICP备1号")
        merchant.save(actor="user:1", slogan="今天的菜")
    assert profile.current().shop_name == "邻里鲜生"
    with django_assert_num_queries(0):
        assert (profile.current().slogan, profile.current().icp_number) == ("今天的菜", "粤ICP备1号")
    assert Merchant.objects.count() == 1
    assert AuditEntry.objects.filter(verb="change_merchant").count() == 2
    with pytest.raises(Invalid):
        merchant.save(actor="user:1", owner="me")
    profile.forget()
