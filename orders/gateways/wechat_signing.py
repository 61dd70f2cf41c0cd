"""Signatures and encryption of WeChat Pay API v3.

Requests are signed with the merchant's key over five lines; answers and notices with WeChat Pay's public
key over three lines (timestamp, nonce, body), at most five minutes old; resources are AEAD_AES_256_GCM.
"""

import base64
import binascii
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300


class Untrusted(Exception):
    """A signature, age or encryption check failed."""


@dataclass(frozen=True)
class Keys:
    """The merchant's keys. File paths are PEM files; `apiv3_key` has 32 ASCII characters."""

    mchid: str
    serial: str
    private_key_file: str
    public_key_id: str
    public_key_file: str
    apiv3_key: str

    @cached_property
    def private_key(self) -> RSAPrivateKey:
        key = load_pem_private_key(Path(self.private_key_file).read_bytes(), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("the merchant key must be an RSA key")
        return key

    @cached_property
    def public_key(self) -> RSAPublicKey:
        key = load_pem_public_key(Path(self.public_key_file).read_bytes())
        if not isinstance(key, RSAPublicKey):
            raise TypeError("the WeChat Pay public key must be an RSA key")
        return key


def sign(key: RSAPrivateKey, *lines: str) -> str:
    """Base64 signature over the lines, each ended by a line feed."""
    message = "".join(f"{line}\n" for line in lines).encode()
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), SHA256())).decode()


def authorization(keys: Keys, *, method: str, path: str, body: str) -> str:
    """The Authorization header of a request; `path` with its query exactly as sent."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    signature = sign(keys.private_key, method, path, timestamp, nonce, body)
    return (
        f'{SCHEME} mchid="{keys.mchid}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{timestamp}",serial_no="{keys.serial}"'
    )


def verify(keys: Keys, *, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Check an answer or a notice. Raises Untrusted; an unknown serial is refused without any outbound
    call."""
    fields = {name.lower(): value for name, value in headers.items()}
    stamp = fields.get("wechatpay-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp[:12])) > WINDOW_SECONDS:
        raise Untrusted("timestamp missing or outside of five minutes")
    if not secrets.compare_digest(fields.get("wechatpay-serial", "").encode(), keys.public_key_id.encode()):
        raise Untrusted("unknown serial")
    nonce = fields.get("wechatpay-nonce", "")
    try:
        signature = base64.b64decode(fields.get("wechatpay-signature", ""), validate=True)
        message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        keys.public_key.verify(signature, message, padding.PKCS1v15(), SHA256())
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise Untrusted("signature does not fit") from error


def decrypt(keys: Keys, *, ciphertext: str, nonce: str, associated_data: str) -> bytes:
    """Open an encrypted resource. Raises Untrusted."""
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(keys.apiv3_key.encode()).decrypt(nonce.encode(), sealed, associated_data.encode())
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise Untrusted("resource can't be decrypted") from error


def client_parameters(keys: Keys, *, app_id: str, prepay_id: str) -> dict[str, str]:
    """What `wx.requestPayment` and the in-app browser need to open the payment sheet for a prepay id."""
    timestamp, nonce, package = str(int(time.time())), secrets.token_hex(16), f"prepay_id={prepay_id}"
    return {
        "appId": app_id,
        "timeStamp": timestamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": sign(keys.private_key, app_id, timestamp, nonce, package),
    }
