"""A payment gateway that lives in this process: what the port promises, without a network."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from orders.gateways.base import (
    Exchange,
    NoticeContent,
    Ok,
    PaymentState,
    Prepay,
    RefundRequest,
    RefundState,
    Result,
    StartRequest,
    Unknown,
)
from shop.core import clock

LOG = Exchange(request="paper", status_code=200, answer="paper")


class PaperBank:
    """Keeps its books in memory. `silent()` makes it answer nothing; `pay(number)` is the shopper paying."""

    name = "wechat"
    amounts: ClassVar[dict[str, Decimal]] = {}
    words: ClassVar[dict[str, str]] = {}
    refunds: ClassVar[dict[str, RefundState]] = {}
    is_silent: ClassVar[bool] = False
    guard: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def forget(cls) -> None:
        cls.amounts, cls.words, cls.refunds, cls.is_silent = {}, {}, {}, False

    @classmethod
    @contextmanager
    def silent(cls) -> Iterator[None]:
        cls.is_silent = True
        try:
            yield
        finally:
            cls.is_silent = False

    @classmethod
    def pay(cls, number: str) -> bool:
        """False when the number was closed before."""
        with cls.guard:
            if cls.words.get(number) == "closed":
                return False
            cls.words[number] = "paid"
            return True

    def start(self, request: StartRequest) -> Result[Prepay]:
        if self.is_silent:
            return Unknown("silent", LOG)
        with self.guard:
            self.amounts[request.number] = request.amount
            self.words.setdefault(request.number, "unpaid")
        return Ok(Prepay(prepay_id=request.number, code_url=f"paper://{request.number}"), LOG)

    def query(self, number: str) -> Result[PaymentState]:
        if self.is_silent:
            return Unknown("silent", LOG)
        word: Any = self.words.get(number, "absent")
        amount = self.amounts.get(number) if word == "paid" else None
        return Ok(PaymentState(number, word, amount, transaction_id=f"T{number}"), LOG)

    def close(self, number: str) -> Result[Literal["closed", "paid"]]:
        if self.is_silent:
            return Unknown("silent", LOG)
        with self.guard:
            if self.words.get(number) == "paid":
                return Ok("paid", LOG)
            self.words[number] = "closed"
        return Ok("closed", LOG)

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> NoticeContent:
        raise NotImplementedError

    def refund(self, request: RefundRequest) -> Result[RefundState]:
        if self.is_silent:
            return Unknown("silent", LOG)
        with self.guard:
            state = self.refunds.setdefault(
                request.number,
                RefundState(
                    request.number,
                    "succeeded",
                    request.payment_number,
                    request.amount,
                    gateway_refund_id=f"R{request.number}",
                    done_at=clock.page_now(),
                ),
            )
        return Ok(state, LOG)

    def query_refund(self, number: str) -> Result[RefundState]:
        if self.is_silent:
            return Unknown("silent", LOG)
        return Ok(self.refunds.get(number, RefundState(number, "absent")), LOG)

    def fetch_bill(self, day: date) -> Result[bytes]:
        return Ok(b"", LOG)
