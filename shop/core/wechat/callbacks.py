"""What WeChat tells us by itself: signed, encrypted and at most five minutes old, or it isn't from WeChat."""

import base64
import binascii
import hashlib
import hmac
import struct
import time
from xml.parsers.expat import ExpatError

import xmltodict
from django.conf import settings
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from shop.core.wechat import apps

WINDOW_SECONDS = 300
BODY_BYTES = 64 * 1024
KEY_CHARACTERS = 43


class Untrusted(Exception):
    """A signature, age, size or encryption check failed."""


def verify(*, signature: str, timestamp: str, nonce: str, encrypted: str = "") -> None:
    """Checks age and signature over the token and what came; raises Untrusted."""
    token = settings.WECHAT_OA_TOKEN
    if not token or not apps.is_on("oa"):
        raise Untrusted("switched off")
    if not timestamp.isascii() or not timestamp.isdigit():
        raise Untrusted("no timestamp")
    if abs(time.time() - int(timestamp[:12])) > WINDOW_SECONDS:
        raise Untrusted("older than five minutes")
    parts = [token, timestamp, nonce] + ([encrypted] if encrypted else [])
    expected = hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False)  # the protocol's hash
    if not hmac.compare_digest(expected.hexdigest().encode(), signature.encode()):
        raise Untrusted("signature does not fit")


def decrypt(*, body: bytes, signature: str, timestamp: str, nonce: str) -> dict[str, str]:
    """The fields of an encrypted push; raises Untrusted, for messages to another app too."""
    if len(body) > BODY_BYTES:
        raise Untrusted("too large")
    encrypted = _fields(body).get("Encrypt", "")
    if not encrypted:
        raise Untrusted("not encrypted")
    verify(signature=signature, timestamp=timestamp, nonce=nonce, encrypted=encrypted)
    if len(settings.WECHAT_OA_AES_KEY) != KEY_CHARACTERS:
        raise Untrusted("no key")
    key = base64.b64decode(settings.WECHAT_OA_AES_KEY + "=")
    try:
        plain = PrpCrypto(key).decrypt(encrypted, apps.app_id("oa"))
    except (WeChatException, binascii.Error, ValueError, IndexError, TypeError, struct.error) as problem:
        raise Untrusted("can't be decrypted") from problem
    return _fields(plain)


def _fields(xml: bytes | str) -> dict[str, str]:
    """The flat fields of `<xml>`; anything with a document type is refused before it is parsed."""
    text = xml.decode(errors="replace") if isinstance(xml, bytes) else xml
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise Untrusted("no place for entities")
    try:
        found = xmltodict.parse(text).get("xml")
    except (ExpatError, ValueError, TypeError) as problem:
        raise Untrusted("not XML") from problem
    if not isinstance(found, dict):
        raise Untrusted("not a message")
    return {name: value for name, value in found.items() if isinstance(value, str)}
