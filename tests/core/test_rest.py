"""Paging, errors, permissions and idempotency of the staff API, on views made for the test."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import override_settings
from django.urls import path
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from shop.core import clock, jobs
from shop.core.errors import TooMany
from shop.core.models import Job
from shop.core.rest.idempotency import IdempotentMixin
from shop.core.rest.paging import KeysetPagination
from shop.core.rest.permissions import HasPerm, IsStaff
from shop.core.transactions import depth

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class JobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = ["id", "kind", "total"]


class JobList(ListAPIView[Job]):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    permission_classes = [HasPerm("core.view_job")]
    pagination_class = KeysetPagination.by("-total", "kind", "-id")


class JobMaker(IdempotentMixin, APIView):
    permission_classes = [IsStaff]

    def post(self, request: Request) -> Response:
        if request.data.get("kind") == "refused":
            jobs.create(kind="gone", actor="user:1")
            raise TooMany(retry_after=7)
        job = jobs.create(kind=request.data["kind"], actor=f"depth:{depth()}")
        return Response({"id": job.pk, "amount": "1.00"}, status=201)


class PhasedMaker(JobMaker):
    idempotent_multi_phase = True


class Nameless(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


class Strict(APIView):
    permission_classes = [IsStaff]

    def post(self, request: Request) -> Response:
        serializer = JobSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({})


urlpatterns = [
    path("jobs/", JobList.as_view()),
    path("make/", JobMaker.as_view()),
    path("phased/", PhasedMaker.as_view()),
    path("nameless/", Nameless.as_view()),
    path("strict/", Strict.as_view()),
]


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AuthToken.objects.create(user)[1]}")
    return client


@pytest.fixture
def clerk() -> Any:
    user = get_user_model().objects.create_user(username="clerk", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_job"))
    return user


@pytest.fixture
def api(clerk: Any) -> APIClient:
    return client_of(clerk)


def body(response: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(response.content)
    return data


class TestAccess:
    def test_only_staff_with_the_permission_may_read(self, api: APIClient) -> None:
        assert api.get("/jobs/").status_code == 200
        shopper = get_user_model().objects.create_user(username="shopper")
        other = get_user_model().objects.create_user(username="other", is_staff=True)
        assert body(APIClient().get("/jobs/"))["code"] == "not_authenticated"
        assert client_of(shopper).get("/jobs/").status_code == 401
        answer = client_of(other).get("/jobs/")
        assert (answer.status_code, body(answer)["code"]) == (403, "forbidden")

    def test_a_token_ends_with_its_time_with_its_person_and_when_revoked(
        self, clerk: Any, api: APIClient
    ) -> None:
        other = client_of(clerk)
        AuthToken.objects.filter(user=clerk).update(expiry=clock.now() - timedelta(seconds=1))
        assert api.get("/jobs/").status_code == 401
        AuthToken.objects.filter(user=clerk).delete()
        assert other.get("/jobs/").status_code == 401
        third = client_of(clerk)
        clerk.is_active = False
        clerk.save()
        assert third.get("/jobs/").status_code == 401
        raw = AuthToken.objects.create(clerk)[1]
        assert not AuthToken.objects.filter(digest=raw).exists()

    def test_a_view_that_names_no_permission_is_closed(self, api: APIClient) -> None:
        assert api.get("/nameless/").status_code == 403


class TestErrors:
    def test_every_error_has_one_shape(self, api: APIClient) -> None:
        wrong = api.post("/strict/", {"kind": "", "total": "a"}, format="json")
        assert wrong.status_code == 400
        assert body(wrong)["code"] == "invalid"
        assert set(body(wrong)["extra"]["fields"]) == {"kind", "total"}
        garbage = api.generic("POST", "/strict/", b"{", content_type="application/json")
        assert (garbage.status_code, body(garbage)["code"]) == (400, "parse_error")
        for answer in (wrong, garbage, api.delete("/jobs/"), api.get("/nameless/")):
            assert set(body(answer)) == {"code", "message", "extra"}

    def test_a_refusal_keeps_its_status_facts_and_retry_time(self, api: APIClient) -> None:
        answer = api.post("/make/", {"kind": "refused"}, format="json", headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer["Retry-After"]) == (429, "7")
        assert body(answer)["code"] == "too_many"
        assert not Job.objects.exists()


class TestIdempotency:
    def test_a_writing_call_needs_a_key(self, api: APIClient) -> None:
        for key in ("", " ", "x" * 101):
            answer = api.post("/make/", {"kind": "a"}, format="json", headers={"Idempotency-Key": key})
            assert (answer.status_code, body(answer)["code"]) == (400, "idempotency_key_required")
        assert not Job.objects.exists()

    @pytest.mark.parametrize(("address", "actor"), [("/make/", "depth:1"), ("/phased/", "depth:0")])
    def test_the_same_call_again_is_answered_not_repeated(
        self, api: APIClient, address: str, actor: str
    ) -> None:
        first, second = (
            api.post(address, {"kind": "a"}, format="json", headers={"Idempotency-Key": "k1"})
            for _ in range(2)
        )
        assert (first.status_code, second.status_code) == (201, 201)
        assert body(first) == body(second)
        assert "Idempotent-Replay" not in first
        assert second["Idempotent-Replay"] == "true"
        assert Job.objects.get().actor == actor
        other = api.post(address, {"kind": "b"}, format="json", headers={"Idempotency-Key": "k1"})
        assert (other.status_code, body(other)["code"]) == (422, "key_reused")

    def test_keys_of_two_people_don_t_meet(self, api: APIClient) -> None:
        other = client_of(get_user_model().objects.create_user(username="other", is_staff=True))
        for client in (api, other):
            client.post("/make/", {"kind": "a"}, format="json", headers={"Idempotency-Key": "k1"})
        assert Job.objects.count() == 2


class TestPages:
    @pytest.fixture(autouse=True)
    def _rows(self) -> None:
        for total in (3, 1, 2, 2, 2):
            for kind in ("a", "b"):
                jobs.create(kind=kind, total=total, actor="system")

    def walk(self, api: APIClient, limit: int) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = body(api.get("/jobs/", {"limit": limit, "cursor": cursor} if cursor else {"limit": limit}))
            assert len(page["results"]) <= limit
            yield from page["results"]
            if not page["next"]:
                return
            cursor = page["next"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 9, 10, 11])
    def test_walking_meets_every_row_once_in_order(self, api: APIClient, limit: int) -> None:
        rows = [row["id"] for row in self.walk(api, limit)]
        assert rows == list(Job.objects.order_by("-total", "kind", "-id").values_list("id", flat=True))

    def test_rows_that_come_meanwhile_move_nothing(self, api: APIClient) -> None:
        seen = []
        for row in self.walk(api, 2):
            seen.append(row["id"])
            jobs.create(kind="a", total=9, actor="system")
        assert len(seen) == len(set(seen)) == 10

    @pytest.mark.parametrize(
        "cursor", ["x", "e30", "WzFd", "W251bGwsMSwxXQ", "WyJhIiwiYiIsImMiXQ", "é", "A" * 5000]
    )
    def test_a_made_up_cursor_is_refused(self, api: APIClient, cursor: str) -> None:
        answer = api.get("/jobs/", {"cursor": cursor})
        assert (answer.status_code, body(answer)["code"]) == (400, "bad_cursor")

    def test_a_page_is_bounded(self, api: APIClient) -> None:
        for limit, expected in [("0", 1), ("-5", 10), ("a", 10), ("100000", 10)]:
            assert len(body(api.get("/jobs/", {"limit": limit}))["results"]) == expected

    def test_a_page_costs_one_query_beside_the_sign_in(
        self, api: APIClient, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(5):
            api.get("/jobs/", {"limit": 10})


def test_the_api_describes_itself_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.yml"
    with override_settings(ROOT_URLCONF="shop.urls"):
        call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    text = file.read_text()
    assert "Idempotency-Key" in text
    assert "#/components/schemas/Error" in text
    assert "staffToken" in text
