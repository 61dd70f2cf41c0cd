"""Finds province, city and district in free text, with levels left out, doubled or shortened."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from members.selectors import divisions
from members.selectors.divisions import Division

GAP = re.compile(r"(?:[\s,，、/|·>\-]|省直辖县级行政区划|自治区直辖县级行政区划|市辖区|县(?=\s))*")
NATIONS = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族?|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族"
    "|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?"
    "|普米族|塔吉克族?|怒族|独龙族|裕固族|保安族|各族"
)
AUTONOMOUS = re.compile(rf"(?:{NATIONS})*自治(?=[州县旗区]$)")
STREET_WORD = re.compile(
    r"[东西南北中]{0,2}[一二三四五六七八九十]?(?:路|街|大道|道|巷|弄|桥|寺|站|大厦|广场|花园|小区|村|镇)"
)


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """What was recognised between `start` and `end` of the text; unknown levels are None."""

    start: int
    end: int
    score: int
    province: Division | None = None
    city: Division | None = None
    district: Division | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing a division; a short one lacks its 省, 市, 区."""

    text: str
    is_short: bool
    division: Division


Index = Mapping[str, tuple[Name, ...]]  # by the first two characters


def find(text: str) -> FoundRegion | None:
    """The best chain of divisions in the text, the earliest of equals; None when there is none."""
    chains = (chain for start in range(len(text)) if (chain := _chain(text, start)))
    return max(chains, key=lambda chain: (chain.score, -chain.start), default=None)


def _chain(text: str, start: int) -> FoundRegion | None:
    at, score = start, 0
    province = city = district = None
    names, by_city, by_district = _province_names(), _city_names, _district_names
    if name := _longest(text, at, names):
        province, at = name.division, _skip(text, at + len(name.text), names, name.division)
        score += 3 if name.is_short else 4
        if divisions.is_single(province.code):
            city = divisions.cities(province.code)[0]
    name = None if city else _longest(text, at, by_city(province.code if province else ""))
    if name and (province or not name.is_short or _begins_token(text, at)):
        city = name.division
        at = _skip(text, at + len(name.text), _indexed([Name(city.name, False, city)]), city)
        score += 2 if name.is_short else 4
    if city is not None and province is None:
        province = _above(city)
    if name := _longest(text, at, by_district(city.code if city else "", province.code if province else "")):
        after = text[at + len(name.text) :]
        if not name.is_short:
            district, at, score = name.division, at + len(name.text), score + 4
        elif city and not STREET_WORD.match(after):
            district, score = name.division, score + 1
            at = at + len(name.text) if after[:1].isspace() else at
    if district is not None and city is None:
        city = _city_of(district)
        province = province or _above(city)
    return FoundRegion(start, at, score, province, city, district) if score else None


def _skip(text: str, at: int, names: Index, division: Division) -> int:
    """Past separators, fillers and a repetition of the division just read (北京市 北京市)."""
    at = GAP.match(text, at).end()  # type: ignore[union-attr]
    again = _longest(text, at, names)
    repeats = again is not None and again.division == division
    if again and repeats and not (again.is_short and _continues_with_city(text, at, division)):
        at = GAP.match(text, at + len(again.text)).end()  # type: ignore[union-attr]
    return at


def _continues_with_city(text: str, at: int, province: Division) -> bool:
    """吉林省吉林市: the second 吉林 begins a city, it doesn't repeat the province."""
    city = _longest(text, at, _city_names(province.code))
    return city is not None and not city.is_short


def _longest(text: str, at: int, names: Index) -> Name | None:
    hits = [name for name in names.get(text[at : at + 2], ()) if text.startswith(name.text, at)]
    return max(hits, key=lambda name: len(name.text), default=None)


def _indexed(names: Iterable[Name]) -> Index:
    index: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        index[name.text[:2]].append(name)
    return {start: tuple(some) for start, some in index.items()}


def _begins_token(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in " \n\t,，、:：|"


def _above(city: Division) -> Division:
    return next(province for province in divisions.provinces() if city.code.startswith(province.code))


def _city_of(district: Division) -> Division:
    province = next(p for p in divisions.provinces() if district.code.startswith(p.code))
    return next(c for c in divisions.cities(province.code) if district in divisions.districts(c.code))


@cache
def _province_names() -> Index:
    return _indexed(name for province in divisions.provinces() for name in _ways_of_province(province))


def _ways_of_province(province: Division) -> Iterator[Name]:
    yield Name(province.name, False, province)
    short = re.sub(r"(?:壮族|回族|维吾尔)?(?:自治区|特别行政区)$|省$|市$", "", province.name)
    yield Name(short, True, province)
    if province.name.endswith("自治区"):
        yield Name(f"{short}自治区", False, province)
        yield Name(f"{short}省", False, province)


@cache
def _city_names(province_code: str) -> Index:
    """The cities of one province, or of all when the code is empty."""
    provinces = [p for p in divisions.provinces() if province_code in ("", p.code)]
    cities = [c for p in provinces if not divisions.is_single(p.code) for c in divisions.cities(p.code)]
    return _indexed(name for city in cities for name in _ways_of(city))


@cache
def _district_names(city_code: str, province_code: str) -> Index:
    """The districts of a city; without one, those whose name is unique in the province or in the country."""
    if city_code:
        return _indexed(name for district in divisions.districts(city_code) for name in _ways_of(district))
    provinces = [p for p in divisions.provinces() if province_code in ("", p.code)]
    by_text: dict[str, list[Name]] = defaultdict(list)
    for province in provinces:
        for city in divisions.cities(province.code):
            for district in divisions.districts(city.code):
                for name in _ways_of(district):
                    by_text[name.text].append(name)
    return _indexed(same[0] for same in by_text.values() if len(same) == 1 and not same[0].is_short)


def _ways_of(division: Division) -> Iterator[Name]:
    yield Name(division.name, False, division)
    plain = AUTONOMOUS.sub("", division.name)
    if plain != division.name and len(plain) >= 3:
        yield Name(plain, False, division)
    short = re.sub(r"(?:新区|[市区县州旗盟]|地区)$", "", plain)
    if len(short) >= 2 and short != division.name:
        yield Name(short, True, division)
