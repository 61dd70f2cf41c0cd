"""Signatures and AES of message pushes and of the JSSDK, from WeChat's side."""

import hashlib
import secrets
import struct
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32


def signature(*parts: str) -> str:
    """sha1 over the sorted parts: of token, timestamp, nonce and, for a sealed message, the message."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def jssdk_signature(*, ticket: str, nonce: str, timestamp: str, url: str) -> str:
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - WeChat's choice


def seal(aes_key: str, appid: str, message: str, *, noise: bytes = b"") -> str:
    """base64 of AES-256-CBC over noise + length + message + appid, padded to 32 bytes."""
    key = b64decode(aes_key + "=")
    text = message.encode()
    plain = (noise or secrets.token_bytes(16)) + struct.pack(">I", len(text)) + text + appid.encode()
    fill = BLOCK - len(plain) % BLOCK
    sealer = Cipher(AES(key), CBC(key[:16])).encryptor()
    return b64encode(sealer.update(plain + bytes([fill]) * fill) + sealer.finalize()).decode()


def open_(aes_key: str, sealed: str) -> tuple[str, str]:
    """Message and appid. Raises ValueError when it was sealed with another key."""
    key = b64decode(aes_key + "=")
    opener = Cipher(AES(key), CBC(key[:16])).decryptor()
    plain = opener.update(b64decode(sealed)) + opener.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    if length > len(plain) - 20:
        raise ValueError("sealed with another key")
    return plain[20 : 20 + length].decode(), plain[20 + length :].decode()
