"""The first steps of a new shop. Each ticks itself when it is done; nobody has to say so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import FreightTemplate, Place, Product
from catalog.policies.shelf import LAUNCH_AT_MOST
from catalog.terms import ProductStatus
from members.models import Merchant, User
from members.selectors import consents
from members.terms import ConsentKind
from shop.core import clock

ENOUGH_GOODS = 20
FIRST_WEEK = timedelta(days=7)
FRESH_SECONDS = 20
DONE_SECONDS = 24 * 3600
KEY = "backoffice.checklist"
DISMISSED = "checklist.dismissed"


@dataclass(frozen=True, slots=True)
class Step:
    """`link` leads to where it is done; whoever lacks `permission` sees the step without it."""

    code: str
    title: str | Promise
    words: str | Promise
    icon: str
    permission: str
    link: str
    is_done: bool


def steps(user: Any) -> list[Step]:
    """All steps with what is done of them; a handful of small queries, none once everything is done."""
    done = _done()
    hints = {"goods": _first_batch(done["goods"])}
    return [
        Step(
            code,
            title,
            hints.get(code) or words,
            icon,
            permission,
            link() if user.has_perm(permission) else "",
            done[code],
        )
        for code, title, words, icon, permission, link, _look in STEPS
    ]


def _first_batch(is_enough: bool) -> str:
    """What to say to a shop that opens with more than it can do well; nothing once its first week is over."""
    if not is_enough:
        return ""
    most = LAUNCH_AT_MOST.get()
    shelf = Product.objects.filter(status=ProductStatus.ON_SHELF).order_by("on_shelf_at")
    first = shelf.values_list("on_shelf_at", flat=True).first()
    if first is None or clock.page_now() - first > FIRST_WEEK:
        return ""
    count = shelf.count()
    if count <= most:
        return ""
    words = _now(
        "First batch: {count} products. Twenty to {most} well-made ones sell better than many half-done; "
        "the rest can follow."
    )
    return words.format(count=count, most=most)


def is_complete() -> bool:
    return all(_done().values())


def _done() -> dict[str, bool]:
    found: dict[str, bool] | None = cache.get(KEY)
    if found is None or set(found) != {step[0] for step in STEPS}:
        found = {step[0]: step[-1]() for step in STEPS}
        cache.set(KEY, found, DONE_SECONDS if all(found.values()) else FRESH_SECONDS)
    return found


def _merchant() -> Merchant:
    return Merchant.objects.filter(pk=Merchant.ONLY).first() or Merchant()


def _has_texts() -> bool:
    return all(consents.current(kind) for kind in (ConsentKind.TERMS, ConsentKind.PRIVACY))


def _has_delivery() -> bool:
    return Place.objects.filter(is_active=True).exists() and FreightTemplate.objects.exists()


def _has_goods() -> bool:
    shelf = Product.objects.filter(status=ProductStatus.ON_SHELF).order_by()
    return shelf[:ENOUGH_GOODS].count() >= ENOUGH_GOODS


def _has_keys() -> bool:
    return bool(settings.WECHAT_PAY_MCHID and settings.WECHAT_PAY_APIV3_KEY)


def _has_staff() -> bool:
    return User.objects.filter(is_staff=True, is_active=True, groups__isnull=False).exists()


def _has_wechat() -> bool:
    return bool(settings.WECHAT_OA_APPID or settings.WECHAT_MP_APPID)


def _page(name: str, query: str = "") -> Callable[[], str]:
    return lambda: f"{reverse(name)}{query}"


def _guide(slug: str) -> Callable[[], str]:
    return lambda: reverse("backoffice:help", args=[slug])


Look = Callable[[], bool]
Row = tuple[str, str | Promise, str | Promise, str, str, Callable[[], str], Look]

STEPS: tuple[Row, ...] = (
    (
        "name",
        _("Name the shop"),
        _("Name, slogan and the phone shoppers call."),
        "storefront",
        "members.change_merchant",
        _page("admin:members_merchant_changelist"),
        lambda: bool(_merchant().shop_name and _merchant().phone),
    ),
    (
        "licence",
        _("Show the business licence"),
        _("Company name, licence number and its picture; the law wants them on the pages."),
        "verified",
        "members.change_merchant",
        _page("admin:members_merchant_changelist"),
        lambda: bool(_merchant().company and _merchant().licence_number),
    ),
    (
        "texts",
        _("Publish terms and privacy policy"),
        _("Shoppers agree to both when they sign in."),
        "gavel",
        "members.change_consenttext",
        _page("admin:members_consenttext_changelist"),
        _has_texts,
    ),
    (
        "delivery",
        _("Say how goods reach people"),
        _("A place they leave from or are collected in, and what sending costs."),
        "local_shipping",
        "catalog.change_freighttemplate",
        _page("admin:catalog_freighttemplate_changelist"),
        _has_delivery,
    ),
    (
        "payment",
        _("Connect WeChat Pay"),
        _("The merchant number and keys; the guide says where to get them."),
        "payments",
        "core.view_setting",
        _guide("payment-keys"),
        _has_keys,
    ),
    (
        "goods",
        _("Put the first 20 products on the shelf"),
        _("By hand or from a table; twenty to thirty make a shop worth a visit."),
        "grocery",
        "catalog.add_product",
        _page("admin:catalog_product_add"),
        _has_goods,
    ),
    (
        "staff",
        _("Give staff their roles"),
        _("Everybody signs in with their own name and sees only what they need."),
        "badge",
        "members.view_staff",
        _page("admin:members_staff_changelist"),
        _has_staff,
    ),
    (
        "wechat",
        _("Connect the WeChat official account"),
        _("Then shoppers come in without a code and pay inside WeChat."),
        "chat",
        "core.view_setting",
        _guide("wechat-account"),
        _has_wechat,
    ),
)
