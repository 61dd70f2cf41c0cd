from django.contrib import admin
from django.contrib.auth.models import Group

from members.admin import (
    consents,
    levels,
    members,
    merchant,
    merges,
    messages,
    phone_codes,
    points,
    staff,
    wechat,
)

__all__ = [
    "consents",
    "levels",
    "members",
    "merchant",
    "merges",
    "messages",
    "phone_codes",
    "points",
    "staff",
    "wechat",
]

# roles come from the table in members/roles.py
admin.site.unregister(Group)
