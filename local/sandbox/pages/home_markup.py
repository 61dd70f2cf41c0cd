"""The pieces of the home page."""

HOME = """<header class="top">
<div><h1>沙箱</h1>
<p>微信支付、公众号、小程序与短信，全在这台机器上；没有真钱，没有真短信。</p></div>
<nav aria-label="本页">
<a class="strong" href="/phone/">微信手机</a><a class="strong" href="/clerk/">店员手机</a>
<a href="#messages">短信</a><a href="#weixin">微信消息</a>
<a href="#faults">故障</a><a href="#payments">付款</a>
<a href="#refunds">退款</a><a href="#notices">通知</a><a href="#pushes">推送</a>
</nav>
</header>
<main>
{flash}
<div class="column">
<section id="messages" class="card"><h2>短信</h2><div data-live="messages">{messages}</div></section>
<section id="weixin" class="card"><h2>微信消息</h2><div data-live="weixin">{weixin}</div></section>
<section id="faults" class="card"><h2>故障开关</h2>
<div data-live="faults">{faults}</div>
<details><summary>打开一个开关</summary>
<form class="stack" method="post" action="/actions/fault">
<label>故障<select name="fault">{fault_options}</select></label>
<div class="pair">
<label>值<input name="value" placeholder="默认"></label>
<label>次数<input name="times" inputmode="numeric" placeholder="一直"></label>
</div>
<label>范围<input name="scope" placeholder="global，或单号、手机号、openid"></label>
<label>操作<select name="operation"><option value="">默认</option>{operation_options}</select></label>
<button class="filled">打开开关</button>
</form></details>
<p class="hint">时间倍率 {factor}：微信的 {factor} 秒在这里是 1 秒。</p></section>
</div>
<div class="column">
<section id="payments" class="card"><h2>付款</h2>
<form class="line" method="get" action="/">
<input name="q" value="{query}" placeholder="商户单号或微信单号" aria-label="单号"><button>查找</button>
</form>
<form class="line" method="get" action="/cashier">
<input name="code_url" placeholder="weixin://wxpay/bizpayurl?pr=…" aria-label="二维码内容">
<button>扫码</button>
</form>
<div data-live="payments">{payments}</div></section>
<section id="refunds" class="card"><h2>退款</h2><div data-live="refunds">{refunds}</div></section>
<section id="notices" class="card"><h2>通知</h2><div data-live="notices">{notices}</div></section>
<section id="pushes" class="card"><h2>公众号推送</h2><div data-live="pushes">{pushes}</div></section>
</div>
</main>
<footer><p>给程序用的接口在 <code>/_control/</code>，说明见 local/sandbox/README.md。</p></footer>
<script src="/static/home.js" defer></script>"""

FLASH = '<p class="flash" role="status">{words}</p>'

PAYMENT = """<article class="item">
<div class="head"><h3>{description}</h3><p class="figures money">¥{sum}</p></div>
<p class="meta">{badge}<span>{type}</span><span class="figures">{at}</span></p>
<p class="meta figures">{number}</p>
<div class="buttons">{buttons}</div>
</article>"""

OPEN = '<a class="button" href="/cashier?out_trade_no={number}" target="_blank">打开收银台</a>'

PAY = """<form method="post" action="/actions/pay">
<input type="hidden" name="out_trade_no" value="{number}"><button>直接付款</button></form>"""

LATE = """<form method="post" action="/actions/late">
<input type="hidden" name="out_trade_no" value="{number}"><button>关单后到账</button></form>"""

NOTIFY = """<form method="post" action="/actions/notify">
<input type="hidden" name="out_trade_no" value="{number}"><button>再发通知</button></form>"""

REFUND = """<article class="item">
<div class="head"><h3>{reason}</h3><p class="figures money">¥{sum}</p></div>
<p class="meta">{badge}<span class="figures">{at}</span></p>
<p class="meta figures"><span>{refund_no}</span><span>原单 {number}</span></p>
</article>"""

MESSAGE = """<article class="item">
<p class="meta"><strong class="figures">{phone}</strong><span class="figures">{at}</span></p>
{code}<p class="text">{text}</p>
</article>"""

NOTICE = """<article class="item">
<p class="meta">{badge}<strong>{summary}</strong><span class="figures">{number}</span></p>
<p class="meta wrap">{url}{next}</p>
<ol class="attempts">{attempts}</ol>
</article>"""

ATTEMPT = """<li><span class="figures">{at}</span><span>{place}</span>{status}
<span class="wrap">{details}</span></li>"""

FAULT = """<article class="item row">
<div><h3>{label}</h3><p class="meta wrap"><code>{name}</code>{details}</p></div>
<form method="post" action="/actions/clear"><input type="hidden" name="fault" value="{name}">
<input type="hidden" name="scope" value="{scope}"><button>关闭</button></form>
</article>"""
