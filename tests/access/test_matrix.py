"""Who may open what: every route and every page of the admin × everybody, made from the URL conf.

matrix.tsv is the answer we stand by, for people to read and to review. A new route or a changed answer fails
here until `UPDATE_ACCESS=1 make test ARGS=tests/access` has written it anew and somebody has looked at it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from members.terms import Role
from orders.models import BasketLine
from tests.access import people, routes
from tests.access.people import ELSEWHERE, SHOPPERS, STAFF, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]

MATRIX = Path(__file__).with_name("matrix.tsv")
COLUMNS = [*SHOPPERS, *STAFF]
Matrix = dict[tuple[str, str], dict[str, str]]
# what everybody may do before anybody knows them
OPEN_API = {"api:schema", "api:docs", "api:sessions", "api:wechat_sessions", "api:wechat_binding"}
# routes about one thing of one shopper: nobody else's business
PERSONAL = {"number", "line_id", "pk"}


@pytest.fixture
def world(bank: None) -> World:
    return people.settle()


def word(answer: HttpResponse) -> str:
    """The status; a redirect to a door says so."""
    if answer.status_code in (301, 302, 303):
        target = answer.headers.get("Location", "")
        return "door" if "/login" in target else "302"
    return str(answer.status_code)


def lines(world: World) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Route by route: its name, the method, the answers."""
    pages = routes.model_pages()
    for route in routes.everything():
        values = world.values | ({"slug": world.values["guide"]} if "help" in route.name else {})
        if route.pattern in pages:
            yield route.name or route.pattern, "ADMIN", admin_answers(world, *pages[route.pattern])
            continue
        if "object_id" in route.parameters:
            values["object_id"] = 0  # there is none: who may, finds nothing
        address = route.address(values)
        askers = COLUMNS if route.area != "shop" else [*SHOPPERS, Role.ADMINISTRATOR.value]
        yield route.name, "GET", {who: word(world.people[who].asks("get", address)) for who in askers}
        # an empty form by those who have no business here; whoever may act isn't asked to
        posters = ["anonymous", "stranger", "no role"]
        yield route.name, "POST", {who: word(world.people[who].asks("post", address)) for who in posters}


def admin_answers(world: World, page: object, need: str) -> dict[str, str]:
    """Who has the right to a standard page, asked of the page itself; shoppers never enter the site."""
    answers = {}
    for who, person in world.people.items():
        request = RequestFactory().get("/admin/")
        request.user = person.user or AnonymousUser()
        inside = request.user.is_active and request.user.is_staff
        if need == "redirect":
            answers[who] = "302" if inside else "door"
            continue
        answers[who] = "may" if getattr(page, f"has_{need}_permission")(request) else "403"
        if not inside:
            answers[who] = "door"
    return answers


def test_everybody_opens_what_the_matrix_says_and_nothing_of_others(world: World) -> None:
    with override_settings(AXES_ENABLED=False):
        matrix = {(name, method): answers for name, method, answers in lines(world)}
    compare(matrix)
    nothing_breaks(matrix)
    shoppers_open_no_desk(matrix)
    what_is_one_shoppers_is_nobody_elses(matrix)
    line = BasketLine.objects.get(pk=world.values["line_id"])
    assert (line.quantity, line.is_selected) == (1, True), "strangers changed a basket"
    a_clerk_finds_nothing_of_another_store(world, matrix)


def compare(matrix: Matrix) -> None:
    rows = [
        "\t".join([name, method, *(answers.get(who, "·") for who in COLUMNS)])
        for (name, method), answers in sorted(matrix.items())
    ]
    text = "\n".join(["\t".join(["route", "method", *COLUMNS]), *rows]) + "\n"
    if os.environ.get("UPDATE_ACCESS"):
        MATRIX.write_text(text)
    stood_by = MATRIX.read_text().splitlines()
    changed = sorted(set(text.splitlines()) ^ set(stood_by))
    assert not changed, "see the head of this file:\n" + "\n".join(changed)


def nothing_breaks(matrix: Matrix) -> None:
    assert not [
        (key, who)
        for key, answers in matrix.items()
        for who, said in answers.items()
        if said >= "500" and said.isdigit()
    ]


def shoppers_open_no_desk(matrix: Matrix) -> None:
    for (name, method), answers in matrix.items():
        said = {who: answer for who, answer in answers.items() if answer != "·"}
        if name.startswith("api:") and name not in OPEN_API:
            # a shopper's session opens nothing at the API, a token is needed
            assert {said.get(who) for who in SHOPPERS} - {None} <= {"401", "405"}, (name, method, said)
        if name.startswith(("admin:", "backoffice:")) and name != "admin:login":
            assert {said.get(who) for who in SHOPPERS} - {None} <= {"door", "403", "302", "404", "405"}, (
                name,
                said,
            )


def what_is_one_shoppers_is_nobody_elses(matrix: Matrix) -> None:
    personal = {
        route.name
        for route in routes.everything()
        if route.area == "shop" and PERSONAL & set(route.parameters) and "notify" not in route.name
    }
    assert len(personal) > 12
    for name in personal:
        assert matrix[name, "GET"]["stranger"] in ("404", "405", "302"), (name, matrix[name, "GET"])
        # a basket leads back to one's own; the line is looked at below
        refused = ("404", "405", "403", *(["302"] if "basket_" in name else []))
        assert matrix[name, "POST"]["stranger"] in refused, (name, matrix[name, "POST"])
        assert matrix[name, "GET"]["anonymous"] in ("door", "404", "405", "302"), name
    assert matrix["storefront:order", "GET"]["owner"] == "200"


def a_clerk_finds_nothing_of_another_store(world: World, matrix: Matrix) -> None:
    for name in ("api:order", "api:stock_level"):
        answers = matrix[name, "GET"]
        assert answers[ELSEWHERE] in ("403", "404", "405"), (name, answers)
    assert matrix["api:order", "GET"][people.HERE] == "200"
    elsewhere = world.people[ELSEWHERE]
    for verb in ("ship", "cancel", "refund", "note", "contact"):
        answer = elsewhere.asks("post", f"/api/v1/orders/{world.values['number']}/{verb}/")
        assert answer.status_code in (403, 404), (verb, answer.status_code)
    order_id = world.owner.orders.get().pk
    answer = elsewhere.asks("get", f"/admin/orders/order/{order_id}/change/")
    assert answer.status_code in (302, 403, 404)
