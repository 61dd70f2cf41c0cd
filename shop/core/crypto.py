"""Encryption of fields, keyed hashes for searching them, and signed, expiring paths."""

import base64
import hashlib
import hmac
import os
import time

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


def _read_key(text: str) -> bytes:
    try:
        key = base64.b64decode(
            text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True
        )
    except ValueError as problem:
        raise ImproperlyConfigured("FIELD_KEY must be base64 of 32 bytes") from problem
    if len(key) != 32:
        raise ImproperlyConfigured("FIELD_KEY must be base64 of 32 bytes")
    return key


def _keys() -> dict[str, bytes]:
    """Keys by id, the current one first. FIELD_KEY may hold older keys after commas, so that a key can be
    changed."""
    if not settings.FIELD_KEY:
        raise ImproperlyConfigured("FIELD_KEY is not set")
    keys = [_read_key(part.strip()) for part in settings.FIELD_KEY.split(",") if part.strip()]
    return {hashlib.sha256(b"id" + key).hexdigest()[:8]: key for key in keys}


def encrypt(text: str) -> str:
    """`<key id>:<base64 of nonce and cipher text>`; the same text never gives the same result twice."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(sealed: str) -> str:
    """The text; ValueError when the key is unknown or the value was tampered with."""
    key_id, _, body = sealed.partition(":")
    key = _keys().get(key_id)
    if key is None:
        raise ValueError(f"no key {key_id!r}")
    raw = base64.b64decode(body)
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode()).decode()
    except InvalidTag as problem:
        raise ValueError("the value was tampered with") from problem


def keyed_hash(value: str, purpose: str) -> str:
    """64 hex digits. The same value gives different hashes for different purposes."""
    if not settings.HASH_KEY:
        raise ImproperlyConfigured("HASH_KEY is not set")
    return hmac.new(settings.HASH_KEY.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def sign_path(path: str, seconds: int) -> str:
    """The path with `?expires=…&signature=…`, good for so many seconds of this machine's clock."""
    expires = int(time.time()) + seconds
    return f"{path}?expires={expires}&signature={keyed_hash(f'{path}|{expires}', 'path')}"


def check_signed(path: str, expires: str, signature: str) -> bool:
    """Whether a signature made by `sign_path` belongs to the path and hasn't expired."""
    if not expires.isascii() or not expires.isdigit() or int(expires) < time.time():
        return False
    return hmac.compare_digest(keyed_hash(f"{path}|{int(expires)}", "path").encode(), signature.encode())
