"""What WeChat pushes to us: into the inbox first, each once; then noted where it belongs."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from members.errors import MessageNotKnown
from members.events import WechatPushed
from members.models import WechatPush
from members.services import messages
from shop.core import clock
from shop.core.events import publish
from shop.core.transactions import unit

KEPT = ("MsgId", "MsgID", "FromUserName", "CreateTime", "MsgType", "Event", "Status", "EventKey")
PATIENCE = timedelta(minutes=5)
TEMPLATE_RESULT = "TEMPLATESENDJOBFINISH"


@unit
def receive(*, fields: Mapping[str, str]) -> None:
    """Takes in a push that was verified and decrypted. A message is known by its MsgId, an event by sender,
    time and name: the same one again changes nothing. What people wrote is not kept."""
    push, is_new = WechatPush.objects.get_or_create(
        key=_key(fields),
        defaults={
            "kind": fields.get("MsgType", "")[:20],
            "event": fields.get("Event", "")[:40],
            "content": {name: fields[name][:200] for name in KEPT if name in fields},
            "received_at": clock.page_now(),
        },
    )
    if is_new:
        publish(WechatPushed(push_id=push.pk))


@unit
def process(*, push_id: int) -> None:
    """Notes the result of a template message; everything else just stays in the inbox. Raises MessageNotKnown
    when the result was faster than our own note of the number."""
    push = WechatPush.objects.get(pk=push_id)
    if push.processed_at is not None:
        return
    if push.event.upper() == TEMPLATE_RESULT:
        number = push.content.get("MsgID") or push.content.get("MsgId") or ""
        is_known = messages.note_result(vendor_number=number, status=push.content.get("Status", ""))
        if not is_known and clock.page_now() - push.received_at < PATIENCE:
            raise MessageNotKnown()
    WechatPush.objects.filter(pk=push_id).update(processed_at=clock.page_now())


def _key(fields: Mapping[str, str]) -> str:
    if fields.get("MsgType") != "event" and fields.get("MsgId"):
        return f"message:{fields['MsgId']}"[:160]
    parts = [fields.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "MsgID")]
    return f"event:{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"
