"""The back office of stores' pages, synonyms and search words."""

from datetime import date, timedelta

import pytest

from catalog.models import PlaceHoliday, PlacePhoto, SearchWord, Synonym
from catalog.selectors import places
from catalog.services import search_words
from tests.catalog.test_admin import a_picture, staff
from tests.factories.catalog import StoreFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/catalog/place/{}/change/"
GOODS = [
    f"{verb}_{noun}"
    for noun in ("place", "placeholiday", "placephoto", "synonym", "searchword")
    for verb in ("view", "add", "change", "delete")
]


@pytest.fixture
def operator():
    return staff(*GOODS)


def place_data(store, holidays=(), photos=(), **more):
    data = {
        "kind": "store",
        "name": store.name,
        "code": store.code,
        "position": "0",
        "parcel_cost": "0",
        "is_active": "on",
        "region": "广州 天河区",
        "address": "天河路1号",
        "phone": "",
        "offers_pickup": "on",
        "mon": "09:00-18:00",
        "tue": "",
        "wed": "",
        "thu": "",
        "fri": "",
        "sat": "",
        "sun": "",
    }
    for name, rows in (("holidays", holidays), ("photos", photos)):
        known = sum("id" in row for row in rows)
        data |= {f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-INITIAL_FORMS": str(known)}
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{key}": value for key, value in {"place": store.pk, **row}.items()}
    return data | more


def test_a_store_gets_its_week_holidays_photos_and_words_on_one_page(operator):
    store = StoreFactory(hours={})
    assert operator.get(ADDRESS.format(store.pk)).status_code == 200
    spring = date(2027, 2, 6)
    rows = [
        {"first_on": "2027-02-06", "last_on": "2027-02-12", "name": "春节", "hours": ""},
        {"first_on": "2027-02-13", "last_on": "", "name": "", "hours": "10:00-15:00"},
    ]
    data = place_data(store, rows, every_day="on", intro="拐角的小店", team="小周 店长", pictures=a_picture())
    assert operator.post(ADDRESS.format(store.pk), data).status_code == 302
    store.refresh_from_db()
    assert list(store.hours.values()) == [[["09:00", "18:00"]]] * 7
    assert (store.intro, store.team) == ("拐角的小店", "小周 店长")
    kept = [(row.first_on, row.last_on, row.hours) for row in store.holidays.order_by("first_on")]
    day_after = spring + timedelta(days=7)
    assert kept == [
        (spring, spring + timedelta(days=6), []),
        (day_after, day_after, [["10:00", "15:00"]]),
    ]
    photo = PlacePhoto.objects.get()
    first, second = store.holidays.order_by("first_on")
    rows = [
        {"id": first.pk, **rows[0], "DELETE": "on"},
        {"id": second.pk, **rows[1], "last_on": "2027-02-13", "hours": "10:00-16:00"},
    ]
    data = place_data(store, rows, [{"id": photo.pk, "position": "3", "alt": "门头"}])
    assert operator.post(ADDRESS.format(store.pk), data).status_code == 302
    assert PlaceHoliday.objects.get().hours == [["10:00", "16:00"]]
    photo.refresh_from_db()
    assert (photo.alt, photo.position) == ("门头", 3)
    data = place_data(store, [], [{"id": photo.pk, "position": "3", "alt": "门头", "DELETE": "on"}])
    operator.post(ADDRESS.format(store.pk), data)
    assert not PlacePhoto.objects.exists()


def test_a_store_page_that_makes_no_sense_is_refused_and_changes_nothing(operator):
    store = StoreFactory(hours={})
    for more, rows in (
        ({"latitude": "31.2"}, []),
        ({"mon": "9 to 5"}, []),
        ({}, [{"first_on": "2027-02-06", "last_on": "2027-02-01", "hours": ""}]),
        ({}, [{"first_on": "2027-02-06", "last_on": "", "hours": "18:00-09:00"}]),
    ):
        answer = operator.post(ADDRESS.format(store.pk), place_data(store, rows, **more))
        assert answer.status_code == 200, more
    overlapping = [{"first_on": "2027-02-06", "last_on": "", "hours": "08:00-12:00, 11:00-13:00"}]
    operator.post(ADDRESS.format(store.pk), place_data(store, overlapping))
    store.refresh_from_db()
    assert store.hours == {} and not PlaceHoliday.objects.exists()


def test_shoppers_see_a_change_of_a_store_at_once(operator):
    store = StoreFactory(name="旧名")
    assert [place.name for place in places.stores()] == ["旧名"]
    operator.post(ADDRESS.format(store.pk), place_data(store) | {"name": "新名"})
    assert [place.name for place in places.stores()] == ["新名"]


def test_synonyms_are_written_in_one_line(operator):
    add = "/admin/catalog/synonym/add/"
    assert 'value="西红柿 = "' in operator.get(f"{add}?line=西红柿 = ").content.decode()
    assert operator.post(add, {"line": "西红柿 = 番茄", "is_active": "on"}).status_code == 302
    row = Synonym.objects.get()
    assert row.words == ["西红柿", "番茄"]
    for refused in ("番茄 = 洋柿子", "只有一个", ""):
        assert operator.post(add, {"line": refused, "is_active": "on"}).status_code == 200
    change = f"/admin/catalog/synonym/{row.pk}/change/"
    assert operator.post(change, {"line": "西红柿、番茄、洋柿子", "is_active": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.words == ["西红柿", "番茄", "洋柿子"]
    assert "洋柿子" in operator.get("/admin/catalog/synonym/?q=洋柿子").content.decode()
    operator.post(f"/admin/catalog/synonym/{row.pk}/delete/", {"post": "yes"})
    assert not Synonym.objects.exists()


def test_words_that_find_nothing_lead_to_a_synonym_and_bad_ones_are_hidden(operator):
    search_words.note(typed="洋柿子", found_count=0)
    search_words.note(typed="脏话", found_count=3)
    page = operator.get("/admin/catalog/searchword/?found=no").content.decode()
    assert "洋柿子" in page and "脏话" not in page and "/admin/catalog/synonym/add/?line=" in page
    word = SearchWord.objects.get(word="脏话")
    address = "/admin/catalog/searchword/"
    operator.post(address, {"action": "hide", "_selected_action": [word.pk]})
    word.refresh_from_db()
    assert word.is_hidden
    clerk = staff("view_searchword")
    clerk.post(address, {"action": "show", "_selected_action": [word.pk]})
    word.refresh_from_db()
    assert word.is_hidden
