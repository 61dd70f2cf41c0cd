"""凑单: what is missing to the next step of an offer, and goods that close the gap."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.models import FreightTemplate, Product
from catalog.selectors import categories, products
from catalog.terms import ProductStatus
from marketing import wording
from marketing.pricing import facts, hints
from marketing.pricing.quote import Quote, WhyNot
from marketing.selectors import coupons, levels, quotes, running
from members.models import Member
from members.selectors import addresses
from orders.services.placing import LineRequest
from orders.terms import DeliveryMode
from shop.core import clock, money
from shop.core.errors import NotFound
from shop.storefront import goods

SHOWN = 24
LOOKED_AT = 40
KINDS = ("reduction", "tier", "bundle", "freight", "coupon")


@dataclass(frozen=True, slots=True)
class Goal:
    """A rule one can reach by buying more: its goods, and its first step in words and in yuan."""

    rule: str
    name: str
    scope: facts.Scope | None
    first: str
    first_amount: Decimal | None = None
    template_id: int | None = None

    @property
    def grant_id(self) -> int | None:
        return int(self.rule.partition(":")[2]) if self.rule.startswith("coupon:") else None


@dataclass(frozen=True, slots=True)
class Progress:
    """`words` say what is missing or what was reached; `missing` is in yuan, None when pieces count or
    nothing is missing; `share` is how much of the way is done, in hundredths."""

    words: str
    is_reached: bool
    missing: Decimal | None
    share: int
    total: Decimal
    saved: Decimal


@dataclass(frozen=True, slots=True)
class Hint:
    """A next step in words, and the page with goods for it."""

    words: str
    href: str


def hint_links(quote: Quote | None) -> list[Hint]:
    """What is within reach, nearest first, each with the goods that close the gap."""
    if quote is None:
        return []
    return [Hint(wording.explain_why_not(step), address(step.rule)) for step in hints.next_steps(quote)]


def address(rule: str) -> str:
    return f"{reverse('storefront:gather')}?{urlencode({'rule': rule})}"


def goal(rule: str, member: Member | None) -> Goal:
    """Raises NotFound for a rule that doesn't run, or a coupon that isn't theirs, and what is raised for
    coupons that can't be used."""
    kind, _sign, number = rule.partition(":")
    if kind not in KINDS or not number.isascii() or not number.isdigit() or len(number) > 12:
        raise NotFound()
    if kind == "coupon":
        if member is None:
            raise NotFound()
        return _of_coupon(rule, coupons.fact(int(number), member.pk, clock.page_now()))
    if kind == "freight":
        return _of_freight(rule, int(number))
    return _of_offer(rule)


def progress(goal: Goal, member: Member | None, wants: list[LineRequest]) -> Progress:
    """Where the basket stands on the way to the goal."""
    quote = None
    if wants:
        home = addresses.default(member) if member else None
        quote = quotes.make(
            member=member,
            wants=[(str(want.sku_id), want.sku_id, want.quantity) for want in wants],
            delivery_mode=DeliveryMode.EXPRESS,
            region_code=home.region_code if home else "",
            coupon_grant_id=goal.grant_id,
            points=None,
        )
    if quote is None or not quote.lines:
        return Progress(goal.first, False, goal.first_amount, 0, money.ZERO, money.ZERO)
    step = next((one for one in hints.next_steps(quote) if one.rule == goal.rule), None)
    reached = sum((one.amount for one in quote.adjustments if one.rule == goal.rule), money.ZERO)
    if step is None and not reached:
        return Progress(goal.first, False, goal.first_amount, 0, quote.due, quote.saved)
    return Progress(
        words=_words(step, reached),
        is_reached=bool(reached),
        missing=_missing(step),
        share=_share(step),
        total=quote.due,
        saved=quote.saved,
    )


def fitting(goal: Goal, missing: Decimal | None, member: Member | None) -> tuple[goods.Good, ...]:
    """Goods of the rule, those first that just close the gap at this member's price, then the nearest below
    it; cheapest first where pieces count. A fixed number of queries."""
    on_shelf = _in_scope(goal).filter(status=ProductStatus.ON_SHELF)
    if missing is None:
        found = list(on_shelf.order_by("lowest_price", "-id").values_list("pk", flat=True)[:LOOKED_AT])
    else:
        level = levels.price(member.level_id, ()) if member and member.level_id else None
        if level and level.rate:
            missing = missing / level.rate
        above = on_shelf.filter(lowest_price__gte=missing).order_by("lowest_price", "-id")
        below = on_shelf.filter(lowest_price__lt=missing).order_by("-lowest_price", "-id")
        found = [pk for rows in (above, below) for pk in rows.values_list("pk", flat=True)[:LOOKED_AT]]
        found = found[: LOOKED_AT + SHOWN]
    cards = [card for card in products.cards(found) if not card.is_sold_out]
    return goods.with_offers(cards[:SHOWN])


def _of_coupon(rule: str, coupon: facts.Coupon) -> Goal:
    worth = wording.coupon_short(coupon.kind, coupon.threshold, coupon.off, coupon.rate)
    return Goal(rule, coupon.name, coupon.scope, worth, coupon.threshold or None)


def _of_freight(rule: str, template_id: int) -> Goal:
    if not FreightTemplate.objects.filter(pk=template_id).exists():
        raise NotFound()
    words = _("Free delivery from a certain amount")
    return Goal(rule, _("Free delivery"), None, words, template_id=template_id)


def _of_offer(rule: str) -> Goal:
    offers = running.at(clock.page_now(), sku_ids=())
    for reduction in offers.reductions:
        if reduction.rule == rule:
            threshold, off = min(reduction.steps)
            first = wording.reduction_step(threshold, off, is_cumulative=reduction.is_cumulative)
            return Goal(rule, reduction.name, reduction.scope, first, threshold)
    for tier in offers.tiers:
        if tier.rule == rule:
            return Goal(rule, tier.name, tier.scope, wording.tier_step(*min(tier.steps)))
    for bundle in offers.bundles:
        if bundle.rule == rule:
            scope = facts.Scope("skus", frozenset(bundle.parts))
            return Goal(rule, bundle.name, scope, wording.yuan(bundle.price))
    raise NotFound()


def _in_scope(goal: Goal) -> QuerySet[Product]:
    everything = Product.objects.all()
    scope = goal.scope
    if goal.template_id is not None:
        own = Q(freight_template=goal.template_id)
        if FreightTemplate.objects.filter(pk=goal.template_id, is_default=True).exists():
            own |= Q(freight_template=None)
        return everything.filter(own)
    if scope is None or scope.kind == "all":
        return everything
    if scope.kind == "products":
        return everything.filter(pk__in=scope.ids)
    if scope.kind == "skus":
        return everything.filter(pk__in=Product.objects.filter(skus__in=scope.ids).values("pk"))
    nodes = [node for pk in scope.ids if (node := categories.node(pk))]
    return everything.filter(category__in=[pk for node in nodes for pk in node.all_ids()])


def _words(step: WhyNot | None, reached: Decimal) -> str:
    if step is None:
        return _("Reached: {amount} off").format(amount=money.show(reached))
    if reached:
        return _("{amount} off reached. {next}").format(
            amount=money.show(reached), next=wording.explain_why_not(step)
        )
    return wording.explain_why_not(step)


def _missing(step: WhyNot | None) -> Decimal | None:
    if step is None or "missing" not in step.parameters:
        return None
    return Decimal(str(step.parameters["missing"]))


def _share(step: WhyNot | None) -> int:
    if step is None:
        return 100
    p = step.parameters
    if "missing" in p and Decimal(str(p.get("threshold", 0))):
        threshold = Decimal(str(p["threshold"]))
        return max(0, int((threshold - Decimal(str(p["missing"]))) * 100 / threshold))
    if "missing_count" in p and p.get("min_quantity"):
        return max(0, (int(p["min_quantity"]) - int(p["missing_count"])) * 100 // int(p["min_quantity"]))
    return 50
