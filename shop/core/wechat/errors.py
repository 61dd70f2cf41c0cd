"""WeChat's two ways of not doing what was asked."""

from django.utils.translation import gettext_lazy as _

from shop.core.errors import Refusal


class WechatRefused(Refusal):
    """WeChat answered and refused; `errcode` is its number."""

    code = "wechat_refused"
    status = 502
    message = _("WeChat did not accept this ({errcode}).")

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        super().__init__(errcode=errcode)
        self.errcode, self.errmsg = errcode, errmsg

    def __str__(self) -> str:
        return f"{self.code} {self.errcode} {self.errmsg}"


class WechatSilent(Refusal):
    """No answer that can be trusted: it may be asked again later."""

    code = "wechat_silent"
    status = 503
    message = _("WeChat does not answer at the moment. Please try again in a minute.")

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason
