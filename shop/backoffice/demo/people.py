"""Neighbours who shop here. Numbers are of the 1700000xxxx kind, which no person has."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from members.models import Member, User
from members.services import addresses, growth, people, points
from shop.core import clock

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ["晓雯", "建国", "子涵", "丽华", "思远", "雨桐", "志强", "佳怡", "浩然", "秀英", "梓萱", "国栋", "若溪", "文静", "俊杰", "梦瑶", "家豪", "慧敏", "天宇", "静怡"]  # fmt: skip  # noqa: E501
STREETS = [
    ("310104", "徐汇区", "永嘉路 {n} 弄 {m} 号 {r} 室"),
    ("310115", "浦东新区", "浦明路 {n} 弄 {m} 号 {r} 室"),
    ("310112", "闵行区", "都市路 {n} 弄 {m} 号 {r} 室"),
    ("310105", "长宁区", "定西路 {n} 号 {m} 幢 {r} 室"),
]
POINTS = {1: 1280, 2: 460, 3: 60}  # of the three who can be signed in as
SHOPPERS = [("17000000001", "晓雯", "金卡"), ("17000000002", "建国", "银卡"), ("17000000003", "子涵", "普通")]


def settle(chance: Random, count: int) -> list[Member]:
    """`count` members with an address each, joined over half a year up to today; the first three are the
    demo's logins."""
    return [
        _join(chance, number, joined) for number, joined in enumerate(_joining(chance, clock.now(), count), 1)
    ]


def _joining(chance: Random, now: datetime, count: int) -> list[datetime]:
    """Two thirds before the first order, the others since; three each today and yesterday."""
    recent = min(3, count // 12)
    start, _end = clock.day_bounds(clock.business_day(now))
    today = [start + (now - start) * chance.uniform(0.2, 0.95) for _ in range(recent)]
    yesterday = [moment - timedelta(days=1) for moment in today]
    before = [
        now - timedelta(days=chance.uniform(92, 200) if number < count * 2 / 3 else chance.uniform(3, 88))
        for number in range(count - 2 * recent)
    ]
    return [*sorted(before), *yesterday, *today]


def _join(chance: Random, number: int, joined: datetime) -> Member:
    with clock.shifted(joined - clock.page_now()):
        phone = f"1700000{number:04d}"
        user = User.objects.create_user(
            phone=phone, display_name=f"{chance.choice(SURNAMES)}{GIVEN[(number - 1) % len(GIVEN)]}"
        )
        member = people.member_of(user)
        code, _district, street = STREETS[number % len(STREETS)]
        addresses.save(
            member=member,
            recipient=user.display_name,
            phone=phone,
            province_code="31",
            city_code="31",
            district_code=code,
            detail=street.format(
                n=chance.randint(10, 900), m=chance.randint(1, 30), r=chance.randint(101, 1804)
            ),
            tag="home",
            is_default=True,
        )
        start = {1: 1500, 2: 420}.get(
            number, int(Decimal(chance.paretovariate(1.3)) * 40) if number % 3 else 0
        )
        if start:
            growth.add(member_id=member.pk, amount=min(start, 2600), source="demo:welcome")
    if number in POINTS:
        points.earn(member_id=member.pk, points=POINTS[number], source="demo:welcome")
    return member
