"""Recalled goods that buyers have: each order is noted, its member told, and its money given back."""

from django.utils.translation import gettext as _

from catalog.models import Recall
from members.services import messages
from members.terms import MessageKind
from orders import locks
from orders.models import Order, OrderLine, RecallCase
from orders.selectors import recalls as selector
from orders.services import refunds
from orders.terms import RefundKind, RefundStatus
from shop.core import clock, long_work
from shop.core.errors import Refusal
from shop.core.long_work import Outcome, Progress
from shop.core.models import Job
from shop.core.transactions import unit

REFUND = "orders.refund_recall"


@unit
def open_cases(*, recall_id: int) -> int:
    """Note every order that got goods of the recalled batches and tell its member, once; returns how many
    are new.
    """
    recall = Recall.objects.get(pk=recall_id)
    pieces: dict[int, int] = {}
    for one in selector.traced(list(recall.batches.values_list("pk", flat=True))):
        pieces[one.order_id] = pieces.get(one.order_id, 0) + one.pieces
    known = set(recall.cases.values_list("order", flat=True))
    fresh = sorted(pieces.keys() - known)
    now = clock.page_now()
    RecallCase.objects.bulk_create(
        RecallCase(recall=recall, order_id=order_id, pieces=pieces[order_id], created_at=now)
        for order_id in fresh
    )
    for order in Order.objects.filter(pk__in=fresh).order_by("pk"):
        messages.tell(
            member_id=order.member_id,
            kind=MessageKind.GOODS_RECALLED,
            parameters={
                "number": order.number,
                "what": recall.title,
                "why": recall.reason,
                "hint": recall.advice,
            },
            target=order.reference,
            key=f"recall:{recall.pk}:{order.number}",
        )
    return len(fresh)


def ask_refund(*, recall_id: int, actor: str) -> Job:
    """Give the money of all orders of a recall back, as long work."""
    return long_work.ask(kind=REFUND, actor=actor, arguments={"recall": recall_id})


def run(job: Job, progress: Progress) -> Outcome:
    """Refund order by order, each in a transaction of its own; what can't be refunded says why."""
    ids = list(selector.open_cases(int(job.arguments["recall"])).values_list("pk", flat=True))
    progress.starts(len(ids), _("Giving money back …"))
    done = 0
    for pk in ids:
        is_done = refund(case_id=pk, actor=job.actor)
        done += is_done
        progress.step(failed=not is_done)
    words = _("The money of {count} orders is on its way back; {rest} need a look.")
    return Outcome(
        words.format(count=done, rest=len(ids) - done), {"refunded": done, "rest": len(ids) - done}
    )


def refund(*, case_id: int, actor: str) -> bool:
    """Give the recalled pieces of one order back; False when it can't be, with the reason on the case."""
    try:
        return _refund(case_id=case_id, actor=actor)
    except Refusal as refusal:
        RecallCase.objects.filter(pk=case_id).update(trouble=refusal.message_text[:200])
        return False


def pieces_to_refund(case: RecallCase) -> dict[int, int]:
    """Pieces by line id that the order still has of what is recalled. A bundle goes back whole when one of
    its components is.
    """
    recalled: dict[int, int] = {}
    for one in selector.traced(list(case.recall.batches.values_list("pk", flat=True)), case.order_id):
        recalled[one.sku_id] = recalled.get(one.sku_id, 0) + one.pieces
    quantities: dict[int, int] = {}
    for line in OrderLine.objects.filter(order=case.order_id).prefetch_related("components").order_by("pk"):
        left = line.quantity - line.refunded_count
        taken = min(recalled.get(line.sku_id, 0), left)
        recalled[line.sku_id] = recalled.get(line.sku_id, 0) - taken
        for part in line.components.all():
            wanted = min(recalled.get(part.sku_id, 0), part.quantity - part.refunded_count)
            recalled[part.sku_id] = recalled.get(part.sku_id, 0) - wanted
            taken = max(taken, min(-(-wanted // part.per_bundle), left))
        if taken:
            quantities[line.pk] = taken
    return quantities


@unit
def _refund(*, case_id: int, actor: str) -> bool:
    locks.order(RecallCase.objects.values_list("order", flat=True).get(pk=case_id))
    case = RecallCase.objects.select_related("recall", "refund").get(pk=case_id)
    if case.refund is not None and case.refund.status != RefundStatus.CLOSED:
        return True
    quantities = pieces_to_refund(case)
    if not quantities:
        RecallCase.objects.filter(pk=case_id).update(trouble=_("Everything was refunded before."))
        return False
    case.refund = refunds.request(
        order_id=case.order_id,
        reason=case.recall.title,
        kind=RefundKind.RECALL,
        actor=actor,
        quantities=quantities,
    )
    case.trouble = ""
    case.save(update_fields=["refund", "trouble"])
    return True
