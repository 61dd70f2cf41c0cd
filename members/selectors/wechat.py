"""What WeChat knows of our people."""

from members.models import WechatIdentity


def is_bound(user_id: int) -> bool:
    """Whether this person can sign in by WeChat."""
    return WechatIdentity.objects.filter(user_id=user_id).exists()


def openid(*, user_id: int, app_id: str) -> str:
    """Under which name an app knows this person, the newest first; empty when it doesn't."""
    rows = WechatIdentity.objects.filter(user_id=user_id, app_id=app_id).order_by("-pk")
    return (rows.values_list("openid", flat=True).first() or "") if app_id else ""
