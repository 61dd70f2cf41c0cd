from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from marketing import wording
from marketing.admin.examples import ExampleMixin, Rows
from marketing.admin.forms import CheckedForm
from marketing.admin.offers import SCOPE_FIELDS, SHOWN_WHEN, shown_when
from marketing.models import Coupon, CouponGrant
from marketing.pricing import facts
from marketing.selectors import examples
from marketing.selectors.examples import Example
from marketing.services import checks, coupons
from marketing.terms import CouponKind, GrantStatus
from members.selectors import people
from members.services import people as accounts
from shop.core.admin import BaseAdmin, ReadOnlyAdmin, ReasonForm, actor, service_action
from shop.core.errors import NotFound


class CouponForm(CheckedForm):
    def check(self, data: dict[str, Any]) -> None:
        checks.scope(data["scope_kind"], data)
        checks.coupon(
            kind=data["kind"],
            threshold=data["threshold"],
            off=data["off"],
            rate_paid=data["rate"],
            cap=data["cap"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            valid_days=data["valid_days"],
            claim_from=data["claim_from"],
            claim_until=data["claim_until"],
            total_count=data["total_count"],
            issued_count=self.instance.issued_count,
        )

    def clean(self) -> dict[str, Any] | None:
        """What another kind needs is left behind when the kind changes."""
        if "kind" in self.cleaned_data:
            for name, kinds in VALUE_FIELDS.items():
                if self.cleaned_data["kind"] not in kinds:
                    self.cleaned_data[name] = None
        return super().clean()


VALUE_FIELDS = {
    "off": (CouponKind.FIXED,),
    "rate": (CouponKind.PERCENT,),
    "cap": (CouponKind.PERCENT,),
}


class PhoneForm(forms.Form):
    phone = forms.CharField(label=_("Phone number of the member"), max_length=20)


@admin.register(Coupon)
class CouponAdmin(ExampleMixin, BaseAdmin):
    form = CouponForm
    list_display = ("name", "show_value", "show_issued", "show_validity", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    autocomplete_fields = ("products", "categories", "skus")
    conditional_fields = {
        **SHOWN_WHEN,
        "off": shown_when("kind", "fixed"),
        "rate": shown_when("kind", "percent"),
        "cap": shown_when("kind", "percent"),
    }
    readonly_fields = ("issued_count",)
    actions_detail = ("give",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "threshold", "off", "rate", "cap")}),
        (_("Which goods"), {"fields": SCOPE_FIELDS}),
        (_("When it can be used"), {"fields": ("valid_from", "valid_until", "valid_days")}),
        (
            _("Handing out"),
            {
                "fields": (
                    "total_count",
                    "issued_count",
                    "per_member",
                    "claim_from",
                    "claim_until",
                    "is_active",
                )
            },
        ),
    )

    @display(description=_("value"))
    def show_value(self, coupon: Coupon) -> str:
        if coupon.kind == CouponKind.FIXED:
            return wording.reduction_step(coupon.threshold, coupon.off or 0)
        value = wording.discount(coupon.rate) if coupon.rate else coupon.get_kind_display()
        if not coupon.threshold:
            return value
        return gettext("{value} from {threshold}").format(
            value=value, threshold=wording.yuan(coupon.threshold)
        )

    @display(description=_("handed out"), ordering="issued_count")
    def show_issued(self, coupon: Coupon) -> str:
        total = "∞" if coupon.total_count is None else coupon.total_count
        return f"{coupon.issued_count} / {total}"

    @display(description=_("valid until"))
    def show_validity(self, coupon: Coupon) -> Any:
        if coupon.valid_until is not None:
            return coupon.valid_until
        return gettext("{days} days from receipt").format(days=coupon.valid_days)

    def examples(self, rule: Coupon, rows: Rows) -> Sequence[Example]:
        return examples.of_coupon(
            facts.Coupon(
                rule="coupon:0",
                name=rule.name or "…",
                kind=rule.kind,  # type: ignore[arg-type]
                threshold=rule.threshold,
                off=rule.off,
                rate=rule.rate,
                cap=rule.cap,
            )
        )

    @service_action(
        _("Give to a member"),
        permission="marketing.change_coupon",
        form=PhoneForm,
        confirm=_("The member gets one copy at once, also while the coupon is not being handed out."),
        when=lambda coupon: coupon.is_active,
        icon="card_giftcard",
    )
    def give(self, request: HttpRequest, obj: Coupon, data: dict[str, Any]) -> str:
        user = people.find_by_phone(data["phone"])
        if user is None:
            raise NotFound()
        member = accounts.member_of(user)
        coupons.give(coupon_id=obj.pk, member_id=member.pk, source=actor(request))
        return gettext("The member has the coupon.")


@admin.register(CouponGrant)
class CouponGrantAdmin(ReadOnlyAdmin):
    list_display = ("coupon", "member", "show_status", "reference", "valid_until", "created_at")
    list_select_related = ("coupon", "member__user")
    list_filter = ("status", "coupon")
    search_fields = ("reference", "coupon__name")
    actions_detail = ("revoke",)

    @display(
        description=_("status"),
        ordering="status",
        label={
            GrantStatus.AVAILABLE: "success",
            GrantStatus.HELD: "info",
            GrantStatus.USED: "default",
            GrantStatus.EXPIRED: "warning",
            GrantStatus.REVOKED: "danger",
        },
    )
    def show_status(self, grant: CouponGrant) -> tuple[str, str]:
        return grant.status, grant.get_status_display()

    @service_action(
        _("Take back"),
        permission="marketing.change_coupongrant",
        form=ReasonForm,
        confirm=_("The member can no longer use this coupon."),
        when=lambda grant: grant.status == GrantStatus.AVAILABLE,
        danger=True,
        icon="undo",
    )
    def revoke(self, request: HttpRequest, obj: CouponGrant, data: dict[str, Any]) -> str:
        coupons.revoke(grant_id=obj.pk, actor=actor(request), reason=data["reason"])
        return gettext("The coupon was taken back.")
