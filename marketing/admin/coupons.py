from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from marketing import wording
from marketing.admin.examples import ExampleMixin, Rows
from marketing.admin.forms import CheckedForm
from marketing.admin.offers import SCOPE_FIELDS, SHOWN_WHEN, shown_when
from marketing.models import Coupon, CouponGrant
from marketing.pricing import facts
from marketing.selectors import coupon_figures, examples
from marketing.selectors.examples import Example
from marketing.services import checks, coupons
from marketing.terms import CouponKind, GrantStatus, ScopeKind
from members.selectors import people
from members.services import people as accounts
from shop.core import money
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


NAMED = 3
VALUE_FIELDS = {
    "off": (CouponKind.FIXED,),
    "rate": (CouponKind.PERCENT,),
    "cap": (CouponKind.PERCENT,),
}


PHONES_AT_MOST = 200


class PhonesForm(forms.Form):
    phones = forms.CharField(
        label=_("Phone numbers of the members"),
        help_text=_("One a line, at most 200."),
        widget=UnfoldAdminTextareaWidget,
        max_length=PHONES_AT_MOST * 20,
    )

    def clean_phones(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["phones"].splitlines()))[:PHONES_AT_MOST]


@admin.register(Coupon)
class CouponAdmin(ExampleMixin, BaseAdmin):
    form = CouponForm
    list_display = (
        "name",
        "show_value",
        "show_issued",
        "show_used",
        "show_cost",
        "show_validity",
        "is_claimable",
        "is_active",
    )
    change_form_before_template = "admin/marketing/coupon_summary.html"
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
                    "is_claimable",
                    "claim_from",
                    "claim_until",
                    "is_active",
                )
            },
        ),
    )

    @display(description=_("value"))
    def show_value(self, coupon: Coupon) -> str:
        return wording.coupon_short(coupon.kind, coupon.threshold, coupon.off, coupon.rate)

    @display(description=_("handed out"), ordering="issued_count")
    def show_issued(self, coupon: Coupon) -> str:
        total = "∞" if coupon.total_count is None else coupon.total_count
        return f"{coupon.issued_count} / {total}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        return coupon_figures.with_use(super().get_queryset(request))

    @display(description=_("used"), ordering="used_count")
    def show_used(self, coupon: Any) -> int:
        return coupon.used_count  # type: ignore[no-any-return]

    @display(description=_("cost so far"), ordering="cost")
    def show_cost(self, coupon: Any) -> str:
        return money.show(coupon.cost)

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
        _("Give to members"),
        permission="marketing.change_coupon",
        form=PhonesForm,
        confirm=_("Each member gets one copy at once, also while the coupon is not being handed out."),
        when=lambda coupon: coupon.is_active,
        icon="card_giftcard",
    )
    def give(self, request: HttpRequest, obj: Coupon, data: dict[str, Any]) -> str:
        known = {phone: people.find_by_phone(phone) for phone in data["phones"]}
        members = {phone: accounts.member_of(user).pk for phone, user in known.items() if user is not None}
        if not members:
            raise NotFound()
        given = coupons.give_all(coupon_id=obj.pk, member_ids=list(members.values()), source=actor(request))
        words = [ngettext("{count} member has it.", "{count} members have it.", given.count)]
        if given.had_count:
            words.append(ngettext("{had} had it already.", "{had} had it already.", given.had_count))
        if given.gone_count:
            words.append(
                ngettext(
                    "{gone} got none: no copies are left.",
                    "{gone} got none: no copies are left.",
                    given.gone_count,
                )
            )
        if strangers := [phone for phone, user in known.items() if user is None]:
            words.append(gettext("Not a member: {phones}.").format(phones="、".join(strangers[:5])))
        return " ".join(words).format(count=given.count, had=given.had_count, gone=given.gone_count)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Above the form, what the coupon does in words and what it has done so far."""
        coupon = self.get_object(request, object_id) if object_id and request.method == "GET" else None
        summary = {"coupon_words": self._words(coupon), "figures": self._figures(coupon)} if coupon else {}
        return super().changeform_view(request, object_id, form_url, {**summary, **(extra_context or {})})

    def _words(self, coupon: Coupon) -> str:
        """One sentence a merchant can read aloud."""
        worth = wording.coupon_short(coupon.kind, coupon.threshold, coupon.off, coupon.rate)
        cap = gettext("at most {cap} off").format(cap=wording.yuan(coupon.cap)) if coupon.cap else ""
        goods = gettext("for all goods")
        if coupon.scope_kind != ScopeKind.ALL:
            things = list(getattr(coupon, coupon.scope_kind).all()[: NAMED + 1])
            goods = gettext("for {goods}").format(
                goods=gettext(", ").join(str(one) for one in things[:NAMED])
            )
            goods += gettext(" and more") if len(things) > NAMED else ""
        way = gettext("members claim it") if coupon.is_claimable else gettext("only you give it")
        return gettext(" · ").join(part for part in (worth, cap, goods, way) if part)

    def _figures(self, coupon: Coupon) -> list[tuple[str, str, int | None]]:
        """Words, figure, hundredths for a bar."""
        so_far = coupon_figures.of(coupon)
        total = coupon.total_count
        issued = f"{so_far.issued} / {total}" if total else str(so_far.issued)
        return [
            (pgettext("coupon", "Handed out"), issued, so_far.issued * 100 // total if total else None),
            (pgettext("coupons", "Used"), str(so_far.used), so_far.share(so_far.used)),
            (gettext("In open orders"), str(so_far.held), so_far.share(so_far.held)),
            (gettext("Still to use"), str(so_far.available), so_far.share(so_far.available)),
            (gettext("Expired or taken back"), str(so_far.over), so_far.share(so_far.over)),
            (gettext("Cost so far"), money.show(so_far.cost), None),
        ]


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
