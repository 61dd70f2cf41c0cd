"""Reading a WeChat Pay request body field by field, refusing as WeChat refuses."""

import ipaddress
import json
import re
from typing import Any
from urllib.parse import urlsplit

from local.sandbox.errors import bad_parameter

TRADE_NO = re.compile(r"[0-9A-Za-z_\-*]{6,32}")
REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
LARGEST = 10_000_000_000


def text(body: dict[str, Any], path: str, *, longest: int, required: bool = True) -> str:
    """A string at `path` ("amount/currency"); empty when absent and not required."""
    found = _at(body, path)
    if found is None and not required:
        return ""
    if not isinstance(found, str) or (required and not found):
        raise bad_parameter(f"/{path}", f"{path} 必须是非空字符串")
    if len(found) > longest:
        raise bad_parameter(f"/{path}", f"{path} 超过 {longest} 个字符")
    return found


def fen(body: dict[str, Any], path: str) -> int:
    """A whole number of fen above zero."""
    found = _at(body, path)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= LARGEST:
        raise bad_parameter(f"/{path}", f"{path} 必须是大于 0 的整数（分）")
    return found


def currency(body: dict[str, Any], *, required: bool) -> None:
    found = text(body, "amount/currency", longest=16, required=required)
    if found not in ("", "CNY"):
        raise bad_parameter("/amount/currency", "只支持 CNY")


def trade_no(body: dict[str, Any], *, required: bool = True) -> str:
    found = text(body, "out_trade_no", longest=32, required=required)
    if found and not TRADE_NO.fullmatch(found):
        raise bad_parameter("/out_trade_no", "out_trade_no 只能是 6 到 32 位字母、数字、_-*")
    return found


def refund_no(body: dict[str, Any]) -> str:
    found = text(body, "out_refund_no", longest=64)
    if not REFUND_NO.fullmatch(found):
        raise bad_parameter("/out_refund_no", "out_refund_no 只能是字母、数字、_-|*@")
    return found


def notify_url(body: dict[str, Any], *, required: bool) -> str:
    """An https address without a query; http is allowed on this machine and its own network."""
    found = text(body, "notify_url", longest=255, required=required)
    if not found:
        return ""
    parts = urlsplit(found)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts.hostname or ""))
    if not is_safe or not parts.hostname or parts.query or "?" in found or parts.fragment:
        raise bad_parameter("/notify_url", "notify_url 必须是 https 地址，且不能带参数")
    return found


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def canonical(body: dict[str, Any]) -> str:
    """The same text for the same parameters, whatever their order."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _at(body: dict[str, Any], path: str) -> Any:
    found: Any = body
    for name in path.split("/"):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found
