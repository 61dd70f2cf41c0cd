from django.utils import translation
from django.utils.translation import gettext as _

from catalog.events import StockFellShort
from catalog.models import Place, StaffPlace
from catalog.policies import STAFF_TEMPLATE
from catalog.selectors import stock_alerts
from members.services import staff_messages
from shop.core.events import reacts_to

LANGUAGE = "zh-hans"


@reacts_to(StockFellShort, outside=True)
def tell_staff(event: StockFellShort) -> None:
    """Those who work at the place hear of what runs short there now; what is well again is left out."""
    template = STAFF_TEMPLATE.get()
    alerts = stock_alerts.worst(event.place_id, event.level_ids) if template else []
    if not alerts:
        return
    worst = alerts[0].level.sku.product.title
    with translation.override(LANGUAGE):
        words = _("{worst} runs short") if len(alerts) == 1 else _("{worst} and {more} more run short")
        what = words.format(worst=worst, more=len(alerts) - 1)
        hint = _("See “Running short”")
    staff_messages.tell(
        user_ids=list(StaffPlace.objects.filter(place=event.place_id).values_list("user", flat=True)),
        template=template,
        facts={"place": Place.objects.get(pk=event.place_id).name, "what": what, "hint": hint},
    )
