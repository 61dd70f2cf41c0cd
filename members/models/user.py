from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from shop.core import clock, crypto
from shop.core.fields import CaseFoldedEmailField, EncryptedTextField
from shop.core.text import mask_phone

PHONE_PURPOSE = "phone"


def phone_hash(phone: str) -> str:
    """The keyed hash under which a normalised phone number (11 digits) is stored and searched."""
    return crypto.keyed_hash(phone, PHONE_PURPOSE)


class UserManager(BaseUserManager["User"]):
    def create_user(
        self,
        username: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> User:
        """Save a new person. No password means none can be used; no username means a random one."""
        user = self.model(username=username or f"u_{secrets.token_hex(8)}", email=email or None, **extra)
        if phone:
            user.put_phone(phone)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(username, password=password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person: shopper, staff or both. The phone is kept encrypted, searched by its keyed hash."""

    username = models.CharField(_("username"), max_length=40, unique=True)
    display_name = models.CharField(_("display name"), max_length=40, blank=True)
    phone_cipher = EncryptedTextField(_("mobile phone"), null=True, blank=True, editable=False)
    phone_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    phone_tail = models.CharField(_("last four digits"), max_length=4, blank=True, editable=False)
    email = CaseFoldedEmailField(_("e-mail"), unique=True, null=True, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=clock.page_now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="user_phone_whole",
                condition=Q(phone_cipher__isnull=True, phone_hash__isnull=True)
                | Q(phone_cipher__isnull=False, phone_hash__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["-joined_at"], name="user_joined"),
            models.Index(fields=["phone_tail", "-id"], name="user_phone_tail", condition=~Q(phone_tail="")),
            GinIndex(
                OpClass(Upper("display_name"), name="gin_trgm_ops"),
                name="user_display_name_words",
                condition=~Q(display_name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.masked_phone or self.username

    @property
    def phone(self) -> str:
        """The number in clear, or an empty string."""
        return self.phone_cipher or ""

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone) if self.phone_tail else ""

    def put_phone(self, phone: str) -> None:
        """Set the three columns of a normalised number; the caller saves."""
        self.phone_cipher = phone
        self.phone_hash = phone_hash(phone)
        self.phone_tail = phone[-4:]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Staff(User):
    """People who work here, as the back office lists them."""

    class Meta:
        proxy = True
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")


class WechatIdentity(models.Model):
    """One person in one WeChat app; the union id joins the apps of one merchant."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="wechat_identities")
    app_id = models.CharField(max_length=32)
    openid = models.CharField(max_length=64)
    unionid = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(default=clock.page_now, editable=False)

    class Meta:
        verbose_name = _("WeChat identity")
        verbose_name_plural = _("WeChat identities")
        constraints = [models.UniqueConstraint(fields=["app_id", "openid"], name="wechat_identity_once")]

    def __str__(self) -> str:
        return f"{self.app_id}:{self.openid[:6]}…"
