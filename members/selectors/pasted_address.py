"""Reads an address pasted in one piece (智能识别). It guesses nothing: `missing` says what to ask."""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import zip_longest

from members.selectors import divisions, pasted_region
from members.selectors.pasted_region import FoundRegion

LONGEST = 500
MOBILE = re.compile(
    r"(?<![\d+])(?:\(?(?:\+?86|0086)\)?)?[\s\-]*(1[3-9]\d(?:[\s\-]?\d){8})(?!\d)(?:\s*(?:-|转|#|分机)\s*(\d{3,4})(?!\d))?"
)
NAME_LABEL = "收货人姓名|收件人姓名|收货人|收件人|联系人|姓名|名字|收货|寄给"
PHONE_LABEL = "手机号码|联系电话|联系方式|收货电话|手机号|手机|电话|号码|tel|phone"
PLACE_LABEL = "详细地址|收货地址|收件地址|住址|所在地区|所在区域|所在省市|省市区|地址|地区|街道地址|街道"
CODE_LABEL = "邮政编码|邮编"
LABEL = re.compile(
    rf"(?P<name>{NAME_LABEL})|(?P<phone>{PHONE_LABEL})|(?P<place>{PLACE_LABEL})|(?P<code>{CODE_LABEL})",
    re.IGNORECASE,
)
LABELLED = re.compile(rf"(?:(?<=^)|(?<=[\s,，;；。|\d]))(?:{LABEL.pattern})\s*[:：]\s*", re.IGNORECASE)
SEPARATOR = re.compile(r"[\s,，;；。|]+")
STREET = re.compile(r"[一-龥]{2,8}?(?:街道办事处|街道|地区办事处|镇|乡|苏木)(?![路街道村巷口])")
TOWN_BY_HABIT = re.compile(r"[一-龥]{2,4}?区(?![路街道一二三四五六七八九十\d])")
PLACE_WORD = re.compile(
    r"[省市区县镇乡村路街道巷弄号楼室栋幢座层园城苑府庭店厦场里湾校院学司馆阁轩居庄寓铺部厂塔期门]|中心|花都|天地|国际|大学|公司|\d"
)
TITLE = re.compile(r"(?:先生|女士|小姐|老师|太太|师傅|阿姨|同学|经理|医生)$")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭肖萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康"
    "施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧关焦左祝甘包宁尚舒阮纪梅童凌毕单裴霍涂成苗谷曲盛冉翁蓝路游辛"
    "靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟"
    "应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
GLUED_NAME = re.compile(rf"(?<=[0-9A-Za-z室号楼栋层座幢户])[{''.join(sorted(SURNAMES))}][一-龥]{{1,3}}$")
CHINESE_NAME = re.compile(r"[一-龥]{2,4}(?:·[一-龥]{2,6})*")
BRACKETS = "()[]“”\"'"


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """Empty strings for what wasn't found; `missing` names those fields, in the order of the form."""

    recipient: str = ""
    phone: str = ""
    province_code: str = ""
    province: str = ""
    city_code: str = ""
    city: str = ""
    district_code: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""
    missing: list[str] = field(default_factory=list)


def parse(text: str) -> ParsedAddress:
    """Recipient, phone, divisions and the rest of a pasted address. Reads at most 500 characters."""
    clean = unicodedata.normalize("NFKC", text or "")[:LONGEST]
    clean = re.sub(r"[【】\r]", "\n", clean).strip()
    clean, phone, extension = _take_phone(clean)
    name, clean = _take_labels(clean)
    clean = re.sub(r"^\s*中国(?:大陆)?[\s,，]*(?=\S)", "", clean)
    region = pasted_region.find(clean)
    before, after = (clean[: region.start], clean[region.end :]) if region else ("", clean)
    if not name:
        name, before = _name_before(before)
    if not name:
        name, after = _name_after(after)
    rest = _joined(before + " " + after if before.strip() else after)
    street, detail = _take_street(rest, region)
    recipient = f"{name}[{extension}]" if name and extension else name
    return _answer(recipient=recipient, phone=phone, region=region, street=street, detail=detail)


def _take_phone(text: str) -> tuple[str, str, str]:
    """The text with a mark for its first mobile number, the number, a privacy number's extension."""
    hit = MOBILE.search(text)
    if not hit:
        return text, "", ""
    number = re.sub(r"\D", "", hit[1])
    before = re.sub(rf"(?:{PHONE_LABEL})\s*$", "", text[: hit.start()], flags=re.IGNORECASE)
    return f"{before} | {text[hit.end() :]}", number, hit[2] or ""


def _take_labels(text: str) -> tuple[str, str]:
    """The name that was labelled, if any, and the text without labels and postcodes."""
    hits = list(LABELLED.finditer(text))
    name, pieces = "", [text[: hits[0].start()] if hits else text]
    for hit, following in zip_longest(hits, hits[1:]):
        value = text[hit.end() : following.start() if following else len(text)]
        if hit["name"] and not name:
            name, *rest = SEPARATOR.split(value.strip(), maxsplit=1)
            value = "".join(rest)
        elif hit["code"]:
            value = re.sub(r"^\s*\d{6}", "", value)
        pieces.append(value)
    clean = " ".join(pieces)
    clean = re.sub(r"[(\[]?(?<![\dA-Za-z])\d{6}(?![\dA-Za-z一-龥])[)\]]?(?=[\s|,，]*$)", " ", clean)
    return name[:20], clean


def _name_before(text: str) -> tuple[str, str]:
    """A name in front of the region, and what else stood there."""
    phrases = [phrase.strip() for phrase in re.split(r"[,，;；。|\n]+", text) if phrase.strip()]
    for phrase in phrases:
        if _looks_like_name(phrase):
            return phrase, " ".join(other for other in phrases if other is not phrase)
    tokens = [token for phrase in phrases for token in phrase.split()]
    for token in tokens:
        if _looks_like_name(token) or (len(tokens) == 1 and _could_be_name(token)):
            return token, " ".join(other for other in tokens if other is not token)
    return "", " ".join(tokens)


def _name_after(text: str) -> tuple[str, str]:
    """A name behind the detail: a token next to the phone or at the end, or glued to a door number."""
    chunks = [[token for token in re.split(r"[\s,，;；。]+", chunk) if token] for chunk in text.split("|")]
    if sum(map(len, chunks)) > 1:
        beside_phone = [(i, -1) for i in range(len(chunks) - 1)] + [(i, 0) for i in range(1, len(chunks))]
        for looks, spots in (
            (_looks_like_name, [*beside_phone, (-1, -1), (0, 0)]),
            (_could_be_name, beside_phone),
        ):
            for i, j in spots:
                if chunks[i] and looks(chunks[i][j]):
                    return chunks[i].pop(j), _together(chunks)
    for chunk in chunks[:-1]:
        glued = GLUED_NAME.search(chunk[-1]) if chunk else None
        if glued and not PLACE_WORD.search(glued[0][1:]):
            chunk[-1] = chunk[-1][: glued.start()]
            return glued[0], _together(chunks)
    return "", text


def _together(chunks: list[list[str]]) -> str:
    return " | ".join(" ".join(chunk) for chunk in chunks)


def _looks_like_name(token: str) -> bool:
    bare = token.strip(BRACKETS)
    if TITLE.search(bare):
        return len(bare) <= 8
    if re.fullmatch(r"[A-Za-z][A-Za-z .'\-]{1,19}", bare):
        return True
    return bool(CHINESE_NAME.fullmatch(bare)) and bare[0] in SURNAMES and not PLACE_WORD.search(bare[1:])


def _could_be_name(token: str) -> bool:
    """Names without a Han surname (扎西, 阿依古丽·买买提) and nicknames, where nothing else can stand."""
    return bool(CHINESE_NAME.fullmatch(token.strip(BRACKETS))) and not PLACE_WORD.search(token)


def _joined(text: str) -> str:
    """Pieces put together; a space only stays between Latin words and numbers."""
    text = re.sub(r"[|\n]+", " ", text)
    text = re.sub(r"\s+", " ", text).strip(" ,，;；。:：-|")
    return re.sub(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])", "", text)


def _take_street(rest: str, region: FoundRegion | None) -> tuple[str, str]:
    hit = STREET.match(rest)
    if not hit and region and region.city and not divisions.districts(region.city.code):
        hit = TOWN_BY_HABIT.match(rest)
    if hit and len(rest) > hit.end():
        return hit[0], rest[hit.end() :].lstrip(" ,，-")
    return "", rest


def _answer(
    *, recipient: str, phone: str, region: FoundRegion | None, street: str, detail: str
) -> ParsedAddress:
    province = region.province if region else None
    city = region.city if region else None
    district = region.district if region else None
    needs_district = city is None or bool(divisions.districts(city.code))
    found = {
        "recipient": bool(recipient),
        "phone": bool(phone),
        "province": bool(province),
        "city": bool(city),
        "district": bool(district) or not needs_district,
        "detail": bool(detail),
    }
    return ParsedAddress(
        recipient=recipient[:20],
        phone=phone,
        province_code=province.code if province else "",
        province=province.name if province else "",
        city_code=city.code if city else "",
        city=city.name if city else "",
        district_code=district.code if district else "",
        district=district.name if district else "",
        street=street,
        detail=detail[:120],
        missing=[name for name, there in found.items() if not there],
    )
