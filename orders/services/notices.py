"""The gateways' notices: verified, committed to the inbox, then settled. The HTTP status is the whole
answer."""

import logging
from collections.abc import Mapping

from django.db import transaction

from orders import gateways
from orders.errors import PaymentMismatch, PaymentNotKnown
from orders.gateways.base import NoticeContent, NoticeRefused, PaymentState
from orders.models import Notice
from orders.services import refunds, settling
from shop.core import clock
from shop.core.failpoints import failpoint
from shop.core.transactions import unit

log = logging.getLogger(__name__)
BODY_BYTES = 64 * 1024
KEPT_HEADERS = (
    "wechatpay-serial",
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-signature",
    "request-id",
)


def receive(*, gateway: str, kind: str, headers: Mapping[str, str], body: bytes) -> int:
    """Take a notice in. Answers the HTTP status for the gateway: 204 done, 401 not trusted, 404 no such
    address, 413 too large, 500 send it again (unknown number, mismatch). A duplicate that was never
    processed is processed.
    """
    if gateway not in gateways.names() or kind not in ("payment", "refund"):
        return 404
    if len(body) > BODY_BYTES:
        return 413
    try:
        content = gateways.get(gateway).read_notice(headers, body, clock.now())
    except NoticeRefused as refusal:
        log.warning("notice_refused", extra={"gateway": gateway, "why": str(refusal)})
        return 401
    if isinstance(content.state, PaymentState) != (kind == "payment"):
        return 401
    notice_id = _store(gateway, kind, content, headers, body)
    failpoint("after_notice_stored")
    try:
        _process(notice_pk=notice_id, gateway=gateway, content=content)
    except (PaymentMismatch, PaymentNotKnown) as refusal:
        Notice.objects.filter(pk=notice_id).update(outcome=str(refusal)[:200])
        log.error("notice_does_not_fit", extra={"gateway": gateway, "number": content.state.number})
        return 500
    return 204


@unit
def set_aside(*, notice_id: int, actor: str, reason: str) -> None:
    """Note that somebody looked into a notice that could not be processed. One that was processed stays
    so."""
    Notice.objects.filter(pk=notice_id, processed_at__isnull=True).update(
        processed_at=clock.now(), outcome=f"{actor}: {reason}"[:200]
    )


def _store(gateway: str, kind: str, content: NoticeContent, headers: Mapping[str, str], body: bytes) -> int:
    lowered = {name.lower(): value for name, value in headers.items()}
    with transaction.atomic():
        Notice.objects.bulk_create(
            [
                Notice(
                    gateway=gateway,
                    notice_id=content.notice_id,
                    kind=kind,
                    number=content.state.number[:64],
                    headers={name: lowered[name] for name in KEPT_HEADERS if name in lowered},
                    body=body.decode(errors="replace"),
                    resource=dict(content.resource),
                    received_at=clock.now(),
                )
            ],
            ignore_conflicts=True,
        )
        return Notice.objects.values_list("pk", flat=True).get(gateway=gateway, notice_id=content.notice_id)


@unit
def _process(*, notice_pk: int, gateway: str, content: NoticeContent) -> None:
    if Notice.objects.filter(pk=notice_pk, processed_at__isnull=False).exists():
        return
    state = content.state
    if isinstance(state, PaymentState):
        if state.word == "paid":
            settling.settle_state(state=state, gateway=gateway)
    else:
        refunds.settle(state=state, gateway=gateway)
    Notice.objects.filter(pk=notice_pk, processed_at__isnull=True).update(
        processed_at=clock.now(), outcome=state.word
    )
