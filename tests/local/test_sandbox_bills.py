"""The statements equal the sandbox's own book."""

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.local.sandbox_kit import Merchant, sandbox, witness

SHANGHAI = timezone(timedelta(hours=8))
DAY = datetime.now(SHANGHAI).date() - timedelta(days=3)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def merchant(state: Path) -> Iterator[Merchant]:
    with sandbox(state) as merchant:
        merchant.control("POST", "/seed", list(_three_days()))
        yield merchant


def _three_days() -> Iterator[dict[str, object]]:
    """Payments around the edges of the day, some paid back on the same day, one on the next."""
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=SHANGHAI)
    moments = {"before": -1, "first": 0, "noon": 43_200, "late": 86_399, "after": 86_400}
    for position, (name, second) in enumerate(moments.items()):
        at = midnight + timedelta(seconds=second)
        yield {
            "out_trade_no": f"BILL-{name}",
            "amount_total": 10_000 + position,
            "success_time": at.isoformat(),
            "description": "苹果, 梨`",
            "refunds": [
                {
                    "out_refund_no": f"BR-{name}",
                    "amount": 2_500,
                    "success_time": (at + timedelta(seconds=1)).isoformat(),
                }
            ],
        }


def fetch(merchant: Merchant, path: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows and the summary of a statement, its hash checked."""
    offer = merchant.call("GET", path)
    assert offer.status_code == 200, offer.text
    address = urlsplit(offer.json()["download_url"])
    file = merchant.call("GET", f"{address.path}?{address.query}")
    assert "Wechatpay-Signature" not in file.headers
    content = gzip.decompress(file.content)
    assert hashlib.sha1(content).hexdigest() == offer.json()["hash_value"]
    lines = content.decode().splitlines()
    headings, *values, summary, totals = [line.split(",") for line in lines]
    assert all(value.startswith("`") for row in (*values, totals) for value in row)
    rows = [dict(zip(headings, (value[1:] for value in row), strict=True)) for row in values]
    return rows, dict(zip(summary, (value[1:] for value in totals), strict=True))


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_the_trade_bill_equals_the_ledger(merchant: Merchant, state: Path) -> None:
    rows, summary = fetch(merchant, f"/v3/bill/tradebill?bill_date={DAY}&bill_type=ALL&tar_type=GZIP")
    paid = [row for row in rows if row["交易状态"] == "SUCCESS"]
    refunded = [row for row in rows if row["交易状态"] == "REFUND"]
    assert {row["商户退款单号"] for row in refunded} == {"BR-before", "BR-first", "BR-noon"}
    with sqlite3.connect(state / "ledger.sqlite3") as book:
        fen = dict(book.execute("SELECT out_trade_no, total FROM payment"))
    assert {row["商户订单号"]: Decimal(row["应结订单金额"]) * 100 for row in paid} == {
        name: fen[name] for name in ("BILL-first", "BILL-noon", "BILL-late")
    }
    assert summary["总交易单数"] == str(len(rows)) == "6"
    for column, name in (
        ("应结订单金额", "应结订单总金额"),
        ("退款金额", "退款总金额"),
        ("手续费", "手续费总金额"),
        ("申请退款金额", "申请退款总金额"),
    ):
        assert Decimal(summary[name]) == total(rows, column)
    assert {row["商品名称"] for row in rows} == {"苹果， 梨'"}


def test_success_and_refund_bills_are_parts_of_the_whole(merchant: Merchant) -> None:
    paid, _ = fetch(merchant, f"/v3/bill/tradebill?bill_date={DAY}&bill_type=SUCCESS&tar_type=GZIP")
    refunded, summary = fetch(merchant, f"/v3/bill/tradebill?bill_date={DAY}&bill_type=REFUND&tar_type=GZIP")
    assert (len(paid), len(refunded)) == (3, 3)
    assert "微信退款单号" not in paid[0]
    assert refunded[0]["退款成功时间"]
    assert Decimal(summary["退款总金额"]) == Decimal("75.00")


def test_the_fund_flow_adds_up_to_the_balance(merchant: Merchant) -> None:
    rows, summary = fetch(merchant, f"/v3/bill/fundflowbill?bill_date={DAY}&account_type=BASIC&tar_type=GZIP")
    income = [row for row in rows if row["收支类型"] == "收入"]
    assert Decimal(summary["收入金额"]) == total(income, "收支金额(元)") == Decimal("300.06")
    change = Decimal(summary["收入金额"]) - Decimal(summary["支出金额"])
    before, _ = fetch(
        merchant,
        f"/v3/bill/fundflowbill?bill_date={DAY - timedelta(days=1)}&account_type=BASIC&tar_type=GZIP",
    )
    assert Decimal(rows[-1]["账户结余(元)"]) - Decimal(before[-1]["账户结余(元)"]) == change


def test_the_witness_downloads_a_bill(merchant: Merchant) -> None:
    pay = witness(merchant.env)
    status, text = pay.trade_bill(str(DAY))
    assert status == 200
    status, content = pay.download_bill(json.loads(text)["download_url"])
    assert status == 200
    assert "BILL-noon" in gzip.decompress(content).decode()


def test_a_bill_that_is_not_there_is_refused(merchant: Merchant) -> None:
    today = datetime.now(SHANGHAI).date()

    def code(path: str) -> str:
        answer = merchant.call("GET", path)
        assert answer.status_code == 400
        return str(answer.json()["code"])

    assert code(f"/v3/bill/tradebill?bill_date={today}") == "NO_STATEMENT_EXIST"
    assert code(f"/v3/bill/tradebill?bill_date={today - timedelta(days=40)}") == "NO_STATEMENT_EXIST"
    assert code(f"/v3/bill/tradebill?bill_date={today - timedelta(days=200)}") == "PARAM_ERROR"
    assert code("/v3/bill/tradebill?bill_date=yesterday") == "PARAM_ERROR"
    assert code(f"/v3/bill/tradebill?bill_date={DAY}&bill_type=MOST") == "PARAM_ERROR"
    assert code(f"/v3/bill/fundflowbill?bill_date={DAY}&account_type=FEES") == "NO_STATEMENT_EXIST"


def test_a_download_address_lives_five_minutes_and_needs_a_signature(merchant: Merchant, state: Path) -> None:
    offer = merchant.call("GET", f"/v3/bill/tradebill?bill_date={DAY}").json()
    address = urlsplit(offer["download_url"])
    path = f"{address.path}?{address.query}"
    assert merchant.session.get(offer["download_url"]).status_code == 401
    assert merchant.call("GET", path).content.startswith("交易时间,".encode())  # not packed unless asked
    with sqlite3.connect(state / "ledger.sqlite3") as book:
        book.execute("UPDATE bill_file SET created_at = created_at - 301")
    assert merchant.call("GET", path).json()["code"] == "NO_AUTH"


@pytest.mark.parametrize(("how", "count"), [("drop", 5), ("add", 7), ("alter", 6)])
def test_a_bill_may_lie(merchant: Merchant, how: str, count: int) -> None:
    path = f"/v3/bill/tradebill?bill_date={DAY}&bill_type=ALL&tar_type=GZIP"
    truth, _ = fetch(merchant, path)
    merchant.fault("bill_mismatch", value=how, scope="BILL-noon", times=1)
    lie, summary = fetch(merchant, path)
    assert len(lie) == count == int(summary["总交易单数"])
    wrong = [row for row in truth if row not in lie] + [row for row in lie if row not in truth]
    assert {row["交易状态"] for row in wrong} == {"SUCCESS"}
    if how != "add":
        assert {row["商户订单号"] for row in wrong} == {"BILL-noon"}
    assert fetch(merchant, path)[0] == truth
