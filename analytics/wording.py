"""Figures in words, for people who have to decide."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.forecasting.scoring import COMBINED, MIDDLE, NOTHING
from analytics.models import ReorderSuggestion, SkuHealth
from analytics.terms import RemedyKind


def method(name: str) -> str:
    """What a method of forecasting is called."""
    return {
        "seasonal_naive": _("As last week"),
        "mean_28": _("Mean of 28 days"),
        "smoothed_slow": _("Smoothed, slow"),
        "smoothed_fast": _("Smoothed, fast"),
        "tsb": _("Rare sales (TSB)"),
        "pooled_long": _("Learning from the neighbours, long memory"),
        "pooled_short": _("Learning from the neighbours, short memory"),
        COMBINED: _("Ours: combined"),
        MIDDLE: _("Ours: the middle of what may happen"),
        NOTHING: _("Always nothing"),
    }.get(name, name)


def pace(daily: float) -> str:
    """Pieces a day, or days a piece when it is few."""
    if daily >= 1:
        return _("{count} a day").format(count=f"{daily:.1f}")
    if daily * 7 >= 1:
        return _("{count} a week").format(count=f"{daily * 7:.1f}")
    if daily * 30 >= 0.5:
        return _("{count} a month").format(count=f"{daily * 30:.1f}")
    return _("hardly any")


def why_buy(row: ReorderSuggestion) -> list[str]:
    """How the quantity came about, a sentence a step."""
    days = row.lead_days + row.review_days
    expected = row.daily_mean * days
    said = [
        _("Free {free}, on the way {incoming}; sells {pace}.").format(
            free=row.free, incoming=row.incoming, pace=pace(row.daily_mean)
        ),
        _(
            "Until the goods after next could be here ({lead} + {review} days) about {expected} go; with a "
            "reserve of {reserve} for surprises the mark is {point}."
        ).format(
            lead=row.lead_days,
            review=row.review_days,
            expected=f"{expected:.1f}",
            reserve=f"{max(row.reorder_point - expected, 0):.1f}",
            point=row.reorder_point,
        ),
        _("Filled up to {target}: {missing} are missing.").format(
            target=row.target, missing=max(row.target - row.free - row.incoming, 0)
        ),
    ]
    if row.pack_size > 1 or row.minimum > 1:
        said.append(
            _("Comes in packs of {pack}, at least {minimum}: {quantity}.").format(
                pack=row.pack_size, minimum=row.minimum, quantity=row.quantity
            )
        )
    return said


def why_slow(row: SkuHealth) -> list[str]:
    """What the score is made of, in words with its points."""
    parts = [
        (
            row.idle_points,
            ngettext("no sale for {count} day", "no sale for {count} days", row.idle_days or 0).format(
                count=row.idle_days or 0
            ),
        ),
        (
            row.sell_points,
            _("{share} % of what lay there was sold in {days} days").format(
                share=f"{(row.sell_through or 0) * 100:.0f}", days=row.days
            ),
        ),
        (
            row.ageing_points,
            _("¥{value} have lain there for {days} days").format(
                value=row.stock_value, days=row.age_days or 0
            ),
        ),
        (row.holding_points, _("keeping it costs ¥{cost} a month").format(cost=row.holding_cost)),
    ]
    return [f"{points:.0f} · {words}" for points, words in parts]


def why_remedy(row: SkuHealth) -> str:
    """Why this remedy is suggested."""
    margin = f"{(row.margin or 0) * 100:.0f}"
    return (
        {
            RemedyKind.CLEAR: _(
                "It does not sell at this price; a margin of {margin} % leaves room to lower it."
            ),
            RemedyKind.BUNDLE: _("Some still want it, and a margin of {margin} % carries a bundle."),
            RemedyKind.OUTSIDE: _(
                "A margin of {margin} % leaves no room for a lower price: show it to other people."
            ),
            RemedyKind.RETURN: _("Much money lies in it and a supplier delivers it: ask to give it back."),
        }.get(RemedyKind(row.suggestion), "").format(margin=margin)
        if row.suggestion
        else ""
    )
