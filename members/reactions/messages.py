from members.events import MessageWritten, WechatPushed
from members.services import messages, pushes
from shop.core.events import reacts_to


@reacts_to(MessageWritten, outside=True)
def send(event: MessageWritten) -> None:
    messages.send(message_id=event.message_id)


@reacts_to(WechatPushed, queue="notify")
def note(event: WechatPushed) -> None:
    pushes.process(push_id=event.push_id)
