"""Stock against a model in plain Python: whatever is done, in whatever order, the counts agree."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.errors import NothingReserved, SoldOut, StockMoved, StockTooLow
from catalog.invariants import INVARIANTS
from catalog.models import Reservation, StockLevel
from catalog.selectors import stock as selector
from catalog.services import stock
from catalog.services.stock import Want
from tests.factories.catalog import PlaceFactory, SkuFactory, StoreFactory

SKUS, PLACES = 3, 2
pieces = st.integers(1, 4)
sku_number = st.integers(0, SKUS - 1)
place_number = st.integers(0, PLACES - 1)


class StockMachine(RuleBasedStateMachine):
    """`free` and `held` are what a shopkeeper with pencil and paper would write down."""

    def __init__(self):
        super().__init__()
        self.skus = [SkuFactory() for _ in range(SKUS)]
        self.places = [PlaceFactory(), StoreFactory()]
        self.on_hand = {(p, s): 0 for p in range(PLACES) for s in range(SKUS)}
        self.held = {}  # (order, line) -> {(place, sku): pieces}
        self.orders = 0
        self.deliveries = 0
        self.levels = {}
        for p, place in enumerate(self.places):
            for s, sku in enumerate(self.skus):
                self.levels[p, s] = stock.ensure_level(place_id=place.pk, sku_id=sku.pk)
        self.where = {pk: key for key, pk in self.levels.items()}

    def reserved(self, key):
        return sum(taken.get(key, 0) for taken in self.held.values())

    def free(self, key):
        return self.on_hand[key] - self.reserved(key)

    @rule(place=place_number, sku=sku_number, quantity=pieces, again=st.booleans())
    def receive(self, place, sku, quantity, again):
        self.deliveries += 1
        for _ in range(2 if again else 1):
            stock.receive(
                place_id=self.places[place].pk,
                sku_id=self.skus[sku].pk,
                quantity=quantity,
                actor="system",
                key=f"{id(self)}-{self.deliveries}",
            )
        self.on_hand[place, sku] += quantity

    @rule(place=place_number, sku=sku_number, delta=st.integers(-5, 3).filter(bool))
    def adjust(self, place, sku, delta):
        key = place, sku
        try:
            stock.adjust(level_id=self.levels[key], delta=delta, reason="corrected", actor="system")
            self.on_hand[key] += delta
            assert self.free(key) >= 0
        except StockTooLow:
            assert self.free(key) + delta < 0

    @rule(place=place_number, sku=sku_number, value=st.integers(0, 6), slip=st.sampled_from([0, 0, 1]))
    def count(self, place, sku, value, slip):
        key = place, sku
        try:
            stock.set_level(
                level_id=self.levels[key],
                expected=self.on_hand[key] + slip,
                value=value,
                actor="system",
                reason="",
            )
            assert not slip
            self.on_hand[key] = value
        except StockMoved:
            assert slip
        except StockTooLow:
            assert value < self.reserved(key)

    @rule(
        lines=st.lists(st.tuples(sku_number, pieces), min_size=1, max_size=3), pickup=st.none() | place_number
    )
    def reserve(self, lines, pickup):
        self.orders += 1
        wanted, served = {}, range(PLACES) if pickup is None else [pickup]
        for sku, quantity in lines:
            wanted[sku] = wanted.get(sku, 0) + quantity
        can = all(sum(self.free((p, s)) for p in served) >= n for s, n in wanted.items())
        try:
            with transaction.atomic():
                held = stock.reserve(
                    reference=f"order:{id(self)}-{self.orders}",
                    wants=[Want(str(n), self.skus[s].pk, q) for n, (s, q) in enumerate(lines)],
                    mode="express" if pickup is None else "pickup",
                    place_id=None if pickup is None else self.places[pickup].pk,
                )
        except SoldOut:
            assert not can
            return
        assert can
        for n, (sku, quantity) in enumerate(lines):
            taken = {self.where[r.level_id]: r.quantity for r in held if r.line_key == str(n)}
            assert sum(taken.values()) == quantity
            assert {s for _, s in taken} == {sku}
            assert {p for p, _ in taken} <= set(served)
            self.held[self.orders, str(n)] = taken

    @precondition(lambda self: self.held)
    @rule(data=st.data(), hand_out=st.booleans(), part=st.none() | pieces)
    def end(self, data, hand_out, part):
        order, line = data.draw(st.sampled_from(sorted(self.held)))
        taken = self.held[order, line]
        total = sum(taken.values())
        reference = f"order:{id(self)}-{order}"
        amount = {"line_keys": [line]} if part is None else {"quantities": {line: part}}
        try:
            with transaction.atomic():
                if hand_out:
                    stock.consume(reference=reference, actor="system", **amount)
                else:
                    stock.release(reference=reference, **amount)
        except NothingReserved:
            assert part is not None and part > total
            return
        left = total if part is None else part
        assert left <= total
        for key in sorted(taken, key=lambda key: self.levels[key]):
            rows = Reservation.objects.filter(reference=reference, line_key=line, level=self.levels[key])
            now = sum(row.open_count for row in rows)
            ended = taken[key] - now
            left -= ended
            taken[key] = now
            if hand_out:
                self.on_hand[key] -= ended
        assert left == 0
        if not sum(taken.values()):
            del self.held[order, line]

    @invariant()
    def counts_agree(self):
        for level in StockLevel.objects.filter(pk__in=self.where):
            key = self.where[level.pk]
            assert (level.on_hand, level.reserved) == (self.on_hand[key], self.reserved(key))
        ids = {sku.pk: n for n, sku in enumerate(self.skus)}
        for pk, free in selector.available(list(ids)).items():
            assert free == sum(self.free((p, ids[pk])) for p in range(PLACES))

    def teardown(self):
        for one in INVARIANTS:
            assert not one.broken(), one.id


def play(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        StockMachine, settings=settings(settings(), max_examples=examples, stateful_step_count=steps)
    )


@pytest.mark.django_db
def test_stock_agrees_with_pencil_and_paper():
    play(25, 20)


@pytest.mark.deep
@pytest.mark.django_db
def test_stock_agrees_with_pencil_and_paper_for_long():
    play(200, 50)
