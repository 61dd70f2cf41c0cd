"""What the home page shows of WeChat: service messages, refused ones too, and what was pushed to the shop."""

from local.sandbox import clock
from local.sandbox.box import Box
from local.sandbox.ledger import Row
from local.sandbox.pages.markup import EMPTY, Safe, fill, join
from local.sandbox.weixin import messages
from local.sandbox.weixin.errors import WORDS

MOST = 8
KINDS = {"template": "模板消息", "subscribe": "订阅消息", "bizsend": "订阅通知"}
PUSH_WORDS = {
    "waiting": ("等待重发", "amber"),
    "accepted": ("商城已收下", "leaf"),
    "given_up": ("已放弃", "red"),
}
MESSAGE = """<article class="item">
<div class="head"><h3>{title}</h3>{badge}</div>
<p class="meta"><strong>{person}</strong><span>{kind}</span><span class="figures">{at}</span></p>
<p class="text wrap">{data}</p>{link}
</article>"""
LINK = '<p class="buttons"><a class="button" href="/phone/?as={person}">在手机上看</a></p>'
PUSH = """<article class="item">
<p class="meta"><span class="badge {tone}">{words}</span><strong>{event}</strong><span>{person}</span>
<span class="figures">{at}</span></p>
<p class="meta wrap">第 {tries} 次 · 商城答 {status} {answer}</p>
</article>"""


def notices(box: Box) -> Safe:
    rows = messages.listed(box, refused=True, limit=MOST)
    return join(_notice(row) for row in rows) or _empty("还没有微信消息。付一笔款，它会到付款人的微信里。")


def _notice(row: Row) -> Safe:
    label = row["labels"]
    refused = WORDS.get(row["errcode"], "error") if row["errcode"] else ""
    return fill(
        MESSAGE,
        title=row["title"] or row["template_id"][:12],
        badge=fill(
            '<span class="badge {tone}">{words}</span>',
            tone="red" if refused else "leaf",
            words=f"{row['errcode']} {refused}" if refused else "已送达",
        ),
        person=row["person"],
        kind=KINDS[row["kind"]],
        at=clock.short(row["at"]),
        data="；".join(f"{label.get(keyword, keyword)} {value}" for keyword, value in row["data"].items()),
        link=EMPTY if refused else fill(LINK, person=row["person"]),
    )


def pushed(box: Box) -> Safe:
    rows = box.ledger.rows("SELECT * FROM weixin_push ORDER BY id DESC LIMIT ?", MOST)
    return join(_push(row) for row in rows) or _empty("还没有推送过事件")


def _push(row: Row) -> Safe:
    words, tone = PUSH_WORDS[row["state"]]
    return fill(
        PUSH,
        words=words,
        tone=tone,
        event=row["event"],
        person=row["person"],
        at=clock.short(row["at"]),
        tries=row["tries"],
        status=row["status"] or "无应答",
        answer=row["answer"][:40],
    )


def _empty(words: str) -> Safe:
    return fill('<p class="empty">{words}</p>', words=words)
