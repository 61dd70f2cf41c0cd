"""What WeChat means for people: staff bound to the mini-program, and what WeChat pushed to us. The shopper's
identities are beside the user."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class StaffWechat(models.Model):
    """A person who works here and the WeChat they sign in with. Apart from shoppers' identities: a silent
    sign-in to the shop never opens the back office."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_wechats", verbose_name=_("person")
    )
    app_id = models.CharField(max_length=32, editable=False)
    openid = models.CharField(max_length=64, editable=False)
    unionid = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("bound"), default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("WeChat of staff")
        verbose_name_plural = _("WeChats of staff")
        permissions = [("unbind_staffwechat", _("Can unbind a WeChat of staff"))]
        constraints = [
            models.UniqueConstraint(fields=["app_id", "openid"], name="staff_wechat_once"),
            models.UniqueConstraint(fields=["app_id", "user"], name="staff_one_wechat_an_app"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.openid[:6]}…"


class WechatPush(models.Model):
    """One message or event WeChat pushed; the same one pushed again is the same row."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    event = models.CharField(_("event"), max_length=40, blank=True)
    content = models.JSONField(default=dict)
    received_at = models.DateTimeField(_("received"), default=clock.page_now, editable=False)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("WeChat push")
        verbose_name_plural = _("WeChat pushes")
        constraints = [models.CheckConstraint(name="wechat_push_key", condition=~Q(key=""))]
        indexes = [models.Index(fields=["received_at"], name="wechat_push_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"
