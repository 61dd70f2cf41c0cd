"""Looking at personal data: masked by default, one look at a time, counted and recorded."""

from datetime import timedelta

from members.errors import TooManyLooks
from members.models import User
from members.policies import PHONES_SHOWN_A_DAY
from shop.core import audit, clock
from shop.core.models import AuditEntry
from shop.core.transactions import unit

VERB = "look_at_phone"


@unit
def show_phone(*, user: User, actor: str, reason: str, ip: str = "") -> str:
    """The whole number, for whoever has a reason. Raises TooManyLooks beyond the day's allowance."""
    limit = PHONES_SHOWN_A_DAY.get()
    day_ago = clock.page_now() - timedelta(days=1)
    if AuditEntry.objects.filter(actor=actor, verb=VERB, created_at__gt=day_ago).count() >= limit:
        raise TooManyLooks(limit=limit, retry_after=3600)
    audit.record(actor=actor, verb=VERB, target=f"user:{user.pk}", reason=reason, ip=ip)
    return user.phone
