"""Telling members what happened to their orders, by the way WeChat knows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from members.channels import wechat
from members.channels.base import Ok, Outcome, Rejected
from members.errors import MessageNotSent
from members.events import MessageWritten
from members.models import Message
from members.policies import TEMPLATES
from members.selectors import wechat as identities
from members.terms import MessageChannel, MessageDelivery, MessageKind
from shop.core import clock, targets
from shop.core.events import publish
from shop.core.transactions import forbid_transaction, unit
from shop.core.wechat import apps

FACTS: dict[str, str] = {
    MessageKind.ORDER_PAID: "character_string1=number thing2=what amount3=amount time4=when",
    MessageKind.ORDER_SHIPPED: (
        "character_string1=number thing2=what thing3=carrier character_string4=tracking"
    ),
    MessageKind.PICKUP_READY: "character_string1=number thing2=place character_string3=code thing4=hint",
    MessageKind.REFUND_DONE: "character_string1=number amount2=amount thing3=why time4=when",
    MessageKind.GOODS_BACK: "thing1=what thing2=specification amount3=price thing4=hint",
    MessageKind.PRICE_DROP: "thing1=what thing2=specification amount3=price amount4=before",
    MessageKind.GOODS_RECALLED: "character_string1=number thing2=what thing3=why thing4=hint",
}


@dataclass(frozen=True, slots=True)
class _Way:
    channel: str
    openid: str
    template: str


@unit
def tell(*, member_id: int, kind: str, parameters: Mapping[str, str], target: str = "", key: str) -> None:
    """Writes a message in the running transaction; it leaves after the commit. The same key is one message.
    Nothing is written while neither WeChat app is set up."""
    if not (apps.is_on("oa") or apps.is_on("mp")):
        return
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "member_id": member_id,
            "kind": MessageKind(kind),
            "parameters": dict(parameters),
            "target": target,
            "created_at": clock.page_now(),
        },
    )
    if is_new:
        publish(MessageWritten(message_id=message.pk))


def send(*, message_id: int) -> None:
    """Sends what is waiting, once; harmless when repeated. Raises MessageNotSent while WeChat is silent: the
    caller tries again."""
    forbid_transaction()
    message = Message.objects.select_related("member").get(pk=message_id)
    if message.delivery != MessageDelivery.WAITING:
        return
    way = _way(message)
    if way is None:
        _note(message, MessageDelivery.SKIPPED)
        return
    _record(message, way.channel, _hand_over(message, way))


def note_result(*, vendor_number: str, status: str) -> bool:
    """What WeChat says later about a template message: "success", "failed:user block", "failed: system
    failed". False when no message has this number (yet), or none was said."""
    if not vendor_number:
        return False
    word = status.strip().lower()
    delivery = MessageDelivery.FAILED
    if word == "success":
        delivery = MessageDelivery.DELIVERED
    elif "block" in word:
        delivery = MessageDelivery.UNWANTED
    rows = Message.objects.filter(vendor_number=vendor_number, channel=MessageChannel.OFFICIAL)
    error = "" if delivery == MessageDelivery.DELIVERED else status[:200]
    return bool(rows.update(delivery=delivery, error=error))


def _way(message: Message) -> _Way | None:
    """The official account first, the mini-program when the member is known there only; a way has a
    template."""
    user_id = message.member.user_id
    for app, channel in (("oa", MessageChannel.OFFICIAL), ("mp", MessageChannel.MINI_PROGRAM)):
        openid = identities.openid(user_id=user_id, app_id=apps.app_id(app))  # type: ignore[arg-type]
        template = TEMPLATES[app, message.kind].get()
        if openid and template:
            return _Way(channel, openid, template)
    return None


def _hand_over(message: Message, way: _Way) -> Outcome:
    template_id, *pairs = way.template.split()
    wanted = pairs or FACTS[message.kind].split()
    facts = message.parameters
    data = {word: str(facts.get(fact, "")) for word, _, fact in (pair.partition("=") for pair in wanted)}
    if way.channel == MessageChannel.OFFICIAL:
        return wechat.send_template(
            openid=way.openid,
            template_id=template_id,
            data=data,
            url=targets.address(message.target),
            out_id=f"message-{message.pk}",
        )
    return wechat.send_subscribed(openid=way.openid, template_id=template_id, data=data)


def _record(message: Message, channel: str, outcome: Outcome) -> None:
    if isinstance(outcome, Ok):
        _note(message, MessageDelivery.SENT, channel, vendor_number=outcome.vendor_id[:64])
    elif isinstance(outcome, Rejected):
        is_normal = outcome.code in wechat.UNWANTED
        delivery = MessageDelivery.UNWANTED if is_normal else MessageDelivery.FAILED
        _note(message, delivery, channel, error=f"{outcome.code} {outcome.message}"[:200])
    else:
        raise MessageNotSent(reason=outcome.reason)


def _note(message: Message, delivery: str, channel: str = "", **values: str) -> None:
    sent_at = clock.page_now() if delivery == MessageDelivery.SENT else None
    Message.objects.filter(pk=message.pk, delivery=MessageDelivery.WAITING).update(
        delivery=delivery, channel=channel, sent_at=sent_at, **values
    )
