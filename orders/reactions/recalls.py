"""Goods called back: who bought some is found and told."""

from django.utils.translation import gettext_lazy as _

from catalog.events.batches import BatchRecalled
from orders.services import recalls
from shop.core import long_work
from shop.core.events import reacts_to

long_work.declare(
    recalls.REFUND, label=_("Refund of a recall"), permission="orders.refund_order", run=recalls.run
)


@reacts_to(BatchRecalled)
def note_buyers(event: BatchRecalled) -> None:
    recalls.open_cases(recall_id=event.recall_id)
