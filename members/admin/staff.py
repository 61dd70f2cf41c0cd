"""Accounts of the staff: who may come in, and as what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from members.admin.search import PeopleSearch
from members.errors import InvalidPhone, WeakPassword
from members.models import Staff, User
from members.models.user import phone_hash
from members.selectors import phones
from members.selectors import staff as facts
from members.services import passwords, staff
from members.terms import Role
from shop.core.admin import BaseAdmin, actor, service_action
from shop.core.errors import Refusal

ROLE_HELP = _(
    "Administrator: everything. Operator: goods, promotions, orders. Customer service: orders, refunds,"
    " members. Finance: payments and refunds. Warehouse: stock and shipping of its places. Store clerk:"
    " pickups of the store."
)


class RolesField(forms.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("roles"),
            choices=Role.choices,
            required=False,
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text=ROLE_HELP,
        )


class PasswordFields(forms.Form):
    """Two fields that must agree and be good enough for `self.person`."""

    password = forms.CharField(
        label=_("password"),
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        max_length=passwords.LONGEST,
        strip=False,
        help_text=_("At least 12 characters; four everyday words are best."),
    )
    repeated = forms.CharField(
        label=_("password again"),
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        max_length=passwords.LONGEST,
        strip=False,
    )

    def check_password(self, person: User) -> None:
        password, repeated = self.cleaned_data.get("password"), self.cleaned_data.get("repeated")
        if not password or not repeated:
            return
        if password != repeated:
            self.add_error("repeated", _now("The two passwords differ."))
            return
        try:
            passwords.check(user=person, password=password)
        except WeakPassword as refusal:
            self.add_error("password", refusal.message_text)


class NewPasswordForm(PasswordFields):
    def __init__(self, *args: Any, instance: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = instance

    def clean(self) -> dict[str, Any] | None:
        self.check_password(self.person)
        return self.cleaned_data


class NewStaffForm(PasswordFields, forms.ModelForm):  # type: ignore[type-arg]
    phone = forms.CharField(
        label=_("mobile phone"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("May be used as login."),
    )
    roles = RolesField()

    class Meta:
        model = Staff
        fields = ("username", "display_name", "email")

    def clean_phone(self) -> str:
        given = self.cleaned_data["phone"]
        if not given:
            return ""
        try:
            number = phones.normalise(given)
        except InvalidPhone as refusal:
            raise forms.ValidationError(refusal.message_text) from refusal
        if User.objects.filter(phone_hash=phone_hash(number)).exists():
            raise forms.ValidationError(_now("This phone already belongs to somebody."))
        return number

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        words = {name: self.cleaned_data.get(name) or "" for name in ("username", "display_name", "email")}
        self.check_password(User(is_staff=True, **words))
        return self.cleaned_data


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    roles = RolesField()

    class Meta:
        model = Staff
        fields = ("display_name", "email", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = facts.roles_of(self.instance)


@admin.register(Staff)
class StaffAdmin(PeopleSearch, BaseAdmin):
    list_display = ("show_person", "username", "show_phone", "show_roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("pk",)
    search_help_text = _("Whole phone number, its last four digits, or a name")
    ordering = ("-is_active", "username")
    actions_detail = ("set_password", "unlock_sign_in")
    readonly_fields = ("username", "show_phone", "last_login", "joined_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        roles = Prefetch("groups", Group.objects.filter(name__in=Role.values), to_attr="role_groups")
        return super().get_queryset(request).filter(is_staff=True).prefetch_related(roles)

    def has_delete_permission(self, request: HttpRequest, obj: Staff | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Staff | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = StaffForm if obj else NewStaffForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Staff | None = None) -> Any:
        if obj is None:
            names = ("username", "display_name", "phone", "email", "roles", "password", "repeated")
            return ((None, {"fields": names}),)
        return (
            (None, {"fields": (("username", "display_name"), ("show_phone", "email"), "roles", "is_active")}),
            (_("History"), {"fields": (("last_login", "joined_at"),)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return super().get_readonly_fields(request, obj) if obj else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.message_text)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = form.cleaned_data
        if change:
            staff.change(
                user=obj,
                roles=given["roles"],
                is_active=given["is_active"],
                display_name=given["display_name"],
                email=given["email"],
                actor=actor(request),
            )
            return
        made = staff.create(
            username=given["username"],
            display_name=given["display_name"],
            phone=given["phone"],
            email=given["email"] or "",
            password=given["password"],
            roles=given["roles"],
            actor=actor(request),
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    @service_action(
        _("Set a password"),
        permission="members.change_staff",
        form=NewPasswordForm,
        confirm=_("All tokens and sessions of this person end."),
        icon="key",
    )
    def set_password(self, request: HttpRequest, person: Staff, data: dict[str, Any]) -> None:
        staff.set_password(user=person, password=data["password"], actor=actor(request))

    @service_action(
        _("Unlock sign-in"),
        permission="members.change_staff",
        confirm=_("Wrong passwords so far are forgotten; the person can try again at once."),
        icon="lock_open",
    )
    def unlock_sign_in(self, request: HttpRequest, person: Staff, data: dict[str, Any]) -> None:
        staff.unlock(user=person)

    @display(description=_("display name"), ordering="display_name")
    def show_person(self, person: Staff) -> str:
        return person.display_name or person.username

    @display(description=_("mobile phone"))
    def show_phone(self, person: Staff) -> str:
        return person.masked_phone or "-"

    @display(description=_("roles"), label=True)
    def show_roles(self, person: Staff) -> str:
        if person.is_superuser:
            return _now("Superuser")
        names = [group.name for group in getattr(person, "role_groups", [])]
        return "、".join(str(Role(name).label) for name in names) or _now("none")
