"""WeChat Pay's signatures and its encryption of notices, from the vendor's side."""

import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Authorization:
    mchid: str
    nonce: str
    signature: str
    timestamp: str
    serial: str


def lines(*parts: str | bytes) -> bytes:
    """Each part ended by a newline, also the last one."""
    return b"".join((part.encode() if isinstance(part, str) else part) + b"\n" for part in parts)


def sign(key: RSAPrivateKey, message: bytes) -> str:
    return b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def verify(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def read_authorization(header: str) -> Authorization | None:
    """The five attributes in any order, or None when one is missing or the scheme is another."""
    scheme, _, rest = header.partition(" ")
    found = dict(ATTRIBUTE.findall(rest))
    wanted = ("mchid", "nonce_str", "signature", "timestamp", "serial_no")
    if scheme != SCHEME or not all(found.get(name) for name in wanted):
        return None
    return Authorization(*(found[name] for name in wanted))


def encrypt(apiv3_key: str, plain: bytes, *, nonce: str, associated_data: str) -> str:
    """AEAD_AES_256_GCM: base64 of the encrypted bytes followed by the 16-byte tag."""
    sealed = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return b64encode(sealed).decode()


def new_nonce(length: int = 32) -> str:
    return secrets.token_hex(length)[:length]


def wrong_signature() -> str:
    """The right length and alphabet, signed by nobody."""
    return b64encode(secrets.token_bytes(256)).decode()


def pay_sign_message(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """What a page signs before it opens the cashier inside WeChat."""
    return lines(appid, timestamp, nonce, package)
