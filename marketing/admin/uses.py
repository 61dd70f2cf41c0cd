from django.contrib import admin

from marketing.models import PromotionUse
from shop.core.admin import ReadOnlyAdmin


@admin.register(PromotionUse)
class PromotionUseAdmin(ReadOnlyAdmin):
    list_display = ("rule", "member", "reference", "quantity", "amount", "created_at", "released_at")
    list_select_related = ("member__user",)
    search_fields = ("rule", "reference")
    ordering = ("-id",)
