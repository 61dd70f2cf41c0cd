"""Spans of time that figures are counted in; days are business days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.core import clock


@dataclass(frozen=True, slots=True)
class Window:
    """From `start`, up to but without `end`; aware instants."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SameHour:
    """Today so far, and the two days it is fair to compare it with, each up to the same time of day."""

    today: Window
    yesterday: Window
    week_ago: Window


def same_hour(now: datetime) -> SameHour:
    start, _end = clock.day_bounds(clock.business_day(now))

    def back(days: int) -> Window:
        return Window(start - timedelta(days=days), now - timedelta(days=days))

    return SameHour(back(0), back(1), back(7))


def of_days(first: date, last: date) -> Window:
    """Whole business days, both included."""
    return Window(clock.day_bounds(first)[0], clock.day_bounds(last)[1])
