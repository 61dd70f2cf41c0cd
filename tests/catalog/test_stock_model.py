"""Stock against pencil and paper: whatever is done, in whatever order, the counts agree, batch by batch, and
every rule about stock holds after each step."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connection, transaction
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
from catalog.errors.batches import BatchNotSellable, BatchTooLow, NothingFreshLeft
from catalog.errors.bundles import PlaceLacks
from catalog.errors.transfers import TransferTooLarge
from catalog.invariants import INVARIANTS as OF_GOODS
from catalog.models import Batch, BatchLevel, Reservation, StockLevel
from catalog.selectors import batches, stock_as_of
from catalog.selectors import stock as selector
from catalog.services import (
    count_booking,
    counting,
    expiry,
    losses,
    pools,
    reallocation,
    recalls,
    stock,
    stocktakes,
    transfers,
)
from catalog.services.batches import BatchFacts
from catalog.services.stock import Want
from marketing.invariants import INVARIANTS as OF_OFFERS
from orders.invariants import INVARIANTS as OF_ORDERS
from shop.core import clock, numbers
from tests.catalog.stock_paper import SELLABLE, Low, NotInBatch, Paper, Stale
from tests.factories.catalog import PlaceFactory, SkuFactory, StoreFactory

OF_TRADE = [one for one in (*OF_OFFERS, *OF_ORDERS) if one.id in ("ST5", "ST6")]
RULES = [one for one in (*OF_GOODS, *OF_TRADE) if one.id[:2] in ("ST", "BT")]
SKUS, PLACES = 2, 2
POOLS = ("spot", "activity", "defect", "frozen", "transit")
LIVES = {"A": 1, "B": 3, "C": None}  # the last day of each batch, counted from the first day
pieces = st.integers(1, 4)
sku_number = st.integers(0, SKUS - 1)
place_number = st.integers(0, PLACES - 1)
pool_name = st.sampled_from(["spot", "spot", "activity", "defect", "frozen"])
code_name = st.sampled_from(["", "", "A", "B", "C"])


def sql(words):
    """An example leaves nothing behind; a block of Django's would change what counts as a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(words)


class StockMachine(RuleBasedStateMachine):
    """Each rule does a thing in the shop and on paper and compares refusals; `agrees` compares the rest."""

    def __init__(self):
        super().__init__()
        sql("SAVEPOINT example")
        self.clock = ExitStack()
        self.skus = [SkuFactory(cost_price="2.00") for _ in range(SKUS)]
        self.places = [PlaceFactory(), StoreFactory()]
        self.paper = Paper()
        self.orders = 0
        self.travelling = {}
        self.today = clock.today()
        self.past = []
        self.levels = {}
        for p, place in enumerate(self.places):
            for s, sku in enumerate(self.skus):
                for pool in POOLS:
                    key = p, s, pool
                    self.levels[key] = stock.ensure_level(place_id=place.pk, sku_id=sku.pk, pool=pool)
                    self.paper.lying[key] = {}
        self.where = {pk: key for key, pk in self.levels.items()}

    def at(self, place, sku):
        return {"place_id": self.places[place].pk, "sku_id": self.skus[sku].pk, "actor": "user:1"}

    def reference(self, order):
        return f"order:{id(self)}-{order}"

    @rule(
        place=place_number,
        sku=sku_number,
        pool=pool_name,
        code=code_name,
        quantity=pieces,
        again=st.booleans(),
    )
    def receive(self, place, sku, pool, code, quantity, again):
        key, ends = numbers.token(), LIVES.get(code)
        facts = None
        if code:
            last = None if ends is None else self.today + timedelta(days=ends)
            facts = BatchFacts(code, expires_on=last)
            is_new = (sku, code) not in self.paper.batches
            self.paper.knows(sku, code, ends)
        try:
            for _ in range(2 if again else 1):
                stock.receive(**self.at(place, sku), quantity=quantity, key=key, pool=pool, batch_facts=facts)
        except BatchNotSellable:
            assert pool in SELLABLE and not self.paper.is_fresh(sku, code)
            if is_new:
                del self.paper.batches[sku, code]
            return
        assert pool not in SELLABLE or self.paper.is_fresh(sku, code)
        self.paper.put((place, sku, pool), code, quantity)

    @rule(
        place=place_number,
        sku=sku_number,
        delta=st.integers(-5, 3).filter(bool),
        why=st.sampled_from(["corrected", "damaged"]),
    )
    def adjust(self, place, sku, delta, why):
        key = place, sku, "spot"
        try:
            stock.adjust(level_id=self.levels[key], delta=delta, reason=why, actor="user:1")
        except StockTooLow:
            assert self.paper.free(key) + delta < 0
        else:
            self.change(key, delta)

    @rule(place=place_number, sku=sku_number, value=st.integers(0, 6), slip=st.sampled_from([0, 0, 1]))
    def count(self, place, sku, value, slip):
        key = place, sku, "spot"
        seen = self.paper.on_hand(key)
        try:
            stock.set_level(level_id=self.levels[key], expected=seen + slip, value=value, actor="user:1")
        except StockMoved:
            assert slip
        except StockTooLow:
            assert value < self.paper.reserved(key)
        else:
            assert not slip
            self.change(key, value - seen)

    def change(self, key, delta):
        if delta > 0:
            self.paper.put(key, "", delta)
        elif delta:
            self.paper.take(key, -delta)

    @rule(place=place_number, counted=st.lists(st.integers(0, 8), min_size=SKUS, max_size=SKUS))
    def take_stock(self, place, counted):
        sheet = stocktakes.open_sheet(place_id=self.places[place].pk, title="盘点", actor="user:1")
        lines = {line.level_id: line for line in sheet.lines.all()}
        for s, quantity in enumerate(counted):
            line = lines[self.levels[place, s, "spot"]]
            counting.enter(line_id=line.pk, quantity=quantity, actor="user:1", key=f"{s}")
        stocktakes.hand_in(stocktake_id=sheet.pk, actor="user:1")
        count_booking.approve(stocktake_id=sheet.pk, actor="user:2")
        for s, quantity in enumerate(counted):
            keys = [(place, s, pool) for pool in SELLABLE]
            rest = quantity - sum(self.paper.on_hand(key) for key in keys)
            if -rest > sum(self.paper.free(key) for key in keys):
                continue  # promised to orders: the line stays open
            for key in keys:
                delta = rest if rest > 0 else -min(self.paper.free(key), -rest)
                self.change(key, delta)
                rest -= delta
        if stocktakes.locks.Stocktake.objects.get(pk=sheet.pk).status != "closed":
            stocktakes.cancel(stocktake_id=sheet.pk, actor="user:1")

    @rule(
        place=place_number,
        sku=sku_number,
        source=pool_name,
        other=pool_name,
        quantity=pieces,
        code=code_name,
    )
    def move_pool(self, place, sku, source, other, quantity, code):
        if source == other:
            return
        key, to = (place, sku, source), (place, sku, other)
        is_for_sale = other in SELLABLE
        try:
            pools.move(
                **self.at(place, sku),
                from_pool=source,
                to_pool=other,
                quantity=quantity,
                key=numbers.token(),
                batch=code,
            )
        except BatchNotSellable:
            assert is_for_sale and not self.paper.is_fresh(sku, code)
        except (StockTooLow, BatchTooLow, NothingFreshLeft) as refusal:
            expected = {StockTooLow: Low, BatchTooLow: NotInBatch, NothingFreshLeft: Stale}
            with pytest.raises(expected[type(refusal)]):
                self.paper.take(key, quantity, fresh=is_for_sale, code=code)
        else:
            self.paper.bring(to, self.paper.take(key, quantity, fresh=is_for_sale, code=code))

    @rule(place=place_number, sku=sku_number, pool=pool_name, quantity=pieces)
    def write_off(self, place, sku, pool, quantity):
        key = place, sku, pool
        try:
            rows = losses.book(
                **self.at(place, sku), pool=pool, quantity=quantity, reason="spoiled", key=numbers.token()
            )
        except StockTooLow:
            assert self.paper.free(key) < quantity
        else:
            assert [(row.batch, row.quantity) for row in rows] == self.paper.take(key, quantity)

    @rule(source=place_number, sku=sku_number, quantity=pieces)
    def send(self, source, sku, quantity):
        target, key = 1 - source, (source, sku, "spot")
        sent = transfers.draft(
            source_id=self.places[source].pk,
            target_id=self.places[target].pk,
            lines=[(self.skus[sku].pk, quantity)],
            actor="user:1",
        )
        try:
            transfers.send(transfer_id=sent.pk, actor="user:1")
        except (TransferTooLarge, NothingFreshLeft) as refusal:
            with pytest.raises(Low if isinstance(refusal, TransferTooLarge) else Stale):
                self.paper.take(key, quantity, fresh=True)
        else:
            self.paper.bring((target, sku, "transit"), self.paper.take(key, quantity, fresh=True))
            self.travelling[sent.pk] = (source, target, sku, quantity)

    @precondition(lambda self: self.travelling)
    @rule(data=st.data(), damaged=st.integers(0, 2), missing=st.integers(0, 2), comes_back=st.booleans())
    def arrive(self, data, damaged, missing, comes_back):
        pk = data.draw(st.sampled_from(sorted(self.travelling)))
        source, target, sku, quantity = self.travelling.pop(pk)
        way, take = (target, sku, "transit"), self.paper.take
        if comes_back:
            transfers.take_back(transfer_id=pk, actor="user:1")
            self.paper.bring((source, sku, "spot"), take(way, quantity))
            return
        damaged = min(damaged, quantity)
        missing = min(missing, quantity - damaged)
        good = quantity - damaged - missing
        told = transfers.Arrived(
            self.skus[sku].pk, good, damaged=damaged, missing=missing, reason="lost" if missing else ""
        )
        transfers.receive(transfer_id=pk, arrived=[told], actor="user:1")
        self.paper.bring((target, sku, "spot"), take(way, good))
        self.paper.bring((target, sku, "defect"), take(way, damaged))
        take(way, missing)

    @rule(
        lines=st.lists(st.tuples(sku_number, pieces), min_size=1, max_size=3),
        pickup=st.none() | place_number,
        pool=st.sampled_from(["spot", "spot", "activity"]),
    )
    def reserve(self, lines, pickup, pool):
        """A bundle is a line for each of its components."""
        self.orders += 1
        wanted, served = {}, range(PLACES) if pickup is None else [pickup]
        for sku, quantity in lines:
            wanted[sku] = wanted.get(sku, 0) + quantity
        can = all(sum(self.paper.free((p, s, pool)) for p in served) >= n for s, n in wanted.items())
        try:
            with transaction.atomic():
                held = stock.reserve(
                    reference=self.reference(self.orders),
                    wants=[Want(str(n), self.skus[s].pk, q) for n, (s, q) in enumerate(lines)],
                    mode="express" if pickup is None else "pickup",
                    place_id=None if pickup is None else self.places[pickup].pk,
                    pool=pool,
                )
        except SoldOut:
            assert not can
            return
        assert can
        for n, (sku, quantity) in enumerate(lines):
            taken = {self.where[r.level_id]: r.quantity for r in held if r.line_key == str(n)}
            assert sum(taken.values()) == quantity
            assert {(key[1], key[2]) for key in taken} == {(sku, pool)}
            assert {key[0] for key in taken} <= set(served)
            self.paper.held[self.orders, str(n)] = taken

    @precondition(lambda self: self.paper.held)
    @rule(data=st.data(), hands_out=st.booleans(), part=st.none() | pieces)
    def end(self, data, hands_out, part):
        order, line = data.draw(st.sampled_from(sorted(self.paper.held)))
        taken = self.paper.held[order, line]
        total = sum(taken.values())
        amount = {"line_keys": [line]} if part is None else {"quantities": {line: part}}
        ended = self.shared(order, line, total if part is None else part)
        try:
            with transaction.atomic():
                if hands_out:
                    stock.consume(reference=self.reference(order), actor="user:1", **amount)
                else:
                    stock.release(reference=self.reference(order), **amount)
        except NothingReserved:
            assert part is not None and part > total
            return
        except NothingFreshLeft:
            assert hands_out
            with pytest.raises(Stale):
                self.paper.hand_out(order, ended)
            return
        if hands_out:
            self.paper.hand_out(order, ended)
        for key, quantity in ended:
            taken[key] -= quantity
        if not sum(taken.values()):
            del self.paper.held[order, line]

    def shared(self, order, line, wanted):
        """So many pieces of a line, in the order in which its places were chosen."""
        rows = Reservation.objects.filter(reference=self.reference(order), line_key=line).order_by("pk")
        found = []
        for row in rows:
            key = self.where[row.level_id]
            quantity = min(self.paper.held[order, line].get(key, 0), wanted)
            if quantity:
                found.append((key, quantity))
                wanted -= quantity
        return found

    @precondition(lambda self: self.paper.held)
    @rule(data=st.data(), place=place_number)
    def allocate(self, data, place):
        """Everything an order still holds moves to one place, or nothing does."""
        order, _ = data.draw(st.sampled_from(sorted(self.paper.held)))
        mine = {name: taken for name, taken in self.paper.held.items() if name[0] == order}
        wanted = {}
        for taken in mine.values():
            for (at, sku, _pool), quantity in taken.items():
                if at != place and quantity:
                    wanted[sku] = wanted.get(sku, 0) + quantity
        can = all(self.paper.free((place, sku, "spot")) >= n for sku, n in wanted.items())
        try:
            with transaction.atomic():
                moved = reallocation.to_place(
                    reference=self.reference(order),
                    place_id=self.places[place].pk,
                    actor="user:1",
                    reason="近",
                )
        except PlaceLacks:
            assert not can
            return
        assert can and moved == sum(wanted.values())
        for taken in mine.values():
            for at, sku, pool in list(taken):
                if at != place and (quantity := taken.pop((at, sku, pool))):
                    to = place, sku, "spot"
                    taken[to] = taken.get(to, 0) + quantity

    @precondition(lambda self: self.paper.handed)
    @rule(data=st.data(), place=place_number, pool=st.sampled_from(["spot", "defect"]))
    def put_back(self, data, place, pool):
        """Everything of one SKU that an order got comes back, into the batches it left."""
        order = data.draw(st.sampled_from(sorted(self.paper.handed)))
        sku = self.paper.handed[order][-1][0]
        back = [one for one in self.paper.handed[order] if one[0] == sku]
        rest = [one for one in self.paper.handed[order] if one[0] != sku]
        with transaction.atomic():
            count = stock.put_back(
                reference=self.reference(order),
                wants=[Want(numbers.token(), self.skus[sku].pk, sum(n for _, _, n in back))],
                place_id=self.places[place].pk,
                pool=pool,
                actor="user:1",
            )
        assert count == sum(n for _, _, n in back)
        for _, code, quantity in back:
            self.paper.put((place, sku, pool), code, quantity)
        self.paper.handed[order] = rest
        if not rest:
            del self.paper.handed[order]

    @rule()
    def a_day_goes_by(self):
        self.clock.enter_context(clock.shifted(timedelta(days=1)))
        self.paper.day += 1

    @rule()
    def expire(self):
        assert expiry.freeze_due() == self.paper.freeze()

    @rule(sku=sku_number, code=st.sampled_from(["A", "C"]))
    def recall(self, sku, code):
        batch = Batch.objects.filter(sku=self.skus[sku], code=code, recalled_at=None).first()
        if batch is None:
            return
        out = sum(n for gone in self.paper.handed.values() for s, c, n in gone if (s, c) == (sku, code))
        recall = recalls.start(
            batch_ids=[batch.pk], title="召回", reason="抽检", advice="请勿食用", actor="user:1"
        )
        self.paper.recalled.add((sku, code))
        self.paper.freeze({(sku, code)})
        assert recall.handed_out_count == out
        frozen = sum(self.paper.lying[p, sku, "frozen"].get(code, 0) for p in range(PLACES))
        assert recall.frozen_count == frozen

    @invariant()
    def agrees(self):
        for level in StockLevel.objects.filter(pk__in=self.where):
            key = self.where[level.pk]
            assert (level.on_hand, level.reserved) == (self.paper.on_hand(key), self.paper.reserved(key))
        lying = {
            (self.where[row.level_id], row.batch.code): row.on_hand
            for row in BatchLevel.objects.filter(level__in=self.where, on_hand__gt=0).select_related("batch")
        }
        assert lying == {
            (key, code): n for key, of in self.paper.lying.items() for code, n in of.items() if code and n
        }
        ids = {sku.pk: n for n, sku in enumerate(self.skus)}
        for pk, free in selector.available(list(ids)).items():
            assert free == sum(self.paper.free((p, ids[pk], "spot")) for p in range(PLACES))
        assert not [one.id for one in RULES if one.broken()]
        self.remember()

    def remember(self):
        """What lies where at this instant, to be asked for again when it is long past."""
        self.past.append((clock.page_now(), {key: self.paper.on_hand(key) for key in self.levels}))
        self.clock.enter_context(clock.shifted(timedelta(seconds=1)))

    def teardown(self):
        """Whatever moment is asked for again, the movements add up to what was there."""
        for instant, then in self.past[:: max(len(self.past) // 5, 1)]:
            levels = stock_as_of.at(instant).filter(pk__in=self.where)
            assert {self.where[level.pk]: level.on_hand_then for level in levels} == then
            assert not stock_as_of.proof(levels, instant).exists()
        broken = [one.id for one in OF_GOODS if one.broken()]
        self.clock.close()
        sql("ROLLBACK TO SAVEPOINT example")
        assert not broken


def play(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        StockMachine, settings=settings(settings(), max_examples=examples, stateful_step_count=steps)
    )


@pytest.mark.django_db
def test_stock_agrees_with_pencil_and_paper():
    play(12, 25)


@pytest.mark.django_db
@pytest.mark.parametrize("slip", ["none", "last_to_expire", "stale_goods", "lost_remainder"])
def test_control_a_slip_with_batches_is_found(monkeypatch, slip):
    """Over a shop that takes what expires last, or what has expired, or forgets what is left of a batch."""
    right = batches.first_to_expire
    machine = StockMachine()
    for code in ("C", "A"):
        machine.receive(place=0, sku=0, pool="spot", code=code, quantity=2, again=False)
    machine.agrees()
    if slip == "last_to_expire":
        monkeypatch.setattr(batches, "first_to_expire", lambda ids: right(ids)[::-1])
    elif slip == "stale_goods":
        monkeypatch.setattr(Batch, "is_sellable", lambda self, today: True)
    elif slip == "lost_remainder":
        monkeypatch.setattr(BatchLevel.objects, "bulk_update", lambda rows, fields: None)

    def work():
        machine.write_off(place=0, sku=0, pool="spot", quantity=1)
        machine.a_day_goes_by()
        machine.a_day_goes_by()
        machine.send(source=0, sku=0, quantity=2)
        machine.agrees()

    with ExitStack() as expected:
        expected.callback(machine.clock.close)
        if slip != "none":
            expected.enter_context(pytest.raises(AssertionError))
        work()


@pytest.mark.deep
@pytest.mark.django_db
def test_stock_agrees_with_pencil_and_paper_for_long():
    play(200, 50)
