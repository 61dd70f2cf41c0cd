"""What is wrong: with the software, the money or the law. Read for the first page, 15 s old at most."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.selectors import places, seasons, sourcing, stock, stock_alerts
from members.selectors import consents, merchant
from members.terms import ConsentKind
from orders.models import Payment
from orders.terms import PaymentStatus
from shop.backoffice import waiting
from shop.core import clock
from shop.core.models import JobRun, OutboxDelivery

FRESH_SECONDS = 15
HEARTBEAT = "core.heartbeat"
HEARTBEAT_SILENCE = timedelta(seconds=60)
LATE = timedelta(minutes=2)
UNKNOWN_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Alert:
    """`why` says what it means and what to do; `link` leads there."""

    code: str
    words: str
    why: str | Promise
    link: str
    tone: str = "urgent"


@dataclass(frozen=True, slots=True)
class Watch:
    """`look` answers how many are wrong, 0 for none; `words` says it. `of_all_places` counts every place, so
    people bound to theirs aren't told."""

    code: str
    permission: str
    look: Callable[[datetime], int]
    words: Callable[[int], str]
    why: str | Promise
    link: Callable[[], str]
    tone: str = "urgent"
    of_all_places: bool = False


def of(user: Any) -> list[Alert]:
    """What this person should know and may look into, the worst first."""
    found = _counts()
    alarms = waiting.counts(user)
    alerts = [
        Alert(chore.code, f"{chore.title}: {alarms[chore.code].count}", chore.why, chore.link(), chore.tone)
        for chore in waiting.CHORES
        if chore.is_alarm and chore.code in alarms and alarms[chore.code].count
    ]
    alerts += [
        Alert(watch.code, watch.words(found[watch.code]), watch.why, watch.link(), watch.tone)
        for watch in WATCHES
        if found[watch.code]
        and user.has_perm(watch.permission)
        and not (watch.of_all_places and places.ids_of_staff(user) is not None)
    ]
    return sorted(alerts, key=lambda alert: waiting.TONES.index(alert.tone))


def _counts() -> dict[str, int]:
    key = "backoffice.alerts"
    found: dict[str, int] | None = cache.get(key)
    if found is None or set(found) != {watch.code for watch in WATCHES}:
        now = clock.page_now()
        found = {watch.code: watch.look(now) for watch in WATCHES}
        cache.set(key, found, FRESH_SECONDS)
    return found


def _silence(now: datetime) -> int:
    """Seconds since the heartbeat, when that is too long; a shop in which nothing ever ran is silent too."""
    last = JobRun.objects.filter(name=HEARTBEAT).values_list("succeeded_at", flat=True).first()
    if last is not None and now - last < HEARTBEAT_SILENCE:
        return 0
    return max(int((now - last).total_seconds()), 1) if last else 1


def _failed_jobs(now: datetime) -> int:
    return JobRun.objects.filter(is_ok=False).count()


def _late_events(now: datetime) -> int:
    waiting_since = now - LATE
    return OutboxDelivery.objects.filter(done_at=None, parked_at=None, available_at__lt=waiting_since).count()


def _unknown_payments(now: datetime) -> int:
    open_states = [PaymentStatus.CREATED, PaymentStatus.PENDING]
    return Payment.objects.filter(
        status__in=open_states, is_unknown=True, created_at__lt=now - UNKNOWN_FOR
    ).count()


def _sold_out(now: datetime) -> int:
    return stock.sold_out().count()


def _single_sources(now: datetime) -> int:
    return sourcing.single_source_count()


def _papers_ending(now: datetime) -> int:
    return sourcing.papers_ending_count()


def _almost_gone(now: datetime) -> int:
    return stock_alerts.tally().urgent


def _no_licence(now: datetime) -> int:
    facts = merchant.current()
    return int(not (facts.company and facts.licence_number))


def _no_texts(now: datetime) -> int:
    return sum(consents.current(kind) is None for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY))


def _no_payment_keys(now: datetime) -> int:
    return int(not (settings.WECHAT_PAY_MCHID and settings.WECHAT_PAY_APIV3_KEY))


def _list(model: str, query: str = "") -> Callable[[], str]:
    return lambda: f"{reverse(f'admin:{model}_changelist')}{query}"


def _late_plans(now: datetime) -> int:
    today = clock.business_day(now)
    plans = list(seasons.running(today).exclude(warned=[]))
    return sum(bool(standing.late) for standing in seasons.standings(plans, today))


WATCHES = (
    Watch(
        "silent",
        "core.view_jobrun",
        _silence,
        lambda count: _now("The background work has stopped"),
        _(
            "Payments aren't asked for, orders aren't closed, messages aren't sent. "
            "Start worker and beat again."
        ),
        _list("core_jobrun"),
    ),
    Watch(
        "unknown_payments",
        "orders.view_payment",
        _unknown_payments,
        lambda count: ngettext(
            "{count} payment waits for the gateway's answer",
            "{count} payments wait for the gateway's answer",
            count,
        ).format(count=count),
        _("Nothing is lost: we keep asking. If it lasts, look at WeChat Pay's status page."),
        _list("orders_payment", "?is_unknown__exact=1"),
    ),
    Watch(
        "failed_jobs",
        "core.view_jobrun",
        _failed_jobs,
        lambda count: ngettext("{count} periodic job failed", "{count} periodic jobs failed", count).format(
            count=count
        ),
        _("It is tried again at its next time. The error stands in the list."),
        _list("core_jobrun", "?is_ok__exact=0"),
        "soon",
    ),
    Watch(
        "late_events",
        "core.view_outboxdelivery",
        _late_events,
        lambda count: ngettext(
            "{count} event is delivered late", "{count} events are delivered late", count
        ).format(count=count),
        _("What follows from orders and payments, such as points and messages, comes later than usual."),
        _list("core_outboxdelivery", "?stand=waiting"),
        "soon",
    ),
    Watch(
        "sold_out",
        "catalog.view_stocklevel",
        _sold_out,
        lambda count: ngettext(
            "{count} SKU on the shelf is sold out", "{count} SKUs on the shelf are sold out", count
        ).format(count=count),
        _("Shoppers see it and can't buy it. Receive stock, or take it off the shelf."),
        _list("catalog_stocklevel", "?todo=sold_out"),
        "soon",
    ),
    Watch(
        "single_source",
        "catalog.see_cost",
        _single_sources,
        lambda count: ngettext(
            "{count} key SKU has fewer than two suppliers",
            "{count} key SKUs have fewer than two suppliers",
            count,
        ).format(count=count),
        _("When that supplier fails, a best seller runs out. Find a second one that stands by."),
        lambda: reverse("admin:catalog_supplier_sourcing"),
        "calm",
    ),
    Watch(
        "supplier_papers",
        "catalog.change_supplier",
        _papers_ending,
        lambda count: ngettext(
            "{count} paper of a supplier ends within 30 days",
            "{count} papers of suppliers end within 30 days",
            count,
        ).format(count=count),
        _("Ask the supplier for the new one and keep it on its page."),
        _list("catalog_supplier"),
        "calm",
    ),
    Watch(
        "almost_gone",
        "catalog.view_stockalert",
        _almost_gone,
        lambda count: ngettext(
            "{count} stock is almost gone or sold out", "{count} stocks are almost gone or sold out", count
        ).format(count=count),
        _("At a place where it is kept, by its mark or its days of cover. Reorder, or bring some over."),
        _list("catalog_stockalert", "?todo=stock_short"),
        "soon",
        of_all_places=True,
    ),
    Watch(
        "late_plans",
        "catalog.view_seasonplan",
        _late_plans,
        lambda count: ngettext(
            "{count} seasonal plan is late", "{count} seasonal plans are late", count
        ).format(count=count),
        _("Stock, pictures or goods of a season are not ready on their day. Open the calendar."),
        _list("catalog_seasonplan"),
        "soon",
    ),
    Watch(
        "no_licence",
        "members.view_merchant",
        _no_licence,
        lambda count: _now("The business licence isn't shown yet"),
        _("The law wants company name and licence number on every shop's pages."),
        _list("members_merchant"),
        "soon",
    ),
    Watch(
        "no_texts",
        "members.view_consenttext",
        _no_texts,
        lambda count: _now("Terms of service or privacy policy are missing"),
        _("Shoppers agree to them when they sign in. Publish both before you open."),
        _list("members_consenttext"),
        "soon",
    ),
    Watch(
        "no_payment_keys",
        "core.view_setting",
        _no_payment_keys,
        lambda count: _now("WeChat Pay isn't connected"),
        _("Nobody can pay yet. The merchant number and its keys belong into the environment of the server."),
        lambda: reverse("backoffice:help", args=["payment-keys"]),
    ),
)
