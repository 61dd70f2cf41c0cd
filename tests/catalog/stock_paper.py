"""Stock as a shopkeeper with pencil and paper would keep it: plain Python, no database, no cleverness."""

from dataclasses import dataclass, field

SELLABLE = ("spot", "activity")
Key = tuple[int, int, str]  # place, SKU, pool


class Low(Exception):
    """Fewer are free."""


class Stale(Exception):
    """What lies there beyond has expired or is recalled."""


class NotInBatch(Exception):
    """Less of this batch lies there."""


@dataclass
class Paper:
    """`lying` says how many of each batch ("" is none) lie where, `held` what orders were promised."""

    lying: dict[Key, dict[str, int]] = field(default_factory=dict)
    held: dict[tuple[int, str], dict[Key, int]] = field(default_factory=dict)  # (order, line)
    handed: dict[int, list[tuple[int, str, int]]] = field(default_factory=dict)  # order: SKU, batch, pieces
    batches: dict[tuple[int, str], int | None] = field(default_factory=dict)  # (SKU, code): last day
    recalled: set[tuple[int, str]] = field(default_factory=set)
    first_seen: list[tuple[Key, str]] = field(default_factory=list)
    day: int = 0

    def on_hand(self, key: Key) -> int:
        return sum(self.lying[key].values())

    def reserved(self, key: Key) -> int:
        return sum(taken.get(key, 0) for taken in self.held.values())

    def free(self, key: Key) -> int:
        return self.on_hand(key) - self.reserved(key)

    def is_fresh(self, sku: int, code: str) -> bool:
        if not code:
            return True
        ends = self.batches[sku, code]
        return (sku, code) not in self.recalled and (ends is None or ends >= self.day)

    def knows(self, sku: int, code: str, ends: int | None) -> None:
        self.batches.setdefault((sku, code), ends)

    def put(self, key: Key, code: str, pieces: int) -> None:
        if code and (key, code) not in self.first_seen:
            self.first_seen.append((key, code))
        self.lying[key][code] = self.lying[key].get(code, 0) + pieces

    def parts(self, key: Key, pieces: int, *, fresh: bool = False, code: str = "") -> list[tuple[str, int]]:
        """Which batches so many pieces come from: what ends first, then what has no batch."""
        codes = list(self.batches)
        order = sorted(
            (one for one in self.lying[key] if one and self.lying[key][one]),
            key=lambda one: (
                self.batches[key[1], one] is None,
                self.batches[key[1], one] or 0,
                codes.index((key[1], one)),
            ),
        )
        found = []
        for one in order:
            if (code and one != code) or (fresh and not self.is_fresh(key[1], one)):
                continue
            taken = min(self.lying[key][one], pieces)
            if taken:
                found.append((one, taken))
                pieces -= taken
        if pieces and code:
            raise NotInBatch
        if pieces > self.lying[key].get("", 0):
            raise Stale
        return [*found, *([("", pieces)] if pieces else [])]

    def take(self, key: Key, pieces: int, *, fresh: bool = False, code: str = "") -> list[tuple[str, int]]:
        """Take free pieces away; nothing changes when that can't be."""
        if self.free(key) < pieces:
            raise Low
        return self.remove(key, self.parts(key, pieces, fresh=fresh, code=code))

    def remove(self, key: Key, parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
        for code, pieces in parts:
            self.lying[key][code] -= pieces
        return parts

    def bring(self, key: Key, parts: list[tuple[str, int]]) -> None:
        for code, pieces in parts:
            self.put(key, code, pieces)

    def freeze(self, only: set[tuple[int, str]] | None = None) -> int:
        """Put aside what is free of goods nobody may buy, in the order in which they were first seen."""
        done = 0
        for key, code in list(self.first_seen):
            place, sku, pool = key
            if pool not in SELLABLE or self.is_fresh(sku, code) or (only and (sku, code) not in only):
                continue
            pieces = min(self.lying[key].get(code, 0), self.free(key))
            if pieces:
                self.bring((place, sku, "frozen"), self.take(key, pieces, code=code))
                done += pieces
        return done

    def hand_out(self, order: int, taken: list[tuple[Key, int]]) -> list[tuple[Key, str, int]]:
        """What leaves the house of these holds, batch by batch; raises Stale and changes nothing."""
        before = {key: dict(codes) for key, codes in self.lying.items()}
        gone = []
        try:
            for key, pieces in taken:
                parts = self.parts(key, pieces, fresh=True)
                self.remove(key, parts)
                gone += [(key, code, number) for code, number in parts]
        except Stale:
            self.lying = before
            raise
        for key, code, pieces in gone:
            self.handed.setdefault(order, []).append((key[1], code, pieces))
        return gone
