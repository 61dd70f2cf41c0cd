"""The promise about the books: ours add up, and they say what WeChat's say; and one price in every fen."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

from django.core.management import call_command
from django.utils.translation import gettext as _

from marketing.models import FullReduction, FullReductionStep, LevelPrice
from marketing.services import coupons
from members.models import Level
from orders.models import Payment, Refund
from orders.terms import PaymentStatus, RefundStatus
from shop.backoffice.invariants import every_invariant
from shop.backoffice.proof import bank, shopping
from shop.backoffice.proof.scene import Scene
from shop.backoffice.proof.town import Town
from shop.core import clock, money


def balanced() -> Scene:
    """Every row against every invariant, and our money against WeChat's ledger."""
    invariants = every_invariant()
    broken = [f"{one.id}: {one.statement}: {row}" for one in invariants for row in one.broken()]
    ours = _ours()
    theirs = _theirs()
    differing = sorted(ours ^ theirs)
    taken, returned = (
        sum(fen for kind, _number, fen in theirs if kind == wanted) for wanted in ("paid", "back")
    )
    return Scene(
        title=_("All the books"),
        done=_(
            "Every promise of the database is checked over all rows ({count} rules), and our payments and "
            "refunds are compared with WeChat's own ledger."
        ).format(count=len(invariants)),
        expected=_("No row breaks a rule; both ledgers agree to the fen."),
        came=_(
            "{rows} rows break a rule. {differing} payments or refunds differ. WeChat took {taken} and gave "
            "{returned} back."
        ).format(
            rows=len(broken),
            differing=len(differing),
            taken=money.show(money.from_fen(taken)),
            returned=money.show(money.from_fen(returned)),
        ),
        is_kept=not broken and not differing and taken > 0,
        more=tuple([*broken, *map(str, differing)][:20]),
    )


def explained(town: Town) -> Scene:
    """One order with as many offers as it can have, explained to the fen."""
    _offers()
    member = town.member(grown=1500)
    grant = coupons.claim(coupon_id=town.coupon().pk, member_id=member.pk)
    apples = town.product("烟台红富士 5 斤", price="36.80", stocked=20)
    cherries = town.product("车厘子 2 斤", price="128.00", stocked=20, objects="1f352")
    order = shopping.order(member, {apples.pk: 2, cherries.pk: 1}, coupon_grant_id=grant.pk)
    out = StringIO()
    call_command("explain_order", order.number, stdout=out)
    lines = order.lines.all()
    parts = sum((line.due for line in lines), order.freight_due)
    return Scene(
        title=_("Where every fen of a price comes from"),
        done=_("A gold member buys three things with a coupon, while a full reduction runs."),
        expected=_("The order itself says how its price came about, and the parts add up."),
        came=_("Goods and freight make {parts}, the order says {due}.").format(
            parts=money.show(parts), due=money.show(order.due)
        ),
        is_kept=parts == order.due and order.due < order.list_total,
        more=tuple(out.getvalue().splitlines()),
    )


def _offers() -> None:
    now = clock.now()
    for rank, rate in ((1, "0.95"), (2, "0.90")):
        LevelPrice.objects.get_or_create(
            level=Level.objects.get(rank=rank), defaults={"rate": Decimal(rate), "is_stackable": True}
        )
    reduction = FullReduction.objects.create(
        name="满 100 减 10",
        scope_kind="all",
        is_cumulative=False,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=30),
    )
    FullReductionStep.objects.create(reduction=reduction, threshold=Decimal("100"), off=Decimal("10"))


def _ours() -> set[tuple[str, str, int]]:
    paid = Payment.objects.filter(gateway="wechat", status=PaymentStatus.PAID)
    back = Refund.objects.filter(payment__gateway="wechat", status=RefundStatus.SUCCEEDED)
    return {("paid", one.number, money.to_fen(one.amount)) for one in paid} | {
        ("back", one.number, money.to_fen(one.amount)) for one in back
    }


def _theirs() -> set[tuple[str, str, int]]:
    ledger = bank.ledger()
    return {
        ("paid", row["out_trade_no"], row["total"]) for row in ledger["payments"] if row["state"] == "SUCCESS"
    } | {
        ("back", row["out_refund_no"], row["amount"])
        for row in ledger["refunds"]
        if row["status"] == "SUCCESS"
    }
