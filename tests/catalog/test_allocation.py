"""Which places serve an order."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from catalog.services.allocation import Candidate, Plan, Shortage, Want, choose_places
from catalog.services.place_scores import Weights, nearness, way


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
    assert [(pick.place_id, pick.quantity) for pick in split.picks] == [(2, 3), (1, 1)]
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


@given(stocks, orders, st.sampled_from(["express", "same_city"]), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_places_changes_nothing(stock, lines, mode, random):
    wants = [Want(str(n), sku, quantity) for n, (sku, quantity) in enumerate(lines)]
    candidates = [at(place, sku, n) for (place, sku), n in stock.items()]
    plan = choose(wants, candidates, mode, "440106")
    random.shuffle(wants)
    random.shuffle(candidates)
    assert choose(wants, candidates, mode, "440106") == plan


@given(
    st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 4)), st.integers(1, 5), max_size=14), orders
)
def test_no_fewer_parcels_would_do(stock, lines):
    wants = [Want(str(n), sku, quantity) for n, (sku, quantity) in enumerate(lines)]
    plan = choose(wants, [at(place, sku, n) for (place, sku), n in stock.items()])
    if isinstance(plan, Shortage):
        return
    wanted = {sku: sum(q for s, q in lines if s == sku) for sku, _ in lines}
    used = len(set(places(plan)))
    everywhere = {place for place, _ in stock}
    for fewer in range(1, used):
        for chosen in combinations(everywhere, fewer):
            assert any(sum(stock.get((p, sku), 0) for p in chosen) < q for sku, q in wanted.items())
    assert used <= greedy_parcels(wanted, stock)


def greedy_parcels(wanted, stock):
    """Parcels when each time the place with most of what is missing sends all it has."""
    left, used = dict(wanted), 0
    while any(left.values()):
        best = max(
            {place for place, _ in stock},
            key=lambda p: (sum(min(stock.get((p, sku), 0), n) for sku, n in left.items()), p),
        )
        stock = {key: n for key, n in stock.items() if key[0] != best} | {
            (best, sku): stock.get((best, sku), 0) for sku in left
        }
        for sku in left:
            taken = min(stock.pop((best, sku), 0), left[sku])
            left[sku] -= taken
        used += 1
    return used


def test_two_parcels_beat_three_though_they_split_a_line():
    # the place that completes most lines would lead to a third parcel
    wants = [Want("a", 1, 2), Want("b", 2, 2), Want("c", 3, 2), Want("d", 4, 2)]
    has = {1: {2: 2, 3: 2}, 2: {1: 2, 2: 2, 4: 1}, 3: {1: 0, 3: 2, 4: 1}, 4: {4: 2, 1: 1}}
    candidates = [at(p, sku, n) for p, goods in has.items() for sku, n in goods.items() if n]
    plan = choose(wants, candidates)
    assert len(set(places(plan))) == 2


def test_distance_cost_and_load_decide_between_equal_places():
    def best(weights=None, **differs):
        near = at(1, 1, 9)
        far = Candidate(201, 1, 2, "warehouse", "440106", 0, 9, **differs)
        wants = [Want("a", 1, 1)]
        plan = choose_places(
            wants=wants,
            candidates=[near, far],
            mode="express",
            region_code="440106",
            weights=weights or Weights(),
        )
        return plan.picks[0].place_id

    assert best() == 1
    assert best(parcel_cost=Decimal("4.00")) == 2
    assert best(parcel_cost=Decimal("4.00"), weights=Weights(cost=0)) == 1
    assert best(parcel_cost=Decimal("5.90"), open_orders=90) == 1
    assert best(parcel_cost=Decimal("5.90"), open_orders=90, weights=Weights(load=0)) == 2
    assert best(weights=Weights(0, 0, 0, 0)) == 1


def test_two_points_are_measured_and_without_them_divisions_tell():
    def km(**given):
        return way(
            **{"place_region": "440106", "place_point": None, "region_code": "", "point": None} | given
        )

    assert km(place_point=(23.13, 113.26), point=(23.13, 113.46)) == (20, False)
    assert km() == (None, True)
    assert [km(region_code=code)[0] for code in ("440106", "440103", "440305")] == [10, 30, 200]
    beijing, measured = km(region_code="110101")
    assert 1800 < beijing < 2000 and measured
    assert km(region_code="990000") == (1500, True)


def test_the_plan_says_how_every_place_scored():
    plan = choose(
        [Want("a", 1, 2), Want("b", 2, 2)], [at(1, 1, 2), at(2, 1, 2), at(2, 2, 2)], region="440106"
    )
    assert [(score.place_id, score.km, score.share) for score in plan.scores] == [(2, 10, 100), (1, 10, 50)]
    assert plan.scores[0].score > plan.scores[1].score
