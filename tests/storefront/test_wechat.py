"""Inside WeChat: signed in before anything is asked, never in a loop, never as somebody else."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from members.models import Consent, Member, MemberMerge, User, WechatIdentity
from members.services import consents
from orders.models import Order, Payment
from orders.terms import PaymentMethod
from shop.core import outbox
from tests.factories import members
from tests.factories.bank import PaperBank
from tests.factories.catalog import a_sku
from tests.factories.orders import place
from tests.sandboxes import Sandbox, running
from tests.storefront.conftest import Browser

AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"
HTML = {"User-Agent": AGENT, "Accept": "text/html,*/*"}

pytestmark = pytest.mark.django_db(transaction=True)


class Wechat(Browser):
    """WeChat's own browser."""

    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["headers"] = {**HTML, **(kwargs.get("headers") or {})}
        return super().get(path, *args, **kwargs)

    def post(self, path: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["headers"] = {**HTML, **(kwargs.get("headers") or {})}
        return super().post(path, *args, **kwargs)

    def sent_out(self, path: str) -> str:
        """Opens a page and is sent to WeChat; the state."""
        return _state(self.get(path))

    def comes_back(self, state: str, code: str) -> Any:
        return self.get(f"/wechat/callback/?code={code}&state={state}")


def _state(answer: Any) -> str:
    assert answer.status_code == 302, answer.status_code
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert answer["Location"].endswith("#wechat_redirect")
    assert re.fullmatch("[0-9a-f]{32}", query["state"][0])
    return query["state"][0]


@pytest.fixture(scope="module")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Any) -> Iterator[Sandbox]:
    for name, value in sandbox_process.settings.items():
        setattr(settings, name, value)
    sandbox_process.reset()
    yield sandbox_process
    sandbox_process.clear()


@pytest.fixture
def phone(sandbox: Sandbox) -> Wechat:
    for kind in ("terms", "privacy"):
        consents.publish(kind=kind, title=kind, body="text", actor="user:1")
    return Wechat()


@pytest.fixture
def person(sandbox: Sandbox) -> Any:
    """团团, who follows nobody: WeChat names an openid and no more."""
    return next(one for one in sandbox.call("GET", "/wechat/people") if not one["follows"])


def _code(sandbox: Sandbox, person: Any, **more: Any) -> str:
    return str(sandbox.call("POST", "/wechat/codes", person=person["name"], app="oa", **more)["code"])


def _enter(phone: Wechat, sandbox: Sandbox, person: Any, path: str = "/") -> Any:
    return phone.comes_back(phone.sent_out(path), _code(sandbox, person))


def test_the_first_page_signs_in_and_shows_what_was_wanted(
    phone: Wechat, sandbox: Sandbox, person: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="")
    sku = a_sku(price="10.00", stock=3)
    phone.cookies["guest"] = ""
    wanted = f"/products/{sku.product_id}/?a=b"
    state = phone.sent_out(wanted)
    before = phone.cookies["session"].value
    code = _code(sandbox, person)
    answer = phone.comes_back(state, code)
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    ours = "".join(record.getMessage() for record in caplog.records)
    assert person["openid"]["oa"] not in ours
    assert code not in ours
    assert settings.WECHAT_OA_SECRET not in ours
    assert phone.cookies["session"].value != before, "a new session key"
    assert person["openid"]["oa"] not in answer["Location"] + str(answer.headers)
    user = User.objects.get()
    assert (user.phone, WechatIdentity.objects.get().openid) == ("", person["openid"]["oa"])
    assert phone.get(wanted).status_code == 200
    assert not Consent.objects.exists(), "nothing was ticked"


def test_only_pages_in_wechat_ask(phone: Wechat, settings: Any) -> None:
    for path in ("/login/", "/static/x.css", "/api/v1/todo/", "/healthz", "/privacy/", "/admin/login/"):
        assert "oauth2/authorize" not in phone.get(path).get("Location", ""), path
    for headers in (
        {"User-Agent": "Mozilla/5.0 Safari"},
        {"Accept": "application/json"},
        {"HX-Request": "true"},
        {"Sec-Fetch-Dest": "empty"},
        {"Sec-Purpose": "prefetch"},
        {"User-Agent": f"{AGENT} wxwork/4.1"},
    ):
        assert phone.get("/basket/", headers=headers).status_code == 200, headers
    settings.WECHAT_OA_APPID = ""
    assert phone.get("/basket/").status_code == 200


def test_a_silent_or_refusing_wechat_never_loops(phone: Wechat, sandbox: Sandbox, settings: Any) -> None:
    state = phone.sent_out("/basket/")
    assert phone.comes_back(state, "nonsense")["Location"] == "/basket/"
    assert phone.get("/basket/").status_code == 200
    other = Wechat()
    settings.WECHAT_API_BASE_URL = "http://127.0.0.1:9"
    assert other.comes_back(other.sent_out("/"), "code")["Location"] == "/"
    assert other.get("/").status_code == 200
    assert not User.objects.exists()


def test_a_stolen_used_or_foreign_state_signs_nobody_in(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    thief = Wechat()
    stolen = thief.sent_out("/me/")
    phone.sent_out("/")
    for state in (stolen, "", "0" * 32):
        answer = phone.comes_back(state, _code(sandbox, person))
        assert answer.status_code == 400
        assert "done its work" in answer.content.decode()
    assert not User.objects.exists()
    state = phone.sent_out("/")
    assert phone.comes_back(state, _code(sandbox, person)).status_code == 302
    assert phone.comes_back(state, _code(sandbox, person)).status_code == 400


def test_nobody_is_sent_to_another_shop(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    for bad in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        state = _state(phone.get(f"/wechat/sign-in/?next={bad}"))
        answer = phone.comes_back(state, "nonsense")
        assert answer["Location"] == "/me/", bad
    for path in ("//evil.example/", "https://evil.example/", "/\\evil.example", "me/", "/x#y"):
        assert phone.get("/wechat/configuration/", {"path": path}).status_code == 204, path


def test_nobody_is_sent_to_another_site(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    out = phone.get("/", PATH_INFO="//evil.example/")
    answer = phone.comes_back(_state(out), _code(sandbox, person))
    assert answer.status_code == 302
    assert not answer["Location"].startswith("//"), answer["Location"]


def test_a_preview_looks_around_and_no_more(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    sku = a_sku(price="10.00", stock=3)
    state = phone.sent_out("/")
    phone.comes_back(state, _code(sandbox, person, is_snapshotuser=True))
    assert phone.get(f"/products/{sku.product_id}/").status_code == 200
    phone.send("/basket/lines/", {"sku": sku.pk, "quantity": 1})
    assert phone.get("/checkout/")["Location"].startswith("/wechat/preview/")
    assert phone.get("/login/")["Location"] == "/wechat/preview/"
    page = phone.page("/wechat/preview/?next=/checkout/")
    assert "You are looking at a preview" in page
    assert not User.objects.exists()
    again = re.search(r'href="(/wechat/sign-in/[^"]+)"', page)
    assert again
    answer = phone.comes_back(_state(phone.get(again[1])), _code(sandbox, person))
    assert answer["Location"] == "/checkout/"
    assert Member.objects.count() == 1
    assert phone.get("/checkout/").status_code == 200, "the basket came along"


def test_whoever_signs_out_stays_out_until_they_ask(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    _enter(phone, sandbox, person)
    phone.send("/logout/")
    assert phone.get("/").status_code == 200
    page = phone.page("/login/")
    assert "Go on with WeChat" in page
    answer = phone.comes_back(_state(phone.get("/wechat/sign-in/?next=/me/")), _code(sandbox, person))
    assert answer["Location"] == "/me/"
    assert User.objects.count() == 1


def _bind(phone: Wechat, sandbox: Sandbox, number: str, path: str = "/me/phone/") -> Any:
    phone.send("/me/phone/code/", {"phone": number, "agree": "on", "next": "/checkout/"})
    code = sandbox.messages(number)[0]["code"]
    return phone.send(path, {"phone": number, "code": code, "agree": "on", "next": "/checkout/"})


def test_the_first_order_asks_for_a_number_and_the_second_does_not(
    phone: Wechat, sandbox: Sandbox, person: Any, bank: type[PaperBank]
) -> None:
    _enter(phone, sandbox, person)
    member = Member.objects.get()
    members.address(member)
    sku = a_sku(price="10.00", stock=3)
    page = phone.page(f"/checkout/?sku={sku.pk}&quantity=1")
    assert "Bind your number first" in page
    fields = {name: _hidden(page, name) for name in ("key", "digest", "seen", "address", "mode")}
    answer = phone.send("/checkout/place/", {**fields, "sku": sku.pk, "quantity": 1})
    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert phone.send("/me/phone/", {"phone": "13900000000", "code": "000000"}).status_code == 422
    assert _bind(phone, sandbox, "13900000000")["Location"] == "/checkout/"
    assert User.objects.get().phone == "13900000000"
    assert Consent.objects.count() == 2
    page = phone.page(f"/checkout/?sku={sku.pk}&quantity=1")
    fields = {name: _hidden(page, name) for name in ("key", "digest", "seen", "address", "mode")}
    answer = phone.send("/checkout/place/", {**fields, "sku": sku.pk, "quantity": 1})
    number = Order.objects.get().number
    assert answer["Location"] == f"/orders/{number}/pay/?go=1"
    payment = Payment.objects.get()
    assert (payment.method, payment.payer) == (PaymentMethod.JSAPI, person["openid"]["oa"])


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1].replace("&quot;", '"') if found else ""


def test_a_number_with_an_account_joins_it_after_both_were_proved(
    phone: Wechat, sandbox: Sandbox, person: Any
) -> None:
    old = members.member(phone="13900000001", points_available=70)
    earlier = place(member=old)
    _enter(phone, sandbox, person)
    silent = User.objects.exclude(pk=old.user_id).get()
    sku = a_sku(price="10.00", stock=3)
    phone.send("/basket/lines/", {"sku": sku.pk, "quantity": 2})
    assert phone.send("/me/phone/join/", {"next": "/me/"})["Location"] == "/me/phone/", "nothing proved yet"
    asked = _bind(phone, sandbox, "13900000001").content.decode()
    assert "You have been here before" in asked
    assert "139****0001" in asked
    assert not MemberMerge.objects.exists()
    before = phone.cookies["session"].value
    answer = phone.send("/me/phone/join/", {"next": "/basket/"})
    assert answer["Location"] == "/basket/"
    assert phone.cookies["session"].value != before
    assert phone.get("/basket/count/").json() == {"count": 2}
    outbox.drain_all()
    assert not User.objects.get(pk=silent.pk).is_active
    assert WechatIdentity.objects.get().user == old.user
    assert earlier.number in phone.page("/orders/")
    assert phone.send("/me/phone/join/")["Location"] == "/me/phone/", "one proof, one joining"
    phone.send("/logout/")
    phone.comes_back(_state(phone.get("/wechat/sign-in/")), _code(sandbox, person))
    assert earlier.number in phone.page("/orders/"), "WeChat leads to it as well"


def test_a_number_of_staff_or_of_another_wechat_is_not_joined(
    phone: Wechat, sandbox: Sandbox, person: Any, settings: Any
) -> None:
    boss = members.staff()
    other = members.member(phone="13900000002")
    WechatIdentity.objects.create(user=other.user, app_id=settings.WECHAT_OA_APPID, openid="somebody")
    _enter(phone, sandbox, person)
    for number in (boss.phone, "13900000002"):
        answer = _bind(phone, sandbox, number)
        assert answer.status_code == 409
        assert "another WeChat" in answer.content.decode()
    assert not MemberMerge.objects.exists()


def test_ways_to_sign_in_are_shown_bound_and_unbound(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    _enter(phone, sandbox, person)
    page = phone.page("/me/sign-ins/")
    assert "This is the only way to sign in" in page
    phone.send("/me/sign-ins/wechat/unlink/")
    assert WechatIdentity.objects.count() == 1
    _bind(phone, sandbox, "13900000003")
    phone.send("/me/sign-ins/wechat/unlink/")
    assert not WechatIdentity.objects.exists()
    assert "Not linked yet" in phone.page("/me/sign-ins/")
    answer = phone.send("/me/sign-ins/wechat/link/")
    assert phone.comes_back(_state(answer), _code(sandbox, person))["Location"] == "/me/sign-ins/"
    assert WechatIdentity.objects.get().user.phone == "13900000003"


def test_a_link_begun_by_one_person_never_binds_another(phone: Wechat, sandbox: Sandbox, person: Any) -> None:
    _enter(phone, sandbox, person)
    _bind(phone, sandbox, "13900000004")
    phone.send("/me/sign-ins/wechat/unlink/")
    state = _state(phone.send("/me/sign-ins/wechat/link/"))
    other = members.member()
    phone.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    phone.comes_back(state, _code(sandbox, person))
    assert not WechatIdentity.objects.exists()


def test_inside_wechat_its_sheet_takes_the_money_and_its_word_is_no_proof(
    phone: Wechat, sandbox: Sandbox, person: Any, settings: Any
) -> None:
    from orders import gateways

    gateways.get.cache_clear()
    member = members.member()
    order = place(member=member)
    phone.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/orders/{order.number}/pay/"
    answer = phone.get(path)
    assert phone.comes_back(_state(answer), _code(sandbox, person))["Location"] == path
    assert not WechatIdentity.objects.exists(), "paying binds nothing"
    assert phone.send(path)["Location"] == f"{path}?go=1"
    payment = Payment.objects.get()
    assert (payment.method, payment.payer) == (PaymentMethod.JSAPI, person["openid"]["oa"])
    page = phone.page(f"{path}?go=1")
    assert '"package": "prepay_id=' in page
    assert "data-open" in page
    assert "data-open" not in phone.page(path)
    assert phone.send(f"{path}check/", {"said_paid": "1"})["Location"] == f"{path}?back=1"
    order.refresh_from_db()
    assert order.status == "unpaid"
    phone.send(path, {"way": "other"})
    latest = Payment.objects.latest("pk")
    assert (latest.method, latest.payer) == (PaymentMethod.NATIVE, "")
    gateways.get.cache_clear()


def test_the_configuration_signs_our_own_pages(phone: Wechat, sandbox: Sandbox, settings: Any) -> None:
    answer = phone.get("/wechat/configuration/", {"path": "/products/1/?a=b"}).json()
    assert answer["config"]["appId"] == settings.WECHAT_OA_APPID
    assert answer["base"] == settings.SHOP_URL
    assert Browser().get("/wechat/configuration/", {"path": "/"}).status_code == 204
    cache.clear()
    settings.WECHAT_API_BASE_URL = "http://127.0.0.1:9"
    assert phone.get("/wechat/configuration/", {"path": "/"}).status_code == 204
