"""Quote: what a basket costs and why, to the fen. Plain values that survive a trip through JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Lane = Literal["unit", "bundle", "reduction", "coupon", "points", "freight"]
Parameter = str | int
LANES: tuple[Lane, ...] = ("unit", "bundle", "reduction", "coupon", "points", "freight")
FREIGHT_KEY = "freight"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`amount` yuan less because of `rule`; `shares` says how much of it falls on which line (or on freight).

    `code` and `parameters` (money as "12.30", rates as "0.9") are stored; words are made when shown.
    """

    lane: Lane
    rule: str
    code: str
    parameters: Mapping[str, Parameter]
    shares: Mapping[str, Decimal]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A rule that did not count or could give more, by `missing` yuan or `missing_count` pieces."""

    lane: Lane
    rule: str
    code: str
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Fee:
    """What one freight template asks before anything is taken off; `units` are pieces, grams or cm³."""

    rule: str
    code: str
    parameters: Mapping[str, Parameter]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """`unit_price` is after unit offers; `due` is what this line costs after everything but freight."""

    key: str
    sku_id: int
    quantity: int
    list_price: Decimal
    list_amount: Decimal
    unit_price: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """goods_list + freight_list − Σ adjustments = goods_due + freight_due = due. Lines are sorted by key.

    Σ fees = freight_list. `is_freight_known` is False while the region isn't known; `undeliverable` names
    lines nobody carries there.
    """

    lines: tuple[QuoteLine, ...]
    adjustments: tuple[Adjustment, ...]
    why_nots: tuple[WhyNot, ...]
    goods_list: Decimal
    goods_due: Decimal
    freight_list: Decimal
    freight_due: Decimal
    saved: Decimal
    due: Decimal
    points_used: int
    digest: str
    fees: tuple[Fee, ...] = ()
    undeliverable: tuple[str, ...] = ()
    is_freight_known: bool = True

    def line(self, key: str) -> QuoteLine:
        """The line of that key; KeyError when there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    def shares_of(self, key: str) -> list[tuple[Adjustment, Decimal]]:
        """What fell on one line (or on "freight"), in the order it was taken off."""
        return [(a, a.shares[key]) for a in self.adjustments if key in a.shares]

    def uses(self, rule: str) -> bool:
        """Whether that rule took something off."""
        return any(adjustment.rule == rule for adjustment in self.adjustments)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; money as text."""
        return {
            "lines": [
                {
                    "key": line.key,
                    "sku_id": line.sku_id,
                    "quantity": line.quantity,
                    "list_price": str(line.list_price),
                    "list_amount": str(line.list_amount),
                    "unit_price": str(line.unit_price),
                    "due": str(line.due),
                }
                for line in self.lines
            ],
            "adjustments": [
                {
                    "lane": a.lane,
                    "rule": a.rule,
                    "code": a.code,
                    "parameters": dict(a.parameters),
                    "shares": {key: str(share) for key, share in a.shares.items()},
                    "amount": str(a.amount),
                }
                for a in self.adjustments
            ],
            "why_nots": [
                {"lane": w.lane, "rule": w.rule, "code": w.code, "parameters": dict(w.parameters)}
                for w in self.why_nots
            ],
            "goods_list": str(self.goods_list),
            "goods_due": str(self.goods_due),
            "freight_list": str(self.freight_list),
            "freight_due": str(self.freight_due),
            "saved": str(self.saved),
            "due": str(self.due),
            "points_used": self.points_used,
            "digest": self.digest,
            "fees": [
                {"rule": f.rule, "code": f.code, "parameters": dict(f.parameters), "amount": str(f.amount)}
                for f in self.fees
            ],
            "undeliverable": list(self.undeliverable),
            "is_freight_known": self.is_freight_known,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Quote":
        """The quote `as_json` was made from."""
        return cls(
            lines=tuple(
                QuoteLine(
                    key=line["key"],
                    sku_id=line["sku_id"],
                    quantity=line["quantity"],
                    list_price=Decimal(line["list_price"]),
                    list_amount=Decimal(line["list_amount"]),
                    unit_price=Decimal(line["unit_price"]),
                    due=Decimal(line["due"]),
                )
                for line in value["lines"]
            ),
            adjustments=tuple(
                Adjustment(
                    lane=a["lane"],
                    rule=a["rule"],
                    code=a["code"],
                    parameters=a["parameters"],
                    shares={key: Decimal(share) for key, share in a["shares"].items()},
                    amount=Decimal(a["amount"]),
                )
                for a in value["adjustments"]
            ),
            why_nots=tuple(
                WhyNot(lane=w["lane"], rule=w["rule"], code=w["code"], parameters=w["parameters"])
                for w in value["why_nots"]
            ),
            goods_list=Decimal(value["goods_list"]),
            goods_due=Decimal(value["goods_due"]),
            freight_list=Decimal(value["freight_list"]),
            freight_due=Decimal(value["freight_due"]),
            saved=Decimal(value["saved"]),
            due=Decimal(value["due"]),
            points_used=value["points_used"],
            digest=value["digest"],
            fees=tuple(
                Fee(rule=f["rule"], code=f["code"], parameters=f["parameters"], amount=Decimal(f["amount"]))
                for f in value["fees"]
            ),
            undeliverable=tuple(value["undeliverable"]),
            is_freight_known=value["is_freight_known"],
        )
