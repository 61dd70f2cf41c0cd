"""The page with the phone on it. Its scripts do the rest; without them there is no phone."""

from urllib.parse import urlsplit

from local.sandbox.box import Box
from local.sandbox.http import Request, Response, redirect
from local.sandbox.pages.markup import Safe, fill, page

LOOPBACK = ("127.0.0.1", "localhost")
HEAD = Safe(
    '\n<link rel="stylesheet" href="/static/phone.css">'
    '\n<script type="module" src="/static/phone.js"></script>'
)
SIGNS = Safe(
    '<svg viewBox="0 0 66 14" width="66" height="14" aria-hidden="true"><g fill="currentColor">'
    '<rect x="0" y="8" width="3" height="5" rx="1"/><rect x="5" y="6" width="3" height="7" rx="1"/>'
    '<rect x="10" y="3" width="3" height="10" rx="1"/><rect x="15" y="0" width="3" height="13" rx="1"/>'
    '<path d="M31 2.2c2.8 0 5.4 1.1 7.3 2.9l-1.6 1.7A8.3 8.3 0 0 0 31 4.5a8.3 8.3 0 0 0-5.7 2.3l-1.6-1.7A10.6'
    ' 10.6 0 0 1 31 2.2Zm0 4.6c1.6 0 3.1.6 4.2 1.7L31 13l-4.2-4.5A6 6 0 0 1 31 6.8Z"/>'
    '<rect x="45" y="2" width="15" height="9" rx="2"/><rect x="63" y="4.5" width="2" height="4" rx="1"/>'
    '<rect x="43.5" y=".5" width="18" height="12" rx="3.2" fill="none" stroke="currentColor" opacity=".4"/>'
    "</g></svg>"
)
PHONE = """<main class="desk" data-shop="{shop}" data-phone="{phone}">
<section class="device" aria-label="微信手机">
<div class="screen" data-screen>
<div class="status" aria-hidden="true"><span class="figures" data-clock>9:41</span><i></i>{signs}</div>
<div class="views" data-views></div>
<div class="banner" data-banner hidden></div>
<div class="layer" data-layer hidden></div>
<p class="toast" data-toast role="status" hidden></p>
<div class="homebar" aria-hidden="true"></div>
</div>
</section>
<aside class="side">
<h1>微信手机</h1>
<p>商城在微信里的样子：这里的浏览器带着微信的标识，能静默登录、调起支付、分享卡片。</p>
<h2 id="holder">谁拿着手机</h2>
<div class="people" role="radiogroup" aria-labelledby="holder" data-people></div>
<h2><label for="address">打开网址</label></h2>
<form class="address" data-address>
<input id="address" name="to" autocomplete="off" spellcheck="false" placeholder="/">
<button>前往</button></form>
<h2>页面对微信说的话</h2>
<ol class="log" data-log><li class="quiet">还没有。打开商城，签名和支付会记在这里。</li></ol>
<p class="hint"><a href="/">沙箱首页</a></p>
</aside>
<noscript><p class="flash">这台手机需要 JavaScript。</p></noscript>
</main>"""


def show(box: Box, request: Request) -> Response:
    """The phone; `?to=/path` opens the shop there at once, `?as=name` hands the phone to somebody.

    Its browser keeps its cookies only on the same host, so another name of this machine leads there.
    """
    named, known = urlsplit(f"//{request.headers.get('host', '')}").hostname, urlsplit(box.url)
    if named in LOOPBACK and named != known.hostname:
        return redirect(box.url + request.target)
    body = fill(PHONE, shop=box.shop, phone=box.phone_url, signs=SIGNS)
    shop = urlsplit(box.shop)
    origins = " ".join(
        part for part in (f"{shop.scheme}://{shop.netloc}" if box.shop else "", box.phone_url) if part
    )
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
        f" img-src 'self' data: blob: {origins}; frame-src 'self' {box.phone_url}"
    )
    return page("微信手机", body, kind="phone", head=HEAD, policy=policy)


def enter(box: Box, request: Request) -> Response:
    return redirect("/phone/")
