"""The secrets both sides share: made at the first start, told to the shop by sandbox.env."""

import json
import secrets
import string
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key

from local.paths import write_private

SIGN_NAME = "微商城"
LOGIN_TEMPLATE = "SMS_100000001"
PURCHASE_TEMPLATE = "SMS_100000002"
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Identity:
    """Names and symmetric secrets, as the vendors' consoles would show them."""

    appid: str
    mchid: str
    merchant_serial: str
    public_key_id: str
    apiv3_key: str
    sms_key_id: str
    sms_key_secret: str
    oa_secret: str
    oa_token: str
    oa_aes_key: str
    mp_appid: str
    mp_secret: str


@dataclass(frozen=True)
class Credentials:
    identity: Identity
    merchant_public_key: RSAPublicKey
    platform_private_key: RSAPrivateKey


def load(directory: Path) -> Credentials:
    """The credentials kept in `directory`, made there when it is empty."""
    kept = directory / "identity.json"
    if not kept.exists():
        _make(directory)
    known = json.loads(kept.read_text(encoding="utf-8"))
    if "oa_secret" not in known:  # kept by an older sandbox
        known |= _app_secrets()
        write_private(kept, json.dumps(known, indent=1))
    merchant = _read_private(directory / "merchant_private_key.pem")
    return Credentials(
        identity=Identity(**known),
        merchant_public_key=merchant.public_key(),
        platform_private_key=_read_private(directory / "platform_private_key.pem"),
    )


def write_env(directory: Path, credentials: Credentials, url: str, phone_url: str) -> Path:
    """Write the variables the shop reads; the file is readable by its owner only."""
    identity = credentials.identity
    directory = directory.resolve()
    variables = {
        "WECHAT_PAY_BASE_URL": url,
        "WECHAT_PAY_APPID": identity.appid,
        "WECHAT_PAY_MCHID": identity.mchid,
        "WECHAT_PAY_SERIAL": identity.merchant_serial,
        "WECHAT_PAY_PRIVATE_KEY_FILE": directory / "merchant_private_key.pem",
        "WECHAT_PAY_PUBLIC_KEY_ID": identity.public_key_id,
        "WECHAT_PAY_PUBLIC_KEY_FILE": directory / "platform_public_key.pem",
        "WECHAT_PAY_APIV3_KEY": identity.apiv3_key,
        "SMS_BASE_URL": url,
        "SMS_ACCESS_KEY_ID": identity.sms_key_id,
        "SMS_ACCESS_KEY_SECRET": identity.sms_key_secret,
        "SMS_SIGN_NAME": SIGN_NAME,
        "SMS_LOGIN_TEMPLATE": LOGIN_TEMPLATE,
        "SMS_PURCHASE_TEMPLATE": PURCHASE_TEMPLATE,
        "WECHAT_API_BASE_URL": url,
        "WECHAT_OPEN_BASE_URL": url,
        "WECHAT_OA_APPID": identity.appid,
        "WECHAT_OA_SECRET": identity.oa_secret,
        "WECHAT_OA_TOKEN": identity.oa_token,
        "WECHAT_OA_AES_KEY": identity.oa_aes_key,
        "WECHAT_MP_APPID": identity.mp_appid,
        "WECHAT_MP_SECRET": identity.mp_secret,
        "CHANNEL_HOSTS": urlsplit(url).netloc,
        "COMPETITOR_HOSTS": urlsplit(url).netloc,
        "SANDBOX_URL": url,
        "SANDBOX_PHONE_URL": phone_url,
    }
    path = directory / "sandbox.env"
    write_private(path, "".join(f"{name}={value}\n" for name, value in variables.items()))
    return path


def _make(directory: Path) -> None:
    merchant = generate_private_key(public_exponent=65537, key_size=2048)
    platform = generate_private_key(public_exponent=65537, key_size=2048)
    write_private(directory / "merchant_private_key.pem", _private_pem(merchant))
    write_private(directory / "platform_private_key.pem", _private_pem(platform))
    write_private(directory / "platform_public_key.pem", _public_pem(platform.public_key()))
    mchid = "19" + _digits(8)
    identity = Identity(
        appid="wx" + secrets.token_hex(8),
        mchid=mchid,
        merchant_serial=secrets.token_hex(20).upper(),
        public_key_id=f"PUB_KEY_ID_01{mchid}{_digits(20)}",
        apiv3_key="".join(secrets.choice(LETTERS) for _ in range(32)),
        sms_key_id="LTAI" + "".join(secrets.choice(LETTERS) for _ in range(20)),
        sms_key_secret="".join(secrets.choice(LETTERS) for _ in range(30)),
        **_app_secrets(),
    )
    # last, so that an interrupted first start is begun again
    write_private(directory / "identity.json", json.dumps(asdict(identity), indent=1))


def _app_secrets() -> dict[str, str]:
    """Of the official account and the mini-program; the account's appid is that of the payments."""
    return {
        "oa_secret": secrets.token_hex(16),
        "oa_token": "".join(secrets.choice(LETTERS) for _ in range(24)),
        "oa_aes_key": "".join(secrets.choice(LETTERS) for _ in range(43)),
        "mp_appid": "wx" + secrets.token_hex(8),
        "mp_secret": secrets.token_hex(16),
    }


def _digits(count: int) -> str:
    return "".join(secrets.choice(string.digits) for _ in range(count))


def _private_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _public_pem(key: RSAPublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _read_private(path: Path) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{path} holds no RSA key")
    return key
