"""What the mini-program's API makes and checks: its round code, and words that must not be published."""

import io
import re
import secrets
from typing import Any

import segno
from PIL import Image

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.weixin import apps
from local.sandbox.weixin.errors import WeixinError

SCENE = re.compile(r"[0-9a-zA-Z!#$&'()*+,/:;=?@._~-]{1,32}")
PAGE = re.compile(r"[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)+")
VERSIONS = ("release", "trial", "develop")
SEEN_SECONDS = 7200.0
LONGEST_TEXT = 2500
SUSPECTS = (
    ("risky", 20006, ("毒品", "枪支")),
    ("risky", 20008, ("刷单", "返利群")),
    ("risky", 20002, ("色情", "裸聊")),
    ("risky", 20003, ("傻逼", "去死")),
    ("review", 10001, ("加微信", "加我微信", "代购")),
)


def code_picture(box: Box, body: dict[str, Any]) -> bytes:
    """A JPEG of the wanted width; 40129, 40169, 41030 or 40097 for parameters WeChat refuses."""
    scene, page = body.get("scene"), body.get("page", "")
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise WeixinError(40169)
    if not SCENE.fullmatch(scene):
        raise WeixinError(40129)
    if page and (not isinstance(page, str) or not PAGE.fullmatch(page)):
        raise WeixinError(41030)
    if page and body.get("check_path", True) and not page.startswith("pages/"):
        raise WeixinError(41030)
    width = body.get("width", 430)
    if isinstance(width, bool) or not isinstance(width, int) or not 280 <= width <= 1280:
        raise WeixinError(40097, "width must be 280 to 1280")
    if body.get("env_version", "release") not in VERSIONS:
        raise WeixinError(40097, "env_version")
    link = f"weixin://miniprogram/{apps.appid(box, 'mp')}/{page or 'pages/index/index'}?scene={scene}"
    drawn = io.BytesIO()
    segno.make(link, error="m").save(drawn, kind="png", scale=8, border=2)
    picture = Image.open(drawn).convert("RGB").resize((width, width), Image.Resampling.NEAREST)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=90)
    return kept.getvalue()


def check_text(box: Box, body: dict[str, Any]) -> dict[str, Any]:
    """The verdict on a text of somebody who used the mini-program within two hours."""
    if body.get("version") != 2 or body.get("scene") not in (1, 2, 3, 4):
        raise WeixinError(40097)
    person = apps.touser(box, "mp", body.get("openid"))
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise WeixinError(44004)
    if len(content) > LONGEST_TEXT:
        raise WeixinError(45002)
    if clock.now() - person["seen_mp_at"] > SEEN_SECONDS:
        raise WeixinError(61010)
    text = " ".join(str(body.get(name) or "") for name in ("content", "nickname", "title", "signature"))
    suggest, label, word = _judge(text)
    detail = {"strategy": "keyword", "errcode": 0, "suggest": suggest, "label": label}
    detail |= {"keyword": word, "level": 90} if word else {}
    return {
        "errcode": 0,
        "errmsg": "ok",
        "result": {"suggest": suggest, "label": label},
        "detail": [detail],
        "trace_id": secrets.token_hex(16),
    }


def _judge(text: str) -> tuple[str, int, str]:
    for suggest, label, words in SUSPECTS:
        for word in words:
            if word in text:
                return suggest, label, word
    return "pass", 100, ""
