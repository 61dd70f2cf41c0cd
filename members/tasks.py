"""Thin Celery names, and how long this app's growing tables keep their rows."""

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from knox.models import AuthToken

from members.models import Message, PhoneCode, WechatPush
from members.services import points
from shop.core.beat import beat_job
from shop.core.retention import keep


@beat_job("members.expire_points")
def expire_points() -> int:
    return points.expire_due()


def _codes(before: datetime) -> QuerySet[Any]:
    return PhoneCode.objects.filter(created_at__lt=before)


keep("phone_codes", timedelta(days=3), _codes)
keep("sessions", timedelta(), lambda before: Session.objects.filter(expire_date__lt=before))
keep("tokens", timedelta(), lambda before: AuthToken.objects.filter(expiry__lt=before))
keep("sign_in_log", timedelta(days=180), lambda before: AccessLog.objects.filter(attempt_time__lt=before))
keep(
    "sign_in_failures",
    timedelta(days=30),
    lambda before: AccessAttempt.objects.filter(attempt_time__lt=before),
)
keep("messages", timedelta(days=365), lambda before: Message.objects.filter(created_at__lt=before))
keep("wechat_pushes", timedelta(days=30), lambda before: WechatPush.objects.filter(received_at__lt=before))
