"""Answers that refuse, as the vendors word them."""

from typing import Any


class ApiError(Exception):
    """A signed WeChat Pay error answer: HTTP status, code, message, and `detail` where WeChat gives one."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body | {"detail": self.detail} if self.detail else body


class CannotPay(Exception):
    """The cashier refuses; the text is shown to the payer."""


def bad_parameter(field: str, issue: str, *, location: str = "body") -> ApiError:
    detail = {"field": field, "issue": issue, "location": location}
    return ApiError(400, "PARAM_ERROR", f"参数错误：{issue}", detail)


def no_such_order() -> ApiError:
    return ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
