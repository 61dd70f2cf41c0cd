"""What the tests of the sandbox share: a running one, a merchant who signs, a shop that listens."""

import hashlib
import hmac
import json
import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from wechatpayv3 import WeChatPay, WeChatPayType

from local.sandbox.server import in_thread


def read_env(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


@dataclass
class Merchant:
    """Speaks to a sandbox with nothing but the variables it wrote."""

    env: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.url = self.env["SANDBOX_URL"]
        self.private_key = load_pem_private_key(
            Path(self.env["WECHAT_PAY_PRIVATE_KEY_FILE"]).read_bytes(), password=None
        )
        self.public_key = load_pem_public_key(Path(self.env["WECHAT_PAY_PUBLIC_KEY_FILE"]).read_bytes())

    def sign(self, *lines: str) -> str:
        message = "".join(f"{line}\n" for line in lines).encode()
        return b64encode(self.private_key.sign(message, PKCS1v15(), SHA256())).decode()  # type: ignore[union-attr,call-arg,arg-type]

    def call(self, method: str, path: str, body: Any = None, **spoil: Any) -> requests.Response:
        """One signed call; `spoil` replaces parts of what is signed or sent."""
        text = "" if body is None else json.dumps(body, ensure_ascii=False)
        stamp = str(spoil.get("timestamp", int(time.time())))
        nonce = spoil.get("nonce", secrets.token_hex(16))
        signature = spoil.get("signature") or self.sign(
            method, spoil.get("signed_path", path), stamp, nonce, text
        )
        serial = spoil.get("serial", self.env["WECHAT_PAY_SERIAL"])
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "tests",
            "Wechatpay-Serial": self.env["WECHAT_PAY_PUBLIC_KEY_ID"],
            "Authorization": (
                f'WECHATPAY2-SHA256-RSA2048 serial_no="{serial}",timestamp="{stamp}",'
                f'signature="{signature}",nonce_str="{nonce}",mchid="{self.env["WECHAT_PAY_MCHID"]}"'
            ),
        } | spoil.get("headers", {})
        sent = spoil.get("sent", text)
        return self.session.request(method, self.url + path, data=sent.encode(), headers=headers, timeout=20)

    def is_signed(self, headers: Any, body: bytes) -> bool:
        """Whether an answer or a notice carries the vendor's signature."""
        message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode() + body + b"\n"
        try:
            signature = b64decode(headers["Wechatpay-Signature"], validate=True)
            self.public_key.verify(signature, message, PKCS1v15(), SHA256())  # type: ignore[union-attr,call-arg,arg-type]
        except Exception:
            return False
        return headers["Wechatpay-Serial"] == self.env["WECHAT_PAY_PUBLIC_KEY_ID"]

    def order(self, **changes: Any) -> dict[str, Any]:
        """The body of a small order under a fresh number."""
        body = {
            "appid": self.env["WECHAT_PAY_APPID"],
            "mchid": self.env["WECHAT_PAY_MCHID"],
            "description": "红富士苹果 2 斤",
            "out_trade_no": "T" + secrets.token_hex(8),
            "notify_url": "http://127.0.0.1:9/notify/wechat/payment/",
            "amount": {"total": 1290, "currency": "CNY"},
        }
        return body | changes

    def create(self, product: str = "native", **changes: Any) -> tuple[str, dict[str, Any]]:
        """A payment the sandbox accepted: its number and the answer."""
        body = self.order(**changes)
        answer = self.call("POST", f"/v3/pay/transactions/{product}", body)
        assert answer.status_code == 200, answer.text
        return body["out_trade_no"], answer.json()

    def paid(self, product: str = "native", **changes: Any) -> str:
        number, _ = self.create(product, **changes)
        self.control("POST", f"/payments/{number}/pay")
        return number

    def query(self, number: str) -> requests.Response:
        path = f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.env['WECHAT_PAY_MCHID']}"
        return self.call("GET", path)

    def state(self, number: str) -> str:
        return str(self.query(number).json()["trade_state"])

    def close(self, number: str) -> requests.Response:
        path = f"/v3/pay/transactions/out-trade-no/{number}/close"
        return self.call("POST", path, {"mchid": self.env["WECHAT_PAY_MCHID"]})

    def refund(self, number: str, fen: int, *, total: int = 1290, **changes: Any) -> requests.Response:
        body = {
            "out_trade_no": number,
            "out_refund_no": "R" + secrets.token_hex(8),
            "amount": {"refund": fen, "total": total, "currency": "CNY"},
        }
        return self.call("POST", "/v3/refund/domestic/refunds", body | changes)

    def refund_status(self, refund_no: str) -> str:
        return str(self.call("GET", f"/v3/refund/domestic/refunds/{quote(refund_no)}").json()["status"])

    def decrypt(self, body: bytes) -> dict[str, Any]:
        resource = json.loads(body)["resource"]
        opened = AESGCM(self.env["WECHAT_PAY_APIV3_KEY"].encode()).decrypt(
            resource["nonce"].encode(),
            b64decode(resource["ciphertext"]),
            resource["associated_data"].encode(),
        )
        return dict(json.loads(opened))

    def control(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        answer = self.session.request(method, f"{self.url}/_control{path}", json=body, timeout=20)
        assert answer.status_code == expect, answer.text
        return answer.json()

    def openid(self, name: str = "小满", app: str = "oa") -> str:
        """The openid of a WeChat person."""
        people = self.control("GET", "/wechat/people")
        return str(next(one["openid"][app] for one in people if one["name"] == name))

    def fault(self, fault: str, **options: Any) -> None:
        self.control("POST", "/faults", {"fault": fault} | options)

    def send_sms(
        self, spoil: Callable[[dict[str, str]], None] | None = None, **given: str
    ) -> requests.Response:
        """SendSms as Aliyun's gateway wants it signed."""
        fields = {
            "PhoneNumbers": "13800001234",
            "SignName": self.env["SMS_SIGN_NAME"],
            "TemplateCode": self.env["SMS_LOGIN_TEMPLATE"],
            "TemplateParam": '{"code":"135790"}',
        } | given
        query = "&".join(f"{k}={quote(v, safe='-_.~')}" for k, v in sorted(fields.items()))
        headers = {
            "host": urlsplit(self.url).netloc,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": "2017-05-25",
        }
        if spoil:
            spoil(headers)
        names = ";".join(sorted(headers))
        canonical = f"GET\n/\n{query}\n" + "".join(f"{k}:{headers[k]}\n" for k in sorted(headers))
        canonical += f"\n{names}\n{headers['x-acs-content-sha256']}"
        to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        signature = hmac.new(self.env["SMS_ACCESS_KEY_SECRET"].encode(), to_sign.encode(), hashlib.sha256)
        headers["Authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={self.env['SMS_ACCESS_KEY_ID']},"
            f"SignedHeaders={names},Signature={signature.hexdigest()}"
        )
        return self.session.get(f"{self.url}/?{query}", headers=headers, timeout=20)


@contextmanager
def sandbox(state: Path, *, factor: float = 60) -> Iterator[Merchant]:
    with in_thread(state, factor=factor) as running:
        yield Merchant(read_env(running.env_file))


def witness(env: dict[str, str], product: WeChatPayType = WeChatPayType.NATIVE) -> WeChatPay:
    """The library wechatpayv3 in public-key mode, pointed at the sandbox."""
    pay = WeChatPay(
        wechatpay_type=product,
        mchid=env["WECHAT_PAY_MCHID"],
        private_key=Path(env["WECHAT_PAY_PRIVATE_KEY_FILE"]).read_text(),
        cert_serial_no=env["WECHAT_PAY_SERIAL"],
        appid=env["WECHAT_PAY_APPID"],
        apiv3_key=env["WECHAT_PAY_APIV3_KEY"],
        notify_url="http://127.0.0.1:9/notify/wechat/payment/",
        public_key=Path(env["WECHAT_PAY_PUBLIC_KEY_FILE"]).read_text(),
        public_key_id=env["WECHAT_PAY_PUBLIC_KEY_ID"],
        timeout=20,
    )
    pay._core._gate_way = env["WECHAT_PAY_BASE_URL"]
    return pay


@dataclass
class Heard:
    at: float
    headers: dict[str, str]
    body: bytes


class Listener:
    """A notice endpoint: keeps what arrives, answers with the next of `statuses`, the last for ever."""

    def __init__(self, *statuses: int) -> None:
        self.heard: list[Heard] = []
        self._statuses = list(statuses) or [204]
        self._more = threading.Condition()
        listener = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(listener._hear(dict(self.headers), body))
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.url = f"http://127.0.0.1:{self._server.server_port}/notify/wechat/payment/"

    def _hear(self, headers: dict[str, str], body: bytes) -> int:
        with self._more:
            self.heard.append(Heard(time.monotonic(), headers, body))
            self._more.notify_all()
            return self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]

    def wait(self, count: int, *, within: float = 10) -> list[Heard]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.heard) >= count, within), f"heard {len(self.heard)}"
            return list(self.heard)

    def __enter__(self) -> "Listener":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def until(check: Callable[[], Any], *, within: float = 10) -> Any:
    """What `check` returns once it is true."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
