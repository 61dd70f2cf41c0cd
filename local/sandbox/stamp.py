"""The signature headers of an answer or a notice, spoiled when a fault switch says so."""

from local.sandbox import clock, faults, signing
from local.sandbox.box import Box

SIGNTEST = "WECHATPAY/SIGNTEST/"


def stamp(
    box: Box, body: bytes, *, operation: str, scopes: tuple[str, ...], is_first: bool = True
) -> tuple[dict[str, str], list[str]]:
    """Headers for `body`, and the names of the faults that were put into them.

    A signature probe spoils only the first attempt of a notice; WeChat then sends it rightly signed.
    """

    def take(name: str) -> str | None:
        return faults.take(box, name, operation=operation, scopes=scopes)

    told = []
    at = clock.now() + skew(box, operation, scopes)
    old = take("stale_timestamp")
    if old is not None:
        told.append("stale_timestamp")
        at -= float(old)
    timestamp, nonce = str(int(at)), signing.new_nonce()
    signature = signing.sign(box.credentials.platform_private_key, signing.lines(timestamp, nonce, body))
    if take("bad_signature") is not None:
        told.append("bad_signature")
        signature = signing.wrong_signature()
    elif is_first and take("signtest") is not None:
        told.append("signtest")
        signature = SIGNTEST + signing.wrong_signature()
    headers = {
        "Request-ID": signing.new_nonce(),
        "Wechatpay-Serial": box.credentials.identity.public_key_id,
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": signing.SCHEME,
    }
    return headers, told


def skew(box: Box, operation: str, scopes: tuple[str, ...] = ()) -> float:
    """How many seconds WeChat's clock is ahead of ours."""
    return float(faults.peek(box, "clock_skew", operation=operation, scopes=scopes) or 0)
