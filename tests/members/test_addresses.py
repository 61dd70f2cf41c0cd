"""Addresses over the real divisions, and pasted ones read in pieces."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from members.errors import InvalidAddress, TooManyAddresses
from members.models import Address
from members.policies import ADDRESS_LIMIT
from members.selectors import addresses as facts
from members.selectors import divisions
from members.services import addresses
from shop.core.errors import NotFound
from tests.factories import members as make
from tests.races import run_together

EMPTY = ("", "", "")


def parsed(text: str) -> dict[str, Any]:
    found = addresses.parse(text)
    json.dumps(asdict(found))
    return {
        "name": found.recipient,
        "phone": found.phone,
        "region": f"{found.province}/{found.city}/{found.district}",
        "rest": f"{found.street}|{found.detail}",
        "missing": found.missing,
    }


# text, recipient, phone, province/city/district, street|detail, missing
PASTED = [
    (
        "张三 13800138000 广东省深圳市南山区科技园南路1号A座501",
        "张三",
        "13800138000",
        "广东省/深圳市/南山区",
        "|科技园南路1号A座501",
    ),
    (
        "收货人: 李四\n手机: 139-0013-9000\n地址: 上海市浦东新区世纪大道100号",
        "李四",
        "13900139000",
        "上海市/上海市/浦东新区",
        "|世纪大道100号",
    ),
    (
        "张三13800138000广东省深圳市南山区科技园南路1号",
        "张三",
        "13800138000",
        "广东省/深圳市/南山区",
        "|科技园南路1号",
    ),
    (
        "广东省深圳市南山区科技园南路1号A座501张三13800138000",
        "张三",
        "13800138000",
        "广东省/深圳市/南山区",
        "|科技园南路1号A座501",
    ),
    (
        "广东省 东莞市 南城街道 元美路8号 王小明 13712345678",
        "王小明",
        "13712345678",
        "广东省/东莞市/",
        "南城街道|元美路8号",
    ),
    (
        "王小明，13712345678，广东省中山市石岐区中山三路10号",
        "王小明",
        "13712345678",
        "广东省/中山市/",
        "石岐区|中山三路10号",
    ),
    (
        "北京市北京市朝阳区建国路88号 赵六 +86 139 1234 5678",
        "赵六",
        "13912345678",
        "北京市/北京市/朝阳区",
        "|建国路88号",
    ),
    (
        "北京 朝阳区 建国路88号 赵六 13912345678",
        "赵六",
        "13912345678",
        "北京市/北京市/朝阳区",
        "|建国路88号",
    ),
    (
        "北京朝阳建国路88号 13912345678 赵六",
        "赵六",
        "13912345678",
        "北京市/北京市/朝阳区",
        "|朝阳建国路88号",
    ),
    (
        "收件人：欧阳娜娜\n联系电话：（+86）13812345678\n所在地区：浙江杭州余杭区\n详细地址：五常街道西溪园3号\n邮编：311100",
        "欧阳娜娜",
        "13812345678",
        "浙江省/杭州市/余杭区",
        "五常街道|西溪园3号",
    ),
    (
        "陈先生 18612345678-1234 江苏昆山市花桥镇绿地大道1号",
        "陈先生[1234]",
        "18612345678",
        "江苏省/苏州市/昆山市",
        "花桥镇|绿地大道1号",
    ),
    (
        "浦东新区张江镇祖冲之路100弄 周杰 13812345678",
        "周杰",
        "13812345678",
        "上海市/上海市/浦东新区",
        "张江镇|祖冲之路100弄",
    ),
    (
        "吉林省吉林市昌邑区解放东路2号 金明 13812345678",
        "金明",
        "13812345678",
        "吉林省/吉林市/昌邑区",
        "|解放东路2号",
    ),
    (
        "吉林吉林市昌邑区解放东路2号 金明 13812345678",
        "金明",
        "13812345678",
        "吉林省/吉林市/昌邑区",
        "|解放东路2号",
    ),
    (
        "重庆市 县 云阳县 双江街道滨江路1号 何先生 13812345678",
        "何先生",
        "13812345678",
        "重庆市/重庆市/云阳县",
        "双江街道|滨江路1号",
    ),
    (
        "湖北省 省直辖县级行政区划 仙桃市 沙嘴街道钱沟路12号, 毛丽, 15912345678",
        "毛丽",
        "15912345678",
        "湖北省/仙桃市/",
        "沙嘴街道|钱沟路12号",
    ),
    (
        "新疆维吾尔自治区石河子市北四路23号 阿依古丽·买买提 15912345678",
        "阿依古丽·买买提",
        "15912345678",
        "新疆维吾尔自治区/石河子市/",
        "|北四路23号",
    ),
    (
        "内蒙古呼和浩特赛罕区大学西街235号 白云 15912345678",
        "白云",
        "15912345678",
        "内蒙古自治区/呼和浩特市/赛罕区",
        "|大学西街235号",
    ),
    (
        "恩施州利川市东城街道清江大道1号 谭谭 13812345678",
        "谭谭",
        "13812345678",
        "湖北省/恩施土家族苗族自治州/利川市",
        "东城街道|清江大道1号",
    ),
    (
        "Tom Li 13812345678 上海市徐汇区淮海中路999号 iapm 20F",
        "Tom Li",
        "13812345678",
        "上海市/上海市/徐汇区",
        "|淮海中路999号iapm 20F",
    ),
    (
        "姓名:马云 电话:13812345678 地址:天津市河北区中山路1号 邮编:300000",
        "马云",
        "13812345678",
        "天津市/天津市/河北区",
        "|中山路1号",
    ),
    (
        "辽宁省朝阳市双塔区朝阳大街1号 林林 13812345678",
        "林林",
        "13812345678",
        "辽宁省/朝阳市/双塔区",
        "|朝阳大街1号",
    ),
    (
        "广东广州天河体育西路 林林 13812345678",
        "林林",
        "13812345678",
        "广东省/广州市/天河区",
        "|天河体育西路",
    ),
    (
        "甘肃省嘉峪关市新华中路1号 林林 13812345678",
        "林林",
        "13812345678",
        "甘肃省/嘉峪关市/",
        "|新华中路1号",
    ),
    (
        "中国广东省佛山市顺德区大良镇南国东路1号,李雷,138 1234 5678",
        "李雷",
        "13812345678",
        "广东省/佛山市/顺德区",
        "大良镇|南国东路1号",
    ),
    (
        "上海市市辖区闵行区莘庄镇七莘路100号韩梅梅13812345678",
        "韩梅梅",
        "13812345678",
        "上海市/上海市/闵行区",
        "莘庄镇|七莘路100号",
    ),
    (
        "广西桂林阳朔县西街1号 韦小宝 13812345678",
        "韦小宝",
        "13812345678",
        "广西壮族自治区/桂林市/阳朔县",
        "|西街1号",
    ),
    (
        "海南省 琼海市 博鳌镇 滨海大道1号 符亚 13812345678",
        "符亚",
        "13812345678",
        "海南省/琼海市/",
        "博鳌镇|滨海大道1号",
    ),
    (
        "收货人：刘备 手机号码：13800000001 地区：河北省石家庄市桥西区 街道：维明街道 地址：自强路1号2-301",
        "刘备",
        "13800000001",
        "河北省/石家庄市/桥西区",
        "维明街道|自强路1号2-301",
    ),
    (
        "13800138000 山东省青岛市市南区香港中路10号 孙权 266000",
        "孙权",
        "13800138000",
        "山东省/青岛市/市南区",
        "|香港中路10号",
    ),
    (
        "云南省西双版纳傣族自治州景洪市勐海路 岩罕 13812345678",
        "岩罕",
        "13812345678",
        "云南省/西双版纳傣族自治州/景洪市",
        "|勐海路",
    ),
    (
        "贵州黔东南州凯里市韶山北路 龙飞 13812345678",
        "龙飞",
        "13812345678",
        "贵州省/黔东南苗族侗族自治州/凯里市",
        "|韶山北路",
    ),
    (
        "寄给：小明同学，电话13812345678，住址：湖南省长沙市岳麓区麓山南路932号南校区3栋",
        "小明同学",
        "13812345678",
        "湖南省/长沙市/岳麓区",
        "|麓山南路932号南校区3栋",
    ),
    (
        "【张伟】13812345678【广东省广州市越秀区中山五路1号】",
        "张伟",
        "13812345678",
        "广东省/广州市/越秀区",
        "|中山五路1号",
    ),
    (
        "浙江杭州西湖区文三路 100 号 5 幢 301 室；王芳；13812345678",
        "王芳",
        "13812345678",
        "浙江省/杭州市/西湖区",
        "|文三路100号5幢301室",
    ),
    (
        "河南省郑州市金水区花园路 39 号 国贸 360 广场 A 座 2001 李明 13812345678",
        "李明",
        "13812345678",
        "河南省/郑州市/金水区",
        "|花园路39号国贸360广场A座2001",
    ),
    (
        "太原市小店区长风街1号 郝帅 １７０１２３４５６７８",
        "郝帅",
        "17012345678",
        "山西省/太原市/小店区",
        "|长风街1号",
    ),
    (
        "香港特别行政区 九龙 弥敦道1号 陈大文 13812345678",
        "陈大文",
        "13812345678",
        "香港特别行政区/香港特别行政区/",
        "|九龙弥敦道1号",
    ),
]


@pytest.mark.parametrize(
    ("text", "name", "phone", "region", "rest"), PASTED, ids=[row[0][:24] for row in PASTED]
)
def test_a_pasted_address_is_read_whole(text: str, name: str, phone: str, region: str, rest: str) -> None:
    assert parsed(text) == {"name": name, "phone": phone, "region": region, "rest": rest, "missing": []}


@pytest.mark.parametrize(
    ("text", "region", "missing"),
    [
        ("南山区科技园 吴刚 13812345678", "//", ["province", "city", "district"]),
        ("长沙市开福寺路1号 林林 13812345678", "湖南省/长沙市/", ["district"]),
        ("广州市天河北路233号 林林 13812345678", "广东省/广州市/", ["district"]),
        ("小红 13812345678\n四川省成都市高新区天府大道北段1700号", "四川省/成都市/", ["district"]),
        ("广东省广州市南山区中山路1号 林林 13812345678", "广东省/广州市/", ["district"]),
        ("13812345678", "//", ["recipient", "province", "city", "district", "detail"]),
        ("李四，上海浦东新区张杨路500号，021-58888888", "上海市/上海市/浦东新区", ["phone"]),
        ("江苏省南京市鼓楼区汉口路22号南京大学 13812345678", "江苏省/南京市/鼓楼区", ["recipient"]),
        ("安徽省合肥市 庐阳区 长江中路 万象天地 13812345678", "安徽省/合肥市/庐阳区", ["recipient"]),
        ("", "//", ["recipient", "phone", "province", "city", "district", "detail"]),
        ("张三 13800138000 广东省深圳市南山区", "广东省/深圳市/南山区", ["detail"]),
    ],
)
def test_what_cannot_be_seen_is_asked_not_guessed(text: str, region: str, missing: list[str]) -> None:
    found = parsed(text)
    assert (found["region"], found["missing"]) == (region, missing)


def test_nonsense_of_any_length_is_read_without_harm() -> None:
    for text in (
        "省市区" * 400,
        "1" * 9999,
        "|" * 600,
        "张" * 600,
        "\x00\ud7ff<script>",
        "手机:手机:手机:",
        "-" * 500,
    ):
        found = addresses.parse(text)
        assert len(found.detail) <= 120
        assert len(found.recipient) <= 20


def test_every_code_begins_with_the_code_above_it() -> None:
    count = 0
    for province in divisions.provinces():
        for city in divisions.cities(province.code):
            assert city.code.startswith(province.code)
            assert divisions.of_code(city.code).city == city if not divisions.districts(city.code) else True
            for district in divisions.districts(city.code):
                assert district.code.startswith(city.code)
                count += 1
    assert len(divisions.provinces()) == 34
    assert count > 2800
    assert [divisions.districts(code) for code in ("4419", "4420", "71", "99", "")] == [()] * 5
    assert divisions.cities("nonsense") == ()
    assert divisions.of_code("440305").district == divisions.Division("440305", "南山区")
    for bad in (("44", "4403", ""), ("44", "3301", "330106"), ("44", "4419", "440305"), EMPTY):
        with pytest.raises(InvalidAddress):
            divisions.region(*bad)
    for code in ("4403", "999999", ""):
        with pytest.raises(InvalidAddress):
            divisions.of_code(code)


@pytest.mark.django_db
def test_an_address_takes_its_names_from_the_codes_and_hides_the_phone() -> None:
    member = make.member()
    address = make.address(member, phone="139 0013 9000", detail=" 科技园  1号 ", tag="home", province="月球")
    assert (address.province, address.city, address.district) == ("广东省", "深圳市", "南山区")
    assert (address.region_code, address.one_line) == ("440305", "广东省深圳市南山区科技园 1号")
    assert address.masked() == {
        "recipient": "张*",
        "phone": "139****9000",
        "address": "广东省深圳市南山区****",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_cipher FROM members_address WHERE id = %s", [address.pk])
        assert "13900139000" not in cursor.fetchone()[0]
    assert Address.objects.get(pk=address.pk).phone == "13900139000"
    plain = make.address(member, province_code="44", city_code="4419", district_code="", street="南城街道")
    assert (plain.region_code, plain.region) == ("4419", "广东省东莞市")
    capital = make.address(member, province_code="11", city_code="11", district_code="110105")
    assert capital.one_line.startswith("北京市朝阳区")


@pytest.mark.django_db
def test_an_address_names_every_field_that_is_wrong() -> None:
    member = make.member()
    with pytest.raises(InvalidAddress) as refusal:
        addresses.save(member=member)
    assert refusal.value.extra["fields"] == ["recipient", "detail", "phone", "region"]
    for field, bad in (
        ("recipient", "x" * 21),
        ("detail", "a\x00"),
        ("phone", "12345"),
        ("tag", "castle"),
        ("street", "x" * 41),
    ):
        with pytest.raises(InvalidAddress) as refusal:
            make.address(member, **{field: bad})
        assert refusal.value.extra["fields"] == [field]
    assert not Address.objects.exists()


@pytest.mark.django_db
def test_there_is_one_default_and_it_is_handed_on() -> None:
    member = make.member()
    first = make.address(member)
    second = make.address(member)
    third = make.address(member, is_default=True)
    assert [one.is_default for one in facts.of(member)] == [True, False, False]
    assert facts.default(member) == third
    addresses.make_default(member=member, address_id=first.pk)
    assert facts.default(member) == first
    addresses.remove(member=member, address_id=first.pk)
    assert [one.pk for one in facts.of(member)] == [third.pk, second.pk]
    addresses.save(member=member, address_id=second.pk, is_default=True, **as_fields(second))
    assert facts.default(member) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.filter(member=member).update(is_default=True)


@pytest.mark.django_db
def test_a_foreign_or_removed_address_does_not_exist() -> None:
    member, other = make.member(), make.member()
    foreign, gone = make.address(other), make.address(member)
    addresses.remove(member=member, address_id=gone.pk)
    for pk in (foreign.pk, gone.pk, 0):
        for act in (
            lambda pk: facts.get(member, pk),
            lambda pk: addresses.remove(member=member, address_id=pk),
            lambda pk: addresses.make_default(member=member, address_id=pk),
            lambda pk: addresses.save(member=member, address_id=pk, **as_fields(foreign)),
        ):
            with pytest.raises(NotFound):
                act(pk)
    assert facts.default(member) is None
    assert facts.of(other) == [foreign]


@pytest.mark.django_db
def test_addresses_are_limited() -> None:
    member = make.member()
    ADDRESS_LIMIT.set(2, actor="system")
    make.address(member)
    make.address(member)
    with pytest.raises(TooManyAddresses):
        make.address(member)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_default_addresses_at_once_leave_one() -> None:
    member = make.member()
    outcome = run_together(6, lambda: make.address(member, is_default=True))
    assert outcome.problems == []
    assert Address.objects.filter(member=member, is_default=True).count() == 1


def as_fields(address: Address) -> dict[str, Any]:
    names = ("recipient", "phone", "province_code", "city_code", "district_code", "street", "detail", "tag")
    return {name: getattr(address, name) for name in names}
