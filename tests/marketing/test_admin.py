"""Rules in the back office: saved when they can work, refused with a sentence, shown with a live example."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from marketing.models import (
    BundlePrice,
    Coupon,
    CouponGrant,
    FullReduction,
    LevelPrice,
    PurchaseLimit,
    SkuLevelPrice,
    TierPrice,
)
from members.models import Level, User
from shop.core import clock
from shop.core.models import AuditEntry
from tests.factories.catalog import CategoryFactory, a_sku
from tests.factories.marketing import (
    a_bundle,
    a_coupon,
    a_grant,
    a_level,
    a_limit,
    a_reduction,
    a_shopper,
    a_sku_level_price,
    a_tier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("merchant"))
    client.cookies["django_language"] = "en"
    return client


def url(model, verb: str, *args) -> str:
    return reverse(f"admin:marketing_{model._meta.model_name}_{verb}", args=args)


def when(moment) -> dict[str, str]:
    local = moment.astimezone(clock.SHANGHAI)
    return {"starts_at_0": f"{local:%Y-%m-%d}", "starts_at_1": f"{local:%H:%M:%S}"}


def offer(*rows: dict, name: str = "多买多省", prefix: str = "steps", **fields) -> dict[str, object]:
    """The posted form of an offer with its inline rows."""
    data: dict[str, object] = {
        "name": name,
        "scope_kind": "all",
        "is_active": "on",
        **when(clock.page_now()),
        "ends_at_0": "",
        "ends_at_1": "",
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": 0,
        **fields,
    }
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
    return data


def step(pieces: int, rate: str) -> dict:
    return {"min_quantity": pieces, "rate": rate}


def off(threshold: str, amount: str) -> dict:
    return {"threshold": threshold, "off": amount}


def coupon(**fields) -> dict[str, object]:
    return {
        "name": "新人券",
        "kind": "fixed",
        "threshold": "80",
        "off": "10",
        "rate": "",
        "cap": "",
        "scope_kind": "all",
        "valid_days": "7",
        "per_member": "1",
        "total_count": "100",
        "is_active": "on",
        **fields,
    }


def errors(answer) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def test_a_tier_price_is_saved_and_audited(merchant):
    answer = merchant.post(url(TierPrice, "add"), offer(step(2, "0.9"), step(5, "0.8")))
    assert answer.status_code == 302, errors(answer)
    tier = TierPrice.objects.get()
    assert [(s.min_quantity, s.rate) for s in tier.steps.all()] == [(2, Decimal("0.9")), (5, Decimal("0.8"))]
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"add", "change_steps"} <= verbs
    assert AuditEntry.objects.get(verb="change_steps").changes["step 2"] == [None, "0.900"]


REFUSED = [
    (TierPrice, lambda: offer(), "Add at least one step"),
    (
        TierPrice,
        lambda: offer(step(2, "0.8"), step(5, "0.9")),
        "From 5 pieces the factor must be lower than 0.8",
    ),
    (TierPrice, lambda: offer(step(2, "0.8"), step(2, "0.7")), "duplicate"),
    (TierPrice, lambda: offer(step(2, "1")), "between 0.1 and 1"),
    (TierPrice, lambda: offer(step(2, "0.05")), "between 0.1 and 1"),
    (TierPrice, lambda: offer(step(2, "0.9"), scope_kind="products"), "Choose at least one"),
    (
        TierPrice,
        lambda: offer(step(2, "0.9"), ends_at_0="2020-01-01", ends_at_1="00:00"),
        "The end must be later than the start",
    ),
    (FullReduction, lambda: offer(off("100", "120")), "never exceeds its threshold"),
    (FullReduction, lambda: offer(off("100", "10"), off("300", "10")), "From ¥300 more than ¥10 must be"),
    (
        FullReduction,
        lambda: offer(off("100", "10"), off("300", "50"), is_cumulative="on"),
        "has one step only",
    ),
    (FullReduction, lambda: offer(off("0", "0")), "are more than 0"),
    (Coupon, lambda: coupon(off=""), "how many yuan"),
    (Coupon, lambda: coupon(off="90"), "more than its threshold"),
    (Coupon, lambda: coupon(kind="percent"), "which share of the price"),
    (Coupon, lambda: coupon(kind="percent", rate="1.2"), "between 0.1 and 1"),
    (Coupon, lambda: coupon(valid_days=""), "either a fixed end or a number of days"),
    (PurchaseLimit, lambda: {"per_member": "3", "is_active": "on"}, "either a product or a SKU"),
]


@pytest.mark.parametrize(("model", "data", "words"), REFUSED)
def test_a_rule_that_cannot_work_is_refused_with_a_sentence(merchant, model, data, words):
    answer = merchant.post(url(model, "add"), data())
    assert answer.status_code == 200
    assert words in errors(answer)
    assert not model.objects.exists()


def test_prices_of_members_and_bundles_must_be_lower(merchant):
    sku, level = a_sku(price="100.00"), a_level(rate=None)
    answer = merchant.post(url(LevelPrice, "add"), {"level": level.pk, "rate": "0.98", "is_active": "on"})
    assert "At most 0.97" in errors(answer)
    answer = merchant.post(url(SkuLevelPrice, "add"), {"sku": sku.pk, "level": level.pk, "price": "99"})
    assert "At most ¥97: the normal price is ¥100" in errors(answer)
    parts = offer({"sku": sku.pk, "quantity": 2}, prefix="parts", price="200")
    assert "One by one these goods cost ¥200" in errors(merchant.post(url(BundlePrice, "add"), parts))
    single = offer({"sku": sku.pk, "quantity": 1}, prefix="parts", price="90")
    assert "at least two pieces" in errors(merchant.post(url(BundlePrice, "add"), single))
    assert not (LevelPrice.objects.exists() or SkuLevelPrice.objects.exists() or BundlePrice.objects.exists())
    assert merchant.post(url(BundlePrice, "add"), {**parts, "price": "180"}).status_code == 302


def test_selling_below_cost_is_warned_of_and_allowed(merchant):
    a_level(rate="0.9")
    cherries = a_sku(price="10.00", cost_price=Decimal("7.50"), title="车厘子")
    a_sku(price="10.00", cost_price=Decimal("2.00"), title="苹果")
    answer = merchant.post(url(TierPrice, "add"), offer(step(2, "0.8"), is_stackable="on"), follow=True)
    assert "1 SKUs may sell below cost: 车厘子" in errors(answer)
    assert "at ¥7.20, cost ¥7.50" in errors(answer)
    other = offer(step(2, "0.8"), scope_kind="categories", categories=[CategoryFactory().pk])
    assert "below cost" not in errors(merchant.post(url(TierPrice, "add"), other, follow=True))
    assert TierPrice.objects.count() == 2
    limit = {"sku": cherries.pk, "per_member": "3", "period_days": "7", "is_active": "on"}
    assert merchant.post(url(PurchaseLimit, "add"), limit).status_code == 302


def test_the_example_is_made_of_the_form_before_it_is_saved(merchant):
    a_level("银卡", rate="0.9")
    answer = merchant.post(url(TierPrice, "example"), offer(step(2, "0.9"), is_stackable="on"))
    text = errors(answer)
    assert "Everyone ¥100 × 2 多买多省 (2 or more: 10% off) -¥20.00 ¥180.00" in text
    assert "银卡 ¥100 × 2 银卡 price, 10% off -¥20.00 多买多省 (2 or more: 10% off) -¥18.00 ¥162.00" in text
    assert "Everyone ¥100 Add 1 more for 10% off ¥100.00" in text
    assert not TierPrice.objects.exists()
    alone = merchant.post(url(TierPrice, "example"), offer(step(2, "0.8")))
    assert "银卡 ¥100 × 2 多买多省 (2 or more: 20% off) -¥40.00 ¥160.00" in errors(alone)


def test_the_example_says_what_is_wrong_with_the_form(merchant):
    answer = merchant.post(url(FullReduction, "example"), offer(off("100", "120")))
    assert "never exceeds its threshold" in errors(answer)
    answer = merchant.post(url(FullReduction, "example"), offer())
    assert "Add at least one step" in errors(answer)


def test_every_rule_page_shows_its_example(merchant):
    silver = a_level(rate="0.9")
    sku, other = a_sku(price="60.00"), a_sku(price="50.00")
    pages = {
        a_tier(): "¥180.00",
        a_reduction(): "Buy ¥1 more to get ¥10 off",
        a_bundle((sku, 1), (other, 1), price="90"): "¥90.00",
        silver.price: "¥90.00",
        a_sku_level_price(sku, silver, "45.00"): "¥45.00",
        a_coupon(threshold=Decimal("80")): "¥75.00",
    }
    for rule, words in pages.items():
        answer = merchant.get(url(type(rule), "change", rule.pk))
        assert words in errors(answer), type(rule)
        assert url(type(rule), "example_of", rule.pk) in answer.content.decode()


@pytest.mark.parametrize("model", [TierPrice, FullReduction, BundlePrice, LevelPrice, SkuLevelPrice, Coupon])
def test_lists_and_empty_forms_open(merchant, model):
    assert merchant.get(url(model, "changelist")).status_code == 200
    assert merchant.get(url(model, "add")).status_code == 200


def test_lists_do_not_ask_once_a_row(merchant, django_assert_max_num_queries):
    level, member = a_level(), a_shopper()
    for number in range(8):
        sku = a_sku(stock=0)
        a_tier()
        a_reduction()
        a_bundle((sku, 2), price="9.00")
        a_sku_level_price(sku, level, "9.00")
        a_limit(sku if number % 2 else sku.product, 2)
        a_grant(member)
    for model in (TierPrice, FullReduction, BundlePrice, SkuLevelPrice, PurchaseLimit, CouponGrant, Coupon):
        with django_assert_max_num_queries(14):
            assert merchant.get(url(model, "changelist")).status_code == 200


def test_state_of_an_offer_is_said_in_words(merchant):
    now = clock.now()
    a_tier(name="one")
    a_tier(name="two", starts_at=now + timedelta(days=1))
    a_tier(name="three", ends_at=now - timedelta(hours=1))
    a_tier(name="four", is_active=False)
    text = errors(merchant.get(url(TierPrice, "changelist")))
    for words in ("Running", "Starts later", "Over", "Switched off"):
        assert words in text


def test_a_change_of_steps_is_audited_by_number(merchant):
    tier = a_tier((2, "0.9"))
    row = tier.steps.get()
    data = offer({"id": row.pk, "tier": tier.pk, **step(2, "0.85")}, step(4, "0.7"))
    data["steps-INITIAL_FORMS"] = 1
    assert merchant.post(url(TierPrice, "change", tier.pk), data).status_code == 302
    changes = AuditEntry.objects.get(verb="change_steps").changes
    assert changes == {"step 2": ["0.900", "0.850"], "step 4": [None, "0.700"]}


def test_staff_give_a_coupon_by_phone_and_take_it_back(merchant):
    given, member = a_coupon(), a_shopper()
    member.user.put_phone("13800138000")
    member.user.save()
    give = url(Coupon, "give", given.pk)
    assert merchant.get(give).status_code == 200
    merchant.post(give, {"phones": "13900139000"})
    assert not CouponGrant.objects.exists()
    merchant.post(give, {"phones": "138 0013 8000\n13900139000"})
    grant = CouponGrant.objects.get()
    assert (grant.member, grant.status) == (member, "available")
    revoke = url(CouponGrant, "revoke", grant.pk)
    merchant.post(revoke, {"reason": "误发"})
    grant.refresh_from_db()
    assert grant.status == "revoked"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"give", "revoke"}


def test_who_may_only_look_changes_nothing():
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_tierprice"))
    client = Client()
    client.force_login(user)
    tier = a_tier()
    assert client.get(url(TierPrice, "changelist")).status_code == 200
    assert client.get(url(TierPrice, "change", tier.pk)).status_code == 200
    assert client.post(url(TierPrice, "add"), offer(step(2, "0.9"))).status_code == 403
    assert client.post(url(TierPrice, "example"), offer(step(2, "0.9"))).status_code == 403
    assert client.post(url(TierPrice, "example_of", tier.pk), offer(step(2, "0.9"))).status_code == 403
    assert client.get(url(Coupon, "changelist")).status_code == 403
    assert Level.objects.count() == 0
