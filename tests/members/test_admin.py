"""The back office pages of members: what they show, what their buttons do, who may press them."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from members.models import ConsentText, Merchant, PointsEntry, User
from members.policies import PHONES_SHOWN_A_DAY
from members.selectors import points as points_facts
from members.selectors import staff as facts
from members.services import points, staff
from members.terms import Role
from shop.core.models import AuditEntry
from tests.factories import members as make

pytestmark = pytest.mark.django_db

GOOD = "four calm words here"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(make.staff(Role.ADMINISTRATOR, username="boss"), backend=BACKEND)
    return client


def enter(client: Client, *roles: str) -> Client:
    client.force_login(make.staff(*roles), backend=BACKEND)
    return client


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"admin:members_{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def button(model: str, action: str, pk: int) -> str:
    return reverse(f"admin:members_{model}_change", args=[pk]).replace("/change/", f"/{action}/")


def test_every_page_opens_for_an_administrator(boss: Client) -> None:
    member = make.member(points_available=120, display_name="小红", level=make.levels()[1])
    make.address(member, recipient="王小明", detail="科技园南路1号")
    for name in ("member", "pointsentry", "phonecode", "level", "staff", "consenttext"):
        page(boss, f"{name}_changelist")
    text = page(boss, "member_change", member.pk)
    for shown in ("小红", member.user.masked_phone, "银卡", "120", "王*明", "138****8000"):
        assert shown in text
    for hidden in (member.user.phone, "13800138000", "王小明", "科技园"):
        assert hidden not in text
    page(boss, "level_add")
    page(boss, "staff_add")
    page(boss, "consenttext_add")


def test_lists_ask_a_fixed_number_of_questions(boss: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        make.member(points_available=10, level=make.levels()[0])
    page(boss, "member_changelist")
    for name in ("member", "pointsentry", "staff"):
        with django_assert_max_num_queries(16):
            page(boss, f"{name}_changelist")


def test_members_are_found_by_phone_tail_and_name(boss: Client) -> None:
    wanted = make.member(phone="13800138000", display_name="张三丰")
    other = make.member(phone="13900139001", display_name="李四")
    for term in ("138 0013 8000", "+8613800138000", "8000", "三丰"):
        text = page(boss, "member_changelist", q=term)
        assert "张三丰" in text, term
        assert "李四" not in text, term
    assert "张三丰" not in page(boss, "member_changelist", q="0013800")
    points.earn(member_id=other.pk, points=7, source="x")
    assert "李四" in page(boss, "pointsentry_changelist", q="13900139001")
    assert "李四" not in page(boss, "pointsentry_changelist", q=wanted.user.phone)
    page(boss, "phonecode_changelist", q="13900139001")


def test_points_are_adjusted_once_by_a_button_with_a_reason(boss: Client) -> None:
    member = make.member(points_available=100)
    address = button("member", "adjust-points", member.pk)
    form = boss.get(address).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key is not None
    given = {"points": "-30", "reason": "录错", "key": key[1]}
    for _ in range(2):
        assert boss.post(address, given).status_code == 302
    assert points_facts.balance(member.pk) == 70
    assert PointsEntry.objects.get(kind="adjust").reason == "录错"
    assert AuditEntry.objects.filter(verb="adjust_points", target=f"member:{member.pk}").count() == 1
    for bad in ({"points": "0"}, {"reason": ""}, {"points": "x"}):
        assert boss.post(address, given | {"key": "new"} | bad).status_code == 200
    answer = boss.post(address, given | {"points": "-71", "key": "short"}, follow=True)
    assert "70" in answer.content.decode()
    assert points_facts.balance(member.pk) == 70


def test_a_whole_phone_number_is_shown_on_record_and_not_too_often(client: Client) -> None:
    enter(client, Role.CUSTOMER_SERVICE)
    member = make.member(phone="13800138000")
    address = button("member", "show-whole-phone", member.pk)
    assert "13800138000" not in client.get(address).content.decode()
    answer = client.post(address, {"reason": "快递联系不上"}, follow=True)
    assert "13800138000" in answer.content.decode()
    assert AuditEntry.objects.get(verb="look_at_phone").reason == "快递联系不上"
    PHONES_SHOWN_A_DAY.set(1, actor="system")
    answer = client.post(address, {"reason": "再看一次"}, follow=True)
    assert "13800138000" not in answer.content.decode()


def test_roles_without_permission_are_turned_away(client: Client) -> None:
    member = make.member(points_available=10)
    colleague = make.staff(Role.STORE_CLERK)
    pages = {
        reverse("admin:members_staff_changelist"): {Role.ADMINISTRATOR},
        reverse("admin:members_merchant_changelist"): {Role.ADMINISTRATOR},
        reverse("admin:members_level_add"): {Role.ADMINISTRATOR, Role.OPERATOR},
        reverse("admin:members_member_changelist"): {
            *(Role.ADMINISTRATOR, Role.OPERATOR, Role.CUSTOMER_SERVICE, Role.FINANCE)
        },
        button("member", "adjust-points", member.pk): {Role.ADMINISTRATOR, Role.OPERATOR},
        button("member", "show-whole-phone", member.pk): {Role.ADMINISTRATOR, Role.CUSTOMER_SERVICE},
        button("staff", "set-password", colleague.pk): {Role.ADMINISTRATOR},
    }
    for role in Role:
        enter(client, role)
        for address, allowed in pages.items():
            status = client.get(address, follow=True).status_code
            assert (status == 200) == (role in allowed), (role, address, status)
    enter(client)
    assert {client.get(address).status_code for address in pages} == {403}
    client.logout()
    assert {client.get(address).status_code for address in pages} == {302}


def test_staff_are_made_changed_and_closed_through_the_pages(boss: Client) -> None:
    add = reverse("admin:members_staff_add")
    given = {
        "username": "zhou",
        "display_name": "小周",
        "phone": "138 0013 8000",
        "email": "",
        "roles": ["store_clerk"],
        "password": GOOD,
        "repeated": GOOD,
    }
    for bad in (
        {"repeated": "different words here"},
        {"password": "short", "repeated": "short"},
        {"phone": "123"},
        {"phone": User.objects.get(username="boss").phone},
        {"username": "boss"},
        {"roles": ["king"]},
    ):
        answer = boss.post(add, given | bad)
        assert answer.status_code == 200, bad
    assert boss.post(add, given).status_code == 302
    person = User.objects.get(username="zhou")
    assert (person.is_staff, person.phone, facts.roles_of(person)) == (True, "13800138000", ["store_clerk"])
    staff.sign_in(login="zhou", password=GOOD, ip="10.0.0.1")
    change = reverse("admin:members_staff_change", args=[person.pk])
    assert "小周" in boss.get(change).content.decode()
    boss.post(change, {"display_name": "周老师", "email": "z@x.cn", "roles": ["finance"], "is_active": "on"})
    person.refresh_from_db()
    assert (person.display_name, facts.roles_of(person)) == ("周老师", ["finance"])
    address = button("staff", "set-password", person.pk)
    assert boss.post(address, {"password": "short", "repeated": "short"}).status_code == 200
    assert boss.post(address, {"password": GOOD + "!", "repeated": GOOD + "!"}).status_code == 302
    staff.sign_in(login="zhou", password=GOOD + "!", ip="10.0.0.1")
    assert boss.post(button("staff", "unlock-sign-in", person.pk)).status_code == 302
    boss.post(change, {"display_name": "周老师", "email": "", "roles": []})
    person.refresh_from_db()
    assert (person.is_active, person.email, facts.roles_of(person)) == (False, None, [])


def test_the_last_administrator_cannot_lock_himself_out(boss: Client) -> None:
    me = User.objects.get(username="boss")
    change = reverse("admin:members_staff_change", args=[me.pk])
    boss.post(change, {"display_name": "", "email": "", "roles": ["operator"], "is_active": "on"})
    assert facts.roles_of(me) == ["administrator"]


def test_the_profile_is_one_page_with_pictures(boss: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    first = boss.get(reverse("admin:members_merchant_changelist"), follow=True)
    address = first.redirect_chain[-1][0]
    assert address == reverse("admin:members_merchant_add")
    given = {"shop_name": "邻里鲜生", "slogan": "", "company": "某某公司", "licence_number": "91440300"}
    boss.post(address, given | {"logo_file": picture()})
    row = Merchant.objects.get()
    assert (row.shop_name, row.logo.startswith("merchant/")) == ("邻里鲜生", True)
    change = reverse("admin:members_merchant_change", args=[1])
    assert row.logo.rpartition(".")[0] in boss.get(change).content.decode()
    for name, content in (("x.svg", b"<svg/>"), ("x.jpg", b"PK\x03\x04zip")):
        evil = io.BytesIO(content)
        evil.name = name
        answer = boss.post(change, given | {"licence_file": evil})
        assert answer.status_code == 200
    assert Merchant.objects.get().licence_image == ""
    boss.post(change, given | {"slogan": "今天的菜"})
    row.refresh_from_db()
    assert (row.slogan, bool(row.logo)) == ("今天的菜", True)
    assert boss.get(reverse("admin:members_merchant_add")).status_code == 403


def test_a_consent_text_is_published_and_then_read_only(boss: Client) -> None:
    given = {"kind": "privacy", "title": "隐私政策", "body": "<p>我们只收集必要的信息</p><script>1</script>"}
    for version in (1, 2):
        assert boss.post(reverse("admin:members_consenttext_add"), given).status_code == 302
        assert ConsentText.objects.get(version=version).body == "<p>我们只收集必要的信息</p>"
    text = ConsentText.objects.get(version=1)
    change = reverse("admin:members_consenttext_change", args=[text.pk])
    assert "必要的信息" in boss.get(change).content.decode()
    assert boss.post(change, given | {"title": "x"}).status_code == 403
    assert boss.post(reverse("admin:members_consenttext_delete", args=[text.pk])).status_code == 403


def test_a_level_is_added_and_its_change_is_on_record(boss: Client) -> None:
    given = {"name": "黑卡", "rank": "9", "growth_needed": "90000", "colour": "#222222"}
    assert boss.post(reverse("admin:members_level_add"), given).status_code == 302
    assert boss.post(reverse("admin:members_level_add"), given | {"colour": "red"}).status_code == 200
    assert AuditEntry.objects.filter(verb="add", target__startswith="members.level:").count() == 1


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "#C8371B").save(file, "PNG")
    file.seek(0)
    file.name = "logo.png"
    return file
