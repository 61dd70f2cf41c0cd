from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from shop.core import audit, clock, decisions, idempotency, outbox, retention, settings_store
from shop.core.errors import Invalid
from shop.core.invariants import Invariant
from shop.core.models import AuditEntry, AuditSeal, IdempotencyKey, OutboxDelivery, OutboxEvent, Setting
from shop.core.terms import JobStatus

pytestmark = pytest.mark.django_db


def note(**values: Any) -> AuditEntry:
    return audit.record(actor="user:1", verb="change", target="sku:1", **values)


class TestAudit:
    def test_numbers_show_and_texts_don_t(self) -> None:
        entry = note(
            before={
                "price": Decimal("9.90"),
                "name": "张三",
                "on": date(2026, 1, 1),
                "same": 1,
                "state": JobStatus.DONE,
            },
            after={
                "price": Decimal("8.80"),
                "name": "李四",
                "on": None,
                "same": 1,
                "state": JobStatus.FAILED,
            },
        )
        assert entry.changes == {
            "price": ["9.90", "8.80"],
            "name": ["…", "…"],
            "on": ["2026-01-01", None],
            "state": ["done", "failed"],
        }
        assert len(entry.before_digest) == len(entry.after_digest) == 64
        assert entry.before_digest != entry.after_digest
        assert "张三" not in str(AuditEntry.objects.values().get())

    @pytest.mark.parametrize(
        "statement", ["UPDATE core_auditentry SET reason = 'x'", "DELETE FROM core_auditentry"]
    )
    def test_the_database_refuses_to_change_the_past(self, statement: str) -> None:
        note()
        refused = pytest.raises((InternalError, IntegrityError), match="append-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_the_chain_is_whole_until_a_row_is_touched(self) -> None:
        entries = [note(reason=str(number)) for number in range(5)]
        assert audit.seal(limit=3) == 3
        assert audit.seal() == 2
        assert audit.seal() == 0
        assert audit.verify() == []
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
            cursor.execute("UPDATE core_auditentry SET reason = 'nothing' WHERE id = %s", [entries[1].pk])
        assert "entry" in audit.verify()[0]
        assert str(entries[1].pk) in audit.verify()[0]

    def test_an_entry_that_commits_late_is_sealed_all_the_same(self) -> None:
        early = note()
        audit.seal()
        late = AuditEntry(actor="system", verb="late", target="x:1")
        late.pk = early.pk - 1
        late.save(force_insert=True)
        assert audit.seal() == 1
        assert audit.verify() == []

    def test_a_seal_cannot_be_made_without_the_key(self, settings: Any) -> None:
        note()
        audit.seal()
        settings.HASH_KEY = "another"
        assert audit.verify()

    def test_decisions_keep_what_the_software_chose_beside_the_override(self) -> None:
        decision = decisions.record(
            noun="place", reference="order:1", inputs={"places": [1, 2]}, rules=["near"], outcome={"place": 1}
        )
        decisions.override(decision, outcome={"place": 2}, actor="user:1")
        decision.refresh_from_db()
        assert (decision.outcome, decision.override, decision.overridden_by) == (
            {"place": 1},
            {"place": 2},
            "user:1",
        )


@pytest.fixture
def policies() -> Any:
    before = dict(settings_store._policies)
    yield settings_store
    settings_store._policies.clear()
    settings_store._policies.update(before)


class TestPolicies:
    def test_a_policy_has_its_default_until_it_is_set(
        self, policies: Any, django_assert_num_queries: Any
    ) -> None:
        minutes = policies.whole("test.minutes", default=15, low=1, high=60, label="m")
        assert minutes.get() == 15
        minutes.set("30", actor="user:1")
        assert minutes.get() == 30
        with django_assert_num_queries(0):
            minutes.get()
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.target, entry.changes) == (
            "set_policy",
            "setting:test.minutes",
            {"value": [15, 30]},
        )

    @pytest.mark.parametrize("wrong", ["0", 61, "a", None, 1.5, True, ""])
    def test_a_value_that_doesn_t_fit_is_refused(self, policies: Any, wrong: Any) -> None:
        minutes = policies.whole("test.minutes", default=15, low=1, high=60, label="m")
        with pytest.raises(Invalid):
            minutes.set(wrong, actor="user:1")
        assert not Setting.objects.exists()

    def test_every_kind_keeps_its_type(self, policies: Any) -> None:
        fee = policies.money("test.fee", default=Decimal("1.00"), label="f")
        share = policies.rate("test.share", default=Decimal("0.3"), label="s")
        on = policies.flag("test.on", default=True, label="o")
        words = policies.text("test.words", default="", label="w", longest=3)
        fee.set("12.5", actor="a")
        share.set("0.1234", actor="a")
        on.set("off", actor="a")
        words.set(" 好 ", actor="a")
        assert (fee.get(), share.get(), on.get(), words.get()) == (
            Decimal("12.50"),
            Decimal("0.1234"),
            False,
            "好",
        )
        for policy, wrong in [
            (fee, "1.005"),
            (fee, "-1"),
            (fee, "NaN"),
            (share, "1.1"),
            (on, "maybe"),
            (words, "long"),
        ]:
            with pytest.raises(Invalid):
                policy.set(wrong, actor="a")

    def test_other_processes_see_a_change_after_five_seconds(self, policies: Any, monkeypatch: Any) -> None:
        minutes = policies.whole("test.minutes", default=15, label="m")
        assert minutes.get() == 15
        Setting.objects.create(name="test.minutes", value=20, updated_at=clock.now(), updated_by="user:2")
        assert minutes.get() == 15
        monkeypatch.setattr(settings_store, "FRESH_SECONDS", 0)
        assert minutes.get() == 20

    def test_a_name_is_declared_once(self, policies: Any) -> None:
        policies.flag("test.on", default=True, label="o")
        with pytest.raises(ValueError, match="twice"):
            policies.flag("test.on", default=True, label="o")


def test_old_rows_go_and_waiting_ones_stay() -> None:
    now = clock.now()
    old = now - timedelta(days=20)
    spent = OutboxEvent.objects.create(topic="a.B", payload={}, created_at=old)
    OutboxDelivery.objects.create(event=spent, handler="h", queue="default", done_at=old)
    parked = OutboxEvent.objects.create(topic="a.B", payload={}, created_at=old)
    OutboxDelivery.objects.create(event=parked, handler="h", queue="default", parked_at=old)
    recent = OutboxEvent.objects.create(topic="a.B", payload={})
    idempotency._insert("s", "new", "f", until=None)
    IdempotencyKey.objects.create(scope="s", key="old", fingerprint="f", created_at=old)
    counts = retention.clean_up()
    assert counts["outbox"] == counts["idempotency"] == 1
    assert set(OutboxEvent.objects.all()) == {parked, recent}
    assert IdempotencyKey.objects.get().key == "new"
    assert outbox.drain() == 0


def test_an_invariant_tells_the_rows_that_break_it() -> None:
    by_sql = Invariant("T1", "no entries", "SELECT id, verb FROM core_auditentry")
    by_code = Invariant("T2", "no seals", lambda: AuditSeal.objects.values_list("id"))
    assert by_sql.broken() == by_code.broken() == []
    entry = note()
    assert by_sql.broken() == [(entry.pk, "change")]


def test_the_chain_can_be_walked_by_command(capsys: Any) -> None:
    note()
    audit.seal()
    call_command("verify_audit")
    assert "1 entries sealed" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_auditentry SET verb = 'nothing'")
    with pytest.raises(CommandError):
        call_command("verify_audit")
