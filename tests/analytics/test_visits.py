"""Visitors: one row a browser and day, nobody outside, nothing that leads to a person."""

from datetime import timedelta

import pytest
from django.test import Client

from analytics import policies
from analytics import tasks as _tasks  # noqa: F401  the rule of retention
from analytics.models import Visit
from analytics.selectors import people, windows
from shop.core import clock, retention
from tests.factories import members, orders
from tests.factories.catalog import a_sku

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"


def browser(agent: str = PHONE) -> Client:
    return Client(headers={"user-agent": agent})


def test_a_browser_is_one_row_a_day_however_often_it_comes() -> None:
    client = browser()
    assert [client.post("/visit/").status_code for _ in range(3)] == [204] * 3
    browser().post("/visit/")
    assert Visit.objects.count() == 2
    cookie = client.cookies["day"]
    assert cookie["httponly"]
    assert 0 < cookie["max-age"] <= 86_400
    assert client.get("/visit/").status_code == 405
    with clock.shifted(timedelta(days=1)):
        client.post("/visit/")
    assert Visit.objects.count() == 3
    assert {field.name for field in Visit._meta.get_fields()} == {"id", "on_date", "visitor", "first_at"}


def test_robots_staff_floods_and_forged_words_leave_no_row() -> None:
    for agent in (
        "",
        "curl/8.5",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        PHONE.replace("Chrome", "HeadlessChrome"),
    ):
        assert browser(agent).post("/visit/").status_code == 204
    clerk = browser()
    clerk.force_login(members.staff("operator"))
    clerk.post("/visit/")
    assert Visit.objects.count() == 0
    forged = browser()
    forged.cookies["day"] = "'; drop table"
    forged.post("/visit/")
    assert Visit.objects.get().visitor.isalnum()
    forged.cookies["day"] = "a" * 24
    forged.post("/visit/")
    assert not Visit.objects.filter(visitor="a" * 24).exists(), "a word we never gave"
    for _ in range(310):
        browser().post("/visit/")
    assert Visit.objects.count() <= 301


def test_off_means_off_and_the_privacy_page_says_what_is_counted() -> None:
    assert "random word" in _english(browser()).get("/privacy/").content.decode()
    policies.COUNT_VISITS.set(False, actor="system")
    browser().post("/visit/")
    assert Visit.objects.count() == 0
    assert "random word" not in _english(browser()).get("/privacy/").content.decode()


def test_visitors_and_buyers_are_counted_at_the_same_hour() -> None:
    now = clock.now()
    spans = windows.same_hour(now)
    named = {"today": spans.today, "yesterday": spans.yesterday, "week_ago": spans.week_ago}
    rows = [
        (spans.today.start, "a"), (now - timedelta(seconds=1), "b"),
        (spans.yesterday.start, "c"), (spans.yesterday.end + timedelta(seconds=1), "d"),
        (spans.week_ago.start, "e"),
    ]  # fmt: skip
    Visit.objects.bulk_create(
        Visit(on_date=clock.business_day(at), visitor=word * 16, first_at=at) for at, word in rows
    )
    assert people.visitors(named) == {"today": 2, "yesterday": 1, "week_ago": 1}
    member, sku = members.member(), a_sku(stock=9)
    for _ in range(2):
        orders.paid({sku: 1}, member=member)
    named["today"] = windows.Window(spans.today.start, clock.now())
    assert people.buyers(named) == {"today": 1, "yesterday": 0, "week_ago": 0}


def test_old_visits_go() -> None:
    day = clock.today() - timedelta(days=200)
    Visit.objects.create(on_date=day, visitor="a" * 16, first_at=clock.now())
    Visit.objects.create(on_date=clock.today(), visitor="a" * 16, first_at=clock.now())
    assert retention.clean_up()["visits"] == 1


def _english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client
