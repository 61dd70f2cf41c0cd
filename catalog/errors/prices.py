"""Refusals about prices."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class BelowFloor(Refusal):
    """The price is under the SKU's floor price. extra: floor."""

    code = "below_floor"
    message = _("The price may not be lower than ¥{floor}.")


class AboveCeiling(Refusal):
    """The price is over the SKU's ceiling price. extra: ceiling."""

    code = "above_ceiling"
    message = _("The price may not be higher than ¥{ceiling}.")


class PriceChangedTooOften(Refusal):
    """People changed this SKU's price as often as the shop allows. extra: sku, limit, days, again_at."""

    code = "price_changed_too_often"
    message = _("{sku}: the price was changed {limit} times in {days} days. It may change again {again_at}.")


class ReasonMissing(Refusal):
    """A price is changed without a reason."""

    code = "reason_missing"
    status = 400
    message = _("Say why the price changes.")


class PriceMovedOn(Refusal):
    """What is to be taken back is no longer the price. extra: price."""

    code = "price_moved_on"
    message = _("The price changed since; it is ¥{price} now and stays.")


class RunIsOver(Refusal):
    """A repricing was applied, dropped or taken back already."""

    code = "run_is_over"
    message = _("This repricing is over already.")


class ObservationUnclear(Refusal):
    """A competitor's price that can't be kept. extra: detail."""

    code = "observation_unclear"
    status = 400
    message = _("This competitor's price can't be kept: {detail}")


class PageNotRead(Refusal):
    """A competitor's page could not be read. extra: detail."""

    code = "page_not_read"
    status = 502
    message = _("The page was not read: {detail}")


class NoticeNotNeeded(Refusal):
    """The goods are there already."""

    code = "notice_not_needed"
    message = _("It is in stock already.")


class TooManyNotices(Refusal):
    """The member waits for as many things as one may. extra: limit."""

    code = "too_many_notices"
    message = _("You are waiting for {limit} things already. Take some off the list first.")
