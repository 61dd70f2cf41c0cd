"""What the values of a message may be: the kind is the letters of the keyword, "thing" in thing3."""

import re
from typing import Any

from local.sandbox.weixin.errors import WeixinError

TIME = r"\d{1,2}:\d{2}(:\d{2})?"
DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})"
MOMENT = rf"({DAY}( {TIME})?|{TIME})"
LIMITS = {
    "thing": r"[\s\S]{1,20}",
    "number": r"-?\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": rf"{MOMENT}(\s*[~～]\s*{MOMENT})?",
    "date": rf"{DAY}( {TIME})?",
    "amount": r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": r"[\w·-]{1,8}",
    "name": r"[一-鿿·]{1,10}|[A-Za-z .·]{1,20}",
    "phrase": r"[一-鿿]{1,5}",
    "const": r"[\s\S]{1,20}",
}
KEYWORD = re.compile(r"([a-z_]+?)_?(\d+)")


def check(fields: dict[str, str], data: Any) -> dict[str, str]:
    """The values of `data` when they are exactly the template's keywords and fit; else 47003."""
    if not isinstance(data, dict):
        raise WeixinError(47003, "data must be an object")
    for keyword in data:
        if keyword not in fields:
            raise WeixinError(47003, f"data.{keyword} is no keyword of this template")
    found = {}
    for keyword in fields:
        part = data.get(keyword)
        value = part.get("value") if isinstance(part, dict) else None
        if value is None or value == "":
            raise WeixinError(47003, f"data.{keyword}.value is empty")
        match = KEYWORD.fullmatch(keyword)
        pattern = LIMITS.get(match[1] if match else "", r"[\s\S]{1,200}")
        if not isinstance(value, str | int | float) or not re.fullmatch(pattern, str(value)):
            raise WeixinError(47003, f"data.{keyword}.value invalid")
        found[keyword] = str(value)
    return found
