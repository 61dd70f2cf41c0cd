"""What the demo asks of the sandbox's control API: to pay, to notify, to misbehave. Amounts are fen."""

from typing import Any

import requests
from django.conf import settings


def pay(number: str) -> None:
    """The shopper pays this payment at WeChat's."""
    _call("POST", f"/payments/{number}/pay")


def notify(number: str) -> None:
    """WeChat sends its newest notices of this payment once more."""
    _call("POST", f"/payments/{number}/notify")


def misbehave(fault: str, *, scope: str, **options: Any) -> None:
    """Turns a fault switch on for one number."""
    _call("POST", "/faults", fault=fault, scope=scope, **options)


def behave(*, scope: str) -> None:
    requests.delete(_url("/faults"), params={"scope": scope}, timeout=20).raise_for_status()


def payment(number: str) -> Any:
    """How WeChat sees a payment, with its refunds and notices."""
    return _call("GET", f"/payments/{number}")


def ledger() -> Any:
    """Everything WeChat took and gave back."""
    return _call("GET", "/ledger?rows=1")


def _call(method: str, path: str, **body: Any) -> Any:
    answer = requests.request(method, _url(path), json=body or None, timeout=20)
    answer.raise_for_status()
    return answer.json()


def _url(path: str) -> str:
    return f"{settings.SANDBOX_URL}/_control{path}"
