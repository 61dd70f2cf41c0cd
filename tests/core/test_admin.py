"""The admin bases: audited saving, thrifty counting, buttons that call services; and core's own pages."""

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory

from shop.core import events, jobs, settings_store
from shop.core.admin import BaseAdmin, ReasonForm, ThriftyPaginator, base, service_action
from shop.core.errors import Busy, Forbidden
from shop.core.models import AuditEntry, Job, OutboxDelivery, OutboxEvent, Setting
from shop.core.transactions import depth

pytestmark = pytest.mark.django_db


class JobPage(BaseAdmin):
    actions_detail = ("restart", "call", "hidden")

    @service_action("Restart", permission="core.change_job", form=ReasonForm, confirm="Sure?")
    def restart(self, request: Any, job: Job, data: dict[str, Any]) -> str:
        jobs.advance(job)
        if data["reason"] == "refuse":
            raise Busy
        return f"depth {depth()}"

    @service_action("Call", permission="core.change_job", outside=True, danger=True)
    def call(self, request: Any, job: Job, data: dict[str, Any]) -> str:
        if job.kind == "refuse":
            raise Forbidden
        return f"depth {depth()}"

    @service_action("Hidden", permission="core.change_job", when=lambda job: job.total > 5)
    def hidden(self, request: Any, job: Job, data: dict[str, Any]) -> None: ...


@pytest.fixture
def page() -> JobPage:
    return JobPage(Job, admin.site)


@pytest.fixture
def job() -> Job:
    return jobs.create(kind="a", actor="system")


def staff(*codenames: str) -> Any:
    user = get_user_model().objects.create_user(username="-".join(codenames) or "nobody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def ask(client: Client) -> Any:
    """A request with session and messages, by a member of staff with all permissions on jobs."""

    def make(method: str = "get", data: Any = None, user: Any = None) -> Any:
        request = getattr(RequestFactory(), method)("/admin/", data or {})
        request.user = user or staff("view_job", "change_job")
        request.session = client.session
        from django.contrib.messages.storage.fallback import FallbackStorage

        request._messages = FallbackStorage(request)
        return request

    return make


def said(request: Any) -> list[str]:
    return [message.message for message in get_messages(request)]


class TestButtons:
    def test_getting_asks_and_changes_nothing(self, page: JobPage, job: Job, ask: Any) -> None:
        answer = page.restart(ask(), str(job.pk))
        answer.render()
        assert b"Sure?" in answer.content
        assert b'name="reason"' in answer.content
        job.refresh_from_db()
        assert job.done_count == 0
        assert not AuditEntry.objects.exists()

    def test_posting_calls_the_service_with_its_audit_entry(self, page: JobPage, job: Job, ask: Any) -> None:
        request = ask("post", {"reason": "stuck"})
        assert page.restart(request, str(job.pk)).status_code == 302
        assert said(request) == ["depth 1"]
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.verb, entry.target) == (
            f"user:{request.user.pk}",
            "restart",
            f"core.job:{job.pk}",
        )
        assert (entry.reason, entry.ip) == ("stuck", "127.0.0.1")

    def test_a_refusal_is_a_message_and_leaves_nothing(self, page: JobPage, job: Job, ask: Any) -> None:
        request = ask("post", {"reason": "refuse"})
        page.restart(request, str(job.pk))
        assert said(request) == [Busy().message_text]
        job.refresh_from_db()
        assert job.done_count == 0
        assert not AuditEntry.objects.exists()

    def test_a_form_that_doesn_t_hold_calls_nothing(self, page: JobPage, job: Job, ask: Any) -> None:
        answer = page.restart(ask("post", {}), str(job.pk))
        assert answer.status_code == 200
        assert not AuditEntry.objects.exists()

    def test_outside_there_is_no_transaction_and_the_entry_comes_first(
        self, page: JobPage, job: Job, ask: Any
    ) -> None:
        request = ask("post")
        page.call(request, str(job.pk))
        assert said(request) == ["depth 0"]
        page.call(ask("post", user=request.user), str(jobs.create(kind="refuse", actor="system").pk))
        assert AuditEntry.objects.filter(verb="call").count() == 2

    def test_without_the_permission_the_button_is_neither_shown_nor_pressed(
        self, page: JobPage, job: Job, ask: Any
    ) -> None:
        viewer = staff("view_job")
        with pytest.raises(PermissionDenied):
            page.restart(ask("post", {"reason": "x"}, user=viewer), str(job.pk))
        assert page.get_actions_detail(ask(user=viewer), job.pk) == []
        names = [action.path for action in page.get_actions_detail(ask(), job.pk)]
        assert names == ["restart", "call"]
        big = jobs.create(kind="a", actor="system", total=9)
        assert len(page.get_actions_detail(ask(user=viewer), big.pk)) == 0
        assert len(page.get_actions_detail(ask(user=staff("change_job")), big.pk)) == 3


class TestBase:
    def test_saving_and_deleting_are_audited(self, page: JobPage, job: Job, ask: Any) -> None:
        class Form(forms.ModelForm):  # type: ignore[type-arg]
            class Meta:
                model = Job
                fields = ["total", "message"]

        form = Form({"total": 5, "message": "secret words"}, instance=job)
        assert form.is_valid()
        page.save_model(ask(), form.save(commit=False), form, change=True)
        entry = AuditEntry.objects.get(verb="change")
        assert entry.changes == {"total": [0, 5], "message": ["…", "…"]}
        page.delete_model(ask(user=staff("delete_job")), job)
        assert AuditEntry.objects.filter(verb="delete").exists()

    def test_a_status_is_never_editable_and_bulk_delete_is_gone(self, page: JobPage, ask: Any) -> None:
        request = ask()
        assert "status" in page.get_readonly_fields(request)
        assert "delete_selected" not in page.get_actions(request)

    def test_counting_stops_where_it_gets_dear(
        self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        monkeypatch.setattr(base, "COUNT_LIMIT", 3)
        for number in range(6):
            jobs.create(kind=str(number), actor="system")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE core_job")
        with django_assert_num_queries(2):
            assert ThriftyPaginator(Job.objects.order_by("id"), 2).count == 6
        with django_assert_num_queries(1):
            assert ThriftyPaginator(Job.objects.filter(kind__gte="0").order_by("id"), 2).count == 4
        assert ThriftyPaginator(Job.objects.filter(kind="1").order_by("id"), 2).count == 1


class TestPages:
    def test_a_parked_delivery_is_shown_and_sent_again(self, admin_client: Client) -> None:
        event = OutboxEvent.objects.create(topic="a.B", key="7", payload={"order_id": 7})
        parked = OutboxDelivery.objects.create(
            event=event,
            handler="x.y",
            queue="default",
            attempts=12,
            parked_at=event.created_at,
            last_error="ValueError",
        )
        listing = admin_client.get("/admin/core/outboxdelivery/?stand=parked")
        assert b"ValueError" in listing.content
        assert (
            "order_id = 7"
            in admin_client.get(f"/admin/core/outboxdelivery/{parked.pk}/change/").content.decode()
        )
        assert admin_client.get(f"/admin/core/outboxdelivery/{parked.pk}/replay/").status_code == 200
        answer = admin_client.post(f"/admin/core/outboxdelivery/{parked.pk}/replay/")
        assert answer.status_code == 302
        parked.refresh_from_db()
        assert (parked.parked_at, parked.attempts) == (None, 0)
        assert AuditEntry.objects.get().verb == "replay"
        assert admin_client.post(f"/admin/core/outboxdelivery/{parked.pk}/delete/").status_code == 403

    def test_every_list_of_core_opens(self, admin_client: Client, job: Job) -> None:
        for name in ("auditentry", "decision", "job", "jobrun", "outboxdelivery"):
            assert admin_client.get(f"/admin/core/{name}/").status_code == 200, name
        assert admin_client.get(f"/admin/core/job/{job.pk}/change/").status_code == 200

    def test_the_settings_page_changes_what_was_changed_and_audits_it(self, admin_client: Client) -> None:
        before = dict(settings_store._policies)
        settings_store._policies.clear()
        try:
            minutes = settings_store.whole("test.minutes", default=15, low=1, high=60, label="Minutes")
            on = settings_store.flag("test.on", default=True, label="On")
            assert b"Minutes" in admin_client.get("/admin/core/setting/").content
            wrong = admin_client.post("/admin/core/setting/", {"test.minutes": "99", "test.on": "on"})
            assert wrong.status_code == 200
            assert not Setting.objects.exists()
            assert (
                admin_client.post("/admin/core/setting/", {"test.minutes": "30", "test.on": "on"}).status_code
                == 302
            )
            assert (minutes.get(), on.get()) == (30, True)
            assert AuditEntry.objects.get().target == "setting:test.minutes"
        finally:
            settings_store._policies.clear()
            settings_store._policies.update(before)

    def test_only_who_may_changes_settings(self, client: Client) -> None:
        client.force_login(staff("view_setting"))
        assert client.get("/admin/core/setting/").status_code == 200
        assert client.post("/admin/core/setting/", {}).status_code == 403
        client.force_login(staff())
        assert client.get("/admin/core/setting/").status_code == 403


def test_checks_of_the_admin_ask_no_table(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        call_command("check")


def test_every_reaction_has_a_name_and_a_queue() -> None:
    for name, handler in events.all_handlers().items():
        assert name == handler.name
        assert handler.queue in {"critical", "default", "notify", "report"}
