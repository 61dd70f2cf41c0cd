"""What the merchant may set: typed policies declared in each app's policies.py, stored here, read from a
short cache."""

import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

from shop.core import audit, clock
from shop.core.errors import Invalid
from shop.core.models import Setting
from shop.core.transactions import unit_of_work

# ruff: noqa: A002
T = TypeVar("T")

FRESH_SECONDS = 5.0

_policies: dict[str, "Policy[Any]"] = {}
_values: dict[str, Any] = {}
_read_at = float("-inf")


class Policy(Generic[T]):
    """One thing the merchant may set. `low` and `high` are inclusive bounds (of a text's length); values
    outside are refused as Invalid. What has its own page isn't listed on the Settings page."""

    def __init__(
        self,
        name: str,
        *,
        kind: str,
        default: T,
        parse: Callable[[Any], T],
        label: str | Promise,
        help: str | Promise = "",
        low: Any = None,
        high: Any = None,
        has_own_page: bool = False,
    ) -> None:
        if name in _policies:
            raise ValueError(f"policy {name} is declared twice")
        self.name, self.kind, self.default, self.label, self.help = name, kind, default, label, help
        self.low, self.high, self.has_own_page = low, high, has_own_page
        self._parse = parse
        _policies[name] = self

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]

    def parse(self, raw: Any) -> T:
        """The typed value of what a person or the table gave; Invalid when it doesn't fit."""
        try:
            value = self._parse(raw)
        except (TypeError, ValueError, InvalidOperation) as problem:
            raise Invalid(policy=self.name) from problem
        size = len(value) if isinstance(value, str) else value
        if (self.low is not None and size < self.low) or (self.high is not None and size > self.high):
            raise Invalid(policy=self.name, low=str(self.low), high=str(self.high))
        return value

    def get(self) -> T:
        """The value in force; other processes' changes are seen within 5 s."""
        stored = _stored_values()
        return self.parse(stored[self.name]) if self.name in stored else self.default

    @unit_of_work
    def set(self, value: Any, *, actor: str) -> None:
        """Stores a new value and writes the audit entry."""
        parsed = self.parse(value)
        before = self.get()
        now = clock.now()
        Setting.objects.update_or_create(
            name=self.name,
            defaults={"value": _as_json(parsed), "updated_at": now, "updated_by": actor},
        )
        audit.record(
            actor=actor,
            verb="set_policy",
            target=f"setting:{self.name}",
            before={"value": before},
            after={"value": parsed},
        )
        forget()


def whole(
    name: str,
    *,
    default: int,
    low: int | None = None,
    high: int | None = None,
    label: str | Promise,
    help: str | Promise = "",
) -> Policy[int]:
    return Policy(
        name, kind="whole", default=default, parse=_whole, label=label, help=help, low=low, high=high
    )


def money(
    name: str,
    *,
    default: Decimal,
    low: Decimal | None = Decimal(0),
    high: Decimal | None = None,
    label: str | Promise,
    help: str | Promise = "",
) -> Policy[Decimal]:
    """Yuan."""
    return Policy(
        name, kind="money", default=default, parse=_decimal(2), label=label, help=help, low=low, high=high
    )


def rate(
    name: str,
    *,
    default: Decimal,
    low: Decimal | None = Decimal(0),
    high: Decimal | None = Decimal(1),
    label: str | Promise,
    help: str | Promise = "",
) -> Policy[Decimal]:
    """A share of one: 0.3 is thirty percent."""
    return Policy(
        name, kind="rate", default=default, parse=_decimal(4), label=label, help=help, low=low, high=high
    )


def flag(name: str, *, default: bool, label: str | Promise, help: str | Promise = "") -> Policy[bool]:
    return Policy(name, kind="flag", default=default, parse=_flag, label=label, help=help)


def text(
    name: str, *, default: str, label: str | Promise, help: str | Promise = "", longest: int = 2000
) -> Policy[str]:
    def parse(raw: Any) -> str:
        value = str(raw).strip()
        if len(value) > longest:
            raise ValueError("too long")
        return value

    return Policy(name, kind="text", default=default, parse=parse, label=label, help=help, high=longest)


def all_policies() -> list[Policy[Any]]:
    """Those of the Settings page, in order of declaration within their group."""
    listed = [policy for policy in _policies.values() if not policy.has_own_page]
    return sorted(listed, key=lambda policy: policy.group)


def forget() -> None:
    """Drops the cached values of this process."""
    global _read_at
    _read_at = float("-inf")


def _stored_values() -> dict[str, Any]:
    global _values, _read_at
    if time.monotonic() - _read_at > FRESH_SECONDS:
        _values = dict(Setting.objects.values_list("name", "value"))
        _read_at = time.monotonic()
    return _values


def _whole(raw: Any) -> int:
    if isinstance(raw, bool | float):
        raise TypeError("not a whole number")
    return int(raw)


def _decimal(places: int) -> Callable[[Any], Decimal]:
    def parse(raw: Any) -> Decimal:
        if isinstance(raw, bool | float):
            raise TypeError("give a decimal as text")
        value = Decimal(raw)
        if not value.is_finite() or value != round(value, places):
            raise ValueError("too many places")
        return round(value, places)

    return parse


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in {"1", "true", "on", "yes"}:
        return True
    if str(raw).lower() in {"0", "false", "off", "no", ""}:
        return False
    raise ValueError("neither yes nor no")


def _as_json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
