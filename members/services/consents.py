"""Consent: to one version of one text, given by the person, as easily taken back."""

from collections.abc import Sequence

from django.db.models import Max

from members.errors import TextNotPublished
from members.models import Consent, ConsentText, User
from members.selectors import consents
from members.terms import ConsentKind
from shop.core import audit, clock, crypto
from shop.core.errors import Invalid
from shop.core.text import clean_html
from shop.core.transactions import unit


@unit
def grant(*, user: User, kinds: Sequence[str], ip: str) -> list[Consent]:
    """Agrees to the versions in force. Call it only for boxes the person ticked. Harmless when repeated.
    Raises TextNotPublished for a kind without a published text."""
    return [_grant(user, kind, ip) for kind in kinds]


@unit
def withdraw(*, user: User, kind: str) -> None:
    """Takes back every live consent of this kind; harmless when there is none."""
    Consent.objects.filter(user=user, text__kind=kind, withdrawn_at=None).update(withdrawn_at=clock.now())


@unit
def publish(*, kind: str, title: str, body: str, actor: str) -> ConsentText:
    """A new version, in force at once; people are asked again. What was published before never changes."""
    if kind not in ConsentKind.values or not title.strip() or not body.strip():
        raise Invalid()
    last = ConsentText.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    text = ConsentText.objects.create(
        kind=kind, version=last + 1, title=title.strip(), body=clean_html(body), published_at=clock.now()
    )
    audit.record(
        actor=actor,
        verb="publish_consent_text",
        target=f"consent_text:{text.pk}",
        after={"version": last + 1},
    )
    return text


def _grant(user: User, kind: str, ip: str) -> Consent:
    text = consents.current(kind)
    if text is None:
        raise TextNotPublished(kind=kind)
    consent, _ = Consent.objects.get_or_create(
        user=user,
        text=text,
        withdrawn_at=None,
        defaults={"granted_at": clock.now(), "ip_hash": crypto.keyed_hash(ip, "ip") if ip else ""},
    )
    return consent
