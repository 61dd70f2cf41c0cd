"""Health, headers, media, language, periodic jobs, cache, and the settings of a production environment."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client

from shop.core import beat, checks, clock, crypto, health
from shop.core.cache import FailOpenCache
from shop.core.models import JobRun
from shop.core.tasks import heartbeat
from shop.settings import logs
from tests.races import run_together

pytestmark = pytest.mark.django_db
ROOT = Path(django_settings.BASE_DIR)


class TestHealth:
    def test_alive_asks_nobody(self, client: Client, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert client.get("/healthz").status_code == 200

    def test_ready_names_each_part(self, client: Client) -> None:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {
            "ready": False,
            "database": "ok",
            "broker": "ok",
            "worker": "no heartbeat yet",
        }
        heartbeat()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        with clock.shifted(timedelta(minutes=2)):
            answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["worker"].startswith("silent for 1")

    def test_a_missing_broker_or_database_is_named(
        self, client: Client, settings: Any, monkeypatch: Any
    ) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert client.get("/readyz").json()["broker"] == "no answer"

        def away() -> None:
            raise DatabaseError

        monkeypatch.setattr(health.clock, "now", away)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, "no answer")

    def test_metrics_are_for_the_private_network_or_a_token(self, client: Client, settings: Any) -> None:
        heartbeat()
        answer = client.get("/metrics").content.decode()
        assert "django_http_requests_total" in answer
        assert "shop_outbox_parked 0" in answer
        assert 'shop_job_silence_seconds{job="core.heartbeat"} 0' in answer
        assert client.get("/metrics", headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 403
        assert client.get("/metrics", REMOTE_ADDR="8.8.8.8").status_code == 403
        settings.METRICS_TOKEN = "secret"
        assert client.get("/metrics").status_code == 403
        assert client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200


class TestHeaders:
    def test_shoppers_get_the_strict_policy_and_staff_the_looser_one(self, client: Client) -> None:
        strict = client.get("/healthz")["Content-Security-Policy"]
        assert "default-src 'self'" in strict
        assert "unsafe" not in strict
        assert "frame-ancestors 'none'" in strict
        staff = client.get("/admin/login/")["Content-Security-Policy"]
        assert "'unsafe-eval'" in staff

    def test_every_answer_carries_its_id_and_the_usual_headers(self, client: Client) -> None:
        answer = client.get("/healthz", headers={"X-Request-Id": "abc-12345678"})
        assert answer["X-Request-Id"] == "abc-12345678"
        odd = client.get("/healthz", headers={"X-Request-Id": "x\ty<script>"})["X-Request-Id"]
        assert len(odd) == 32
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"

    def test_staff_pages_are_kept_by_no_cache(self, admin_client: Client) -> None:
        assert "no-store" in admin_client.get("/admin/")["Cache-Control"]

    def test_the_language_is_the_shop_s_until_somebody_chooses(self, client: Client) -> None:
        assert client.get("/healthz", headers={"Accept-Language": "en"})["Content-Language"] == "zh-hans"
        client.post("/i18n/", {"language": "en", "next": "/healthz"})
        assert client.get("/healthz")["Content-Language"] == "en"
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "xx"
        assert client.get("/healthz")["Content-Language"] == "zh-hans"


def test_unknown_addresses_of_the_api_answer_in_its_own_shape(client: Client) -> None:
    for answer in (client.get("/api/v1/nothing/"), client.post("/api/v1/nothing/"), client.get("/api/v1/")):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.get("/api/v1/nothing")["Location"] == "/api/v1/nothing/"


class TestMedia:
    @pytest.fixture(autouse=True)
    def _files(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = str(tmp_path)
        (tmp_path / "private").mkdir()
        (tmp_path / "a.webp").write_bytes(b"x")
        (tmp_path / "private" / "b.pdf").write_bytes(b"y")

    def test_pictures_are_served_for_long_and_can_t_act(self, client: Client) -> None:
        answer = client.get("/media/a.webp")
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_private_files_need_a_signature(self, client: Client) -> None:
        assert client.get("/media/private/b.pdf").status_code == 404
        assert client.get("/media/x/../private/b.pdf").status_code == 404
        assert client.get("/media//private/b.pdf").status_code == 404
        assert client.get(crypto.sign_path("/media/private/b.pdf", 60)).status_code == 200
        assert client.get(crypto.sign_path("/media/private/b.pdf", -60)).status_code == 404

    def test_nothing_outside_is_reached(self, client: Client) -> None:
        for path in ("../manage.py", "..%2fmanage.py", "%2e%2e/manage.py", "/etc/passwd"):
            assert client.get(f"/media/{path}").status_code == 404


class TestPeriodicJobs:
    def test_a_run_leaves_its_mark_and_so_does_a_failure(self) -> None:
        luck = [True]

        @beat.beat_job("test.lucky")
        def work() -> str:
            if not luck[0]:
                raise ValueError("no luck")
            return "done"

        assert work() == "done"
        run = JobRun.objects.get(name="test.lucky")
        assert run.is_ok
        luck[0] = False
        with pytest.raises(ValueError, match="no luck"):
            work()
        after = JobRun.objects.get(name="test.lucky")
        assert (after.is_ok, after.error, after.succeeded_at) == (
            False,
            "ValueError: no luck",
            run.succeeded_at,
        )

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.race
    def test_two_beats_start_one_run(self) -> None:
        started = []

        @beat.beat_job("test.slow")
        def work() -> str:
            started.append(1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")
            return "done"

        outcome = run_together(4, work)
        assert len(started) == 1
        assert sorted(outcome.results, key=str) == [None, None, None, "done"]
        assert work() == "done"  # the lock is free again

    def test_celery_is_set_as_the_delivery_recipe_says(self) -> None:
        conf = current_app.conf
        assert conf.task_acks_late
        assert conf.task_reject_on_worker_lost
        assert conf.worker_prefetch_multiplier == 1
        assert conf.task_ignore_result
        assert (conf.task_time_limit, conf.task_soft_time_limit) == (300, 240)
        assert conf.broker_transport_options["visibility_timeout"] == 3600
        assert conf.broker_transport_options["socket_timeout"] == 2
        assert conf.worker_soft_shutdown_timeout == 30
        assert conf.worker_max_tasks_per_child == 1000
        assert conf.worker_cancel_long_running_tasks_on_connection_loss
        assert conf.broker_connection_retry_on_startup
        assert conf.accept_content == ["json"]
        assert not conf.task_always_eager
        assert {queue.name for queue in conf.task_queues} == {"critical", "default", "notify", "report"}

    def test_every_scheduled_task_exists_and_has_a_queue(self) -> None:
        current_app.finalize()
        current_app.loader.import_default_modules()
        assert "core.heartbeat" in current_app.conf.beat_schedule
        queues = {queue.name for queue in current_app.conf.task_queues}
        for name, entry in current_app.conf.beat_schedule.items():
            assert entry["task"] in current_app.tasks, name
            assert entry.get("options", {}).get("queue", "default") in queues, name


class TestCache:
    def test_without_redis_reads_miss_and_nothing_fails(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(FailOpenCache, "_away_until", 0.0)
        away = FailOpenCache("redis://127.0.0.1:1/0", {})
        away.set("a", 1)
        assert away.get("a", "none") == "none"
        assert away.get_or_set("a", lambda: 5) == 5
        assert away.add("a", 1) is True
        assert away.incr("a") == 1
        assert away.get_many(["a"]) == {}
        assert away.delete("a") is False
        away.clear()
        monkeypatch.setattr(FailOpenCache, "_away_until", 0.0)

    def test_what_was_deleted_while_redis_was_away_doesn_t_come_back(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(FailOpenCache, "_away_until", 0.0)
        monkeypatch.setattr(FailOpenCache, "_has_lost_writes", False)
        cache.set("session", "signed in")
        FailOpenCache("redis://127.0.0.1:1/0", {}).delete("session")
        assert cache.get("session") is None  # not asked yet
        FailOpenCache._away_until = 0.0
        assert cache.get("session") is None

    def test_clearing_leaves_other_keys_of_the_same_redis_alone(self) -> None:
        client = cache._cache.get_client(None, write=True)
        client.set("queue:critical", "x")
        cache.set("a", 1)
        cache.clear()
        assert cache.get("a") is None
        assert client.get("queue:critical") == b"x"
        client.delete("queue:critical")

    def test_sessions_outlive_a_lost_cache(self, client: Client, django_user_model: Any) -> None:
        user = django_user_model.objects.create_user(username="a", is_staff=True)
        client.force_login(user)
        cache.clear()
        assert client.session["_auth_user_id"] == str(user.pk)


def test_logs_are_json_with_the_request_id_and_no_personal_data(capsys: Any) -> None:
    code = (
        "import os, logging.config, structlog\n"
        "from shop.settings import logs\n"
        "logging.config.dictConfig(logs.configuration(level='INFO', plain=False))\n"
        "structlog.contextvars.bind_contextvars(request_id='abc')\n"
        "structlog.get_logger('x').info('sent', phone='13800138000', order='1')\n"
        "logging.getLogger('y').warning('plain %s', 'words')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    ours, plain = (json.loads(line) for line in done.stderr.strip().splitlines())
    assert (ours["event"], ours["request_id"], ours["order"], ours["level"]) == ("sent", "abc", "1", "info")
    assert "13800138000" not in done.stderr
    assert plain["event"] == "plain words"
    assert {"phone", "password", "token"} <= logs.HIDDEN


def test_the_database_sees_chinese() -> None:
    assert checks.trigrams_see_chinese(None, databases=["default"]) == []
    call_command("check", databases=["default"])


PRODUCTION = {
    "SETTINGS_FILES": "none",
    "SECRET_KEY": "k9!xZ2" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "FIELD_KEY": "0lsc85LmaIaW-DPxU4R1VWuzzuuC41fG2DTYHUoZY7Q=",
    "HASH_KEY": "5f" * 32,
    "SHOP_URL": "https://shop.example.com",
    "DJANGO_SETTINGS_MODULE": "shop.settings",
}


def production(code: str | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL") if name in os.environ}
    command = ["-c", code] if code else ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        [sys.executable, *command],
        env=keep | PRODUCTION | changes,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_deploy_is_clean_in_production_and_not_without_keys() -> None:
    done = production()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout
    assert "HASH_KEY is not set" in production(HASH_KEY="").stderr


def test_cookies_and_hosts_are_strict_in_production() -> None:
    code = (
        "from django.conf import settings as s; import json; print(json.dumps(["
        "s.DEBUG, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS]))"
    )
    assert json.loads(production(code).stdout) == [
        False,
        "__Host-session",
        True,
        True,
        True,
        31536000,
        ["shop.example.com", "localhost", "127.0.0.1"],
        ["https://shop.example.com"],
    ]
    relaxed = json.loads(production(code, INSECURE_COOKIES="1").stdout)
    assert relaxed[:6] == [False, "session", False, False, False, 0]
