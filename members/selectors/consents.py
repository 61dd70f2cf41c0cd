"""The texts in force, and who agreed to them."""

from members.models import Consent, ConsentText, User
from members.terms import ConsentKind

NEEDED = (ConsentKind.TERMS, ConsentKind.PRIVACY)


def current(kind: str) -> ConsentText | None:
    """The version in force, None while the merchant has published none."""
    return ConsentText.objects.filter(kind=kind, published_at__isnull=False).order_by("-version").first()


def is_granted(user: User, kind: str) -> bool:
    """Whether the person agreed to the version in force and hasn't withdrawn it."""
    text = current(kind)
    return text is not None and Consent.objects.filter(user=user, text=text, withdrawn_at=None).exists()


def missing(user: User) -> list[str]:
    """Kinds the shop can't do without whose version in force the person hasn't agreed to."""
    granted = set(
        Consent.objects.filter(user=user, withdrawn_at=None).values_list("text__kind", "text__version")
    )
    texts = [text for kind in NEEDED if (text := current(kind))]
    return [text.kind for text in texts if (text.kind, text.version) not in granted]


def history(user: User) -> list[Consent]:
    """Everything the person agreed to, the newest first."""
    return list(Consent.objects.filter(user=user).select_related("text").order_by("-granted_at"))
