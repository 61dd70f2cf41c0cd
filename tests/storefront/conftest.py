"""A browser without JavaScript (Django's client, in English) and the people who use it."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from django.conf import settings as django_settings
from django.test import Client

from members.models import Member
from orders import gateways
from tests.factories import members
from tests.factories.bank import PaperBank


class Browser(Client):
    """Speaks English, checks CSRF like a real one, and remembers nothing but cookies."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)
        self.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"

    def page(self, path: str, **headers: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def send(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        """Posts a form, with the token of the page it stands on."""
        if "csrf" not in self.cookies:
            self.get("/terms/")
        token = {"csrfmiddlewaretoken": self.cookies["csrf"].value} if "csrf" in self.cookies else {}
        return self.post(path, {**token, **(data or {})}, headers=headers)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


@pytest.fixture
def guest(db: None) -> Browser:
    return Browser()


@pytest.fixture
def member(db: None) -> Member:
    return members.member(display_name="李雷")


@pytest.fixture
def browser(member: Member) -> Browser:
    """A browser in which the member is signed in."""
    made = Browser()
    made.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.fixture
def bank(settings: Any) -> Iterator[type[PaperBank]]:
    """Payments go to an empty bank in this process."""
    settings.PAYMENT_GATEWAYS = {"wechat": "tests.factories.bank.PaperBank"}
    gateways.get.cache_clear()
    PaperBank.forget()
    yield PaperBank
    PaperBank.forget()
    gateways.get.cache_clear()


@pytest.fixture
def inbox(settings: Any) -> Iterator[list[str]]:
    """The codes the SMS vendor was asked to send."""
    settings.SMS_BASE_URL = "https://sms.example"
    settings.SMS_ACCESS_KEY_ID = settings.SMS_ACCESS_KEY_SECRET = "key"
    settings.SMS_SIGN_NAME, settings.SMS_LOGIN_TEMPLATE = "Shop", "SMS_1"
    codes: list[str] = []

    def take(request: Any) -> tuple[int, dict[str, str], str]:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        given = parse_qs(urlsplit(request.url).query) | parse_qs(body)
        codes.append(json.loads(given["TemplateParam"][0])["code"])
        return 200, {}, json.dumps({"Code": "OK", "BizId": "1", "RequestId": "1", "Message": "OK"})

    with responses.RequestsMock(assert_all_requests_are_fired=False) as vendor:
        vendor.add_callback(responses.POST, re.compile(r"https://sms\.example.*"), callback=take)
        yield codes
