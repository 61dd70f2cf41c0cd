"""Telling people who work here, by the mini-program they bound."""

from collections.abc import Collection, Mapping

from members.channels import wechat
from members.channels.base import Ok, Unknown
from members.errors import MessageNotSent
from members.models import StaffWechat
from shop.core.transactions import forbid_transaction
from shop.core.wechat import apps


def tell(*, user_ids: Collection[int], template: str, facts: Mapping[str, str]) -> int:
    """Send a subscribe message to those of them who bound their WeChat; returns how many took it.

    `template` is "template id thing1=fact …". Somebody who said no is skipped; raises MessageNotSent while
    WeChat is silent, the caller tries again. Runs outside a transaction.
    """
    forbid_transaction()
    if not template or not apps.is_on("mp"):
        return 0
    template_id, *pairs = template.split()
    data = {word: facts.get(fact, "") for word, _, fact in (pair.partition("=") for pair in pairs)}
    bound = StaffWechat.objects.filter(user__in=user_ids, user__is_active=True, app_id=apps.app_id("mp"))
    taken = 0
    for openid in bound.order_by("pk").values_list("openid", flat=True):
        outcome = wechat.send_subscribed(openid=openid, template_id=template_id, data=data)
        if isinstance(outcome, Unknown):
            raise MessageNotSent(reason=outcome.reason)
        taken += isinstance(outcome, Ok)
    return taken
