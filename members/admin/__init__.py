from django.contrib import admin
from django.contrib.auth.models import Group

from members.admin import consents, levels, members, merchant, phone_codes, points, staff

__all__ = ["consents", "levels", "members", "merchant", "phone_codes", "points", "staff"]

# roles come from the table in members/roles.py
admin.site.unregister(Group)
