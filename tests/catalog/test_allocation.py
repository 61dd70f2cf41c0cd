"""Which places serve an order."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.services.allocation import Candidate, Plan, Shortage, Want, choose_places
from catalog.services.place_scores import nearness


def at(place, sku, available, *, kind="warehouse", region="440106", position=0):
    return Candidate(place * 100 + sku, sku, place, kind, region, position, available)


def places(plan):
    return [pick.place_id for pick in plan.picks]


def choose(wants, candidates, mode="express", region=""):
    return choose_places(wants=wants, candidates=candidates, mode=mode, region_code=region)


def test_one_place_with_everything_beats_two_near_ones():
    plan = choose(
        [Want("a", 1, 1), Want("b", 2, 1)],
        [at(1, 1, 9), at(2, 2, 9), at(3, 1, 1, region="110101"), at(3, 2, 1, region="110101")],
        region="440106",
    )
    assert places(plan) == [3, 3]
    assert plan.rules == ("one_place",)


def test_nearest_of_equal_places_serves():
    candidates = [at(1, 1, 9, region="110101"), at(2, 1, 9, region="440305"), at(3, 1, 9, region="440106")]
    assert places(choose([Want("a", 1, 1)], candidates, region="440106")) == [3]
    assert places(choose([Want("a", 1, 1)], candidates, region="440300")) == [2]
    assert places(choose([Want("a", 1, 1)], candidates, region="441900")) == [2]
    assert places(choose([Want("a", 1, 1)], candidates)) == [1]


def test_warehouse_sends_parcels_and_store_serves_its_city():
    candidates = [at(1, 1, 9, kind="store"), at(2, 1, 9)]
    assert places(choose([Want("a", 1, 1)], candidates, "express")) == [2]
    assert places(choose([Want("a", 1, 1)], candidates, "same_city")) == [1]


def test_a_line_is_split_only_when_no_place_has_all_of_it():
    whole = choose([Want("a", 1, 3)], [at(1, 1, 2), at(2, 1, 3)])
    assert places(whole) == [2]
    split = choose([Want("a", 1, 4)], [at(1, 1, 2), at(2, 1, 3)])
    assert [(pick.place_id, pick.quantity) for pick in split.picks] == [(1, 2), (2, 2)]
    assert split.rules == ("split_line", "one_place") or split.rules == ("split_line", "most_lines")


def test_no_choice_is_no_decision():
    assert not choose([Want("a", 1, 1)], [at(1, 1, 2)]).had_choice
    assert choose([Want("a", 1, 1)], [at(1, 1, 2), at(2, 1, 2)]).had_choice


def test_shortage_names_what_is_left():
    assert choose([Want("a", 1, 5)], [at(1, 1, 2), at(2, 1, 2)]) == Shortage(1, 4)
    assert choose([Want("a", 1, 1)], []) == Shortage(1, 0)


def test_nearness_counts_shared_divisions():
    assert [nearness("440106", code) for code in ("440106", "440103", "440305", "110101", "", "44")] == [
        3,
        2,
        1,
        0,
        0,
        1,
    ]


stocks = st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(1, 5), max_size=9)
orders = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5)), min_size=1, max_size=5)


@given(stocks, orders, st.sampled_from(["express", "same_city"]), st.sampled_from(["", "440106"]))
def test_a_plan_covers_every_line_from_what_is_there(stock, lines, mode, region):
    wants = [Want(str(n), sku, quantity) for n, (sku, quantity) in enumerate(lines)]
    candidates = [at(place, sku, n) for (place, sku), n in stock.items()]
    plan = choose(wants, candidates, mode, region)
    wanted = {sku: sum(q for s, q in lines if s == sku) for sku, _ in lines}
    enough = all(sum(n for (_, s), n in stock.items() if s == sku) >= q for sku, q in wanted.items())
    assert isinstance(plan, Plan) == enough
    if isinstance(plan, Plan):
        for want in wants:
            mine = [pick for pick in plan.picks if pick.line_key == want.line_key]
            assert sum(pick.quantity for pick in mine) == want.quantity
            assert len({pick.level_id for pick in mine}) == len(mine)
        for place, sku in stock:
            taken = sum(p.quantity for p in plan.picks if (p.place_id, p.sku_id) == (place, sku))
            assert taken <= stock[place, sku]
        again = choose(wants, reversed(candidates), mode, region)
        assert sorted(map(repr, again.picks)) == sorted(map(repr, plan.picks))
