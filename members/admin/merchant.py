from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminImageFieldWidget

from members.models import Merchant
from members.services import merchant
from shop.core import uploads
from shop.core.admin import BaseAdmin, actor
from shop.core.errors import Refusal
from shop.core.http import client_ip


class MerchantForm(forms.ModelForm):  # type: ignore[type-arg]
    logo_file = forms.FileField(
        label=_("new logo"),
        required=False,
        widget=UnfoldAdminImageFieldWidget,
        help_text=_("JPEG, PNG or WebP."),
    )
    licence_file = forms.FileField(
        label=_("new licence picture"),
        required=False,
        widget=UnfoldAdminImageFieldWidget,
        help_text=_("A photo or scan of the business licence; shown on the licence page."),
    )

    class Meta:
        model = Merchant
        fields = merchant.WORDS

    def clean_logo_file(self) -> Any:
        return self._picture("logo_file")

    def clean_licence_file(self) -> Any:
        return self._picture("licence_file")

    def _picture(self, name: str) -> Any:
        file = self.cleaned_data[name]
        if file:
            try:
                uploads.clean_image(file)
            except Refusal as refusal:
                raise forms.ValidationError(refusal.message_text) from refusal
        return file


@admin.register(Merchant)
class MerchantAdmin(BaseAdmin):
    """One page, no list."""

    form = MerchantForm
    fieldsets = (
        (
            _("The shop"),
            {"fields": (("shop_name", "slogan"), "show_logo", "logo_file", ("phone", "address"))},
        ),
        (
            _("What the law wants shown"),
            {
                "fields": (
                    ("company", "licence_number"),
                    "show_licence",
                    "licence_file",
                    "scope",
                    ("icp_number", "police_number"),
                ),
                "description": _(
                    "The footer of every page links to it: business licence (E-commerce Law, article 15),"
                    " ICP and police registration."
                ),
            },
        ),
    )
    readonly_fields = ("show_logo", "show_licence")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request) and not Merchant.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Merchant | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if Merchant.objects.exists():
            address = reverse("admin:members_merchant_change", args=[Merchant.ONLY])
        else:
            address = reverse("admin:members_merchant_add")
        return HttpResponseRedirect(address)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who = {"actor": actor(request), "ip": client_ip(request)}
        saved = merchant.save(**who, **{name: form.cleaned_data[name] for name in merchant.WORDS})
        for field, name in (("logo_file", "logo"), ("licence_file", "licence_image")):
            if file := form.cleaned_data.get(field):
                saved = merchant.put_picture(name=name, file=file, **who)
        obj.pk = saved.pk

    def response_add(
        self, request: HttpRequest, obj: Merchant, post_url_continue: Any = None
    ) -> HttpResponse:
        messages.success(request, str(_("The profile was saved.")))
        return HttpResponseRedirect(reverse("admin:members_merchant_change", args=[Merchant.ONLY]))

    response_change = response_add

    @display(description=_("logo"))
    def show_logo(self, profile: Merchant) -> SafeString | str:
        return _picture(profile.logo)

    @display(description=_("licence picture"))
    def show_licence(self, profile: Merchant) -> SafeString | str:
        return _picture(profile.licence_image)


def _picture(path: str) -> SafeString | str:
    if not path:
        return "-"
    address = uploads.derivative_url(path, 480)
    return format_html('<img src="{}" alt="" style="max-height:8rem;border-radius:8px">', address)
