// Inside WeChat: its payment sheet, its share card. Everywhere: a fresh basket count after "back".
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const isInside = /MicroMessenger/i.test(navigator.userAgent);
  const meta = (name) => document.querySelector(`meta[name="share-${name}"]`)?.content || "";

  // A page from the browser's memory shows the basket of then
  const recount = () => {
    if (!document.querySelector("[data-basket-count]")) return;
    fetch(own.count, { headers: { Accept: "application/json" } })
      .then((answer) => answer.json())
      .then(({ count }) => document.querySelectorAll("[data-basket-count]").forEach((mark) => (mark.textContent = count || "")))
      .catch(() => {});
  };
  window.addEventListener("pageshow", (event) => {
    const came = performance.getEntriesByType?.("navigation")[0]?.type;
    if (event.persisted || came === "back_forward") recount();
  });

  const whenReady = (act) => {
    if (window.WeixinJSBridge) act();
    else document.addEventListener("WeixinJSBridgeReady", act, { once: true });
  };

  // The payment sheet. What it says is never proof: our server asks WeChat.
  const sheets = new WeakSet();
  const readySheet = (part) => {
    if (sheets.has(part)) return;
    sheets.add(part);
    const parameters = JSON.parse(document.getElementById("wechat-pay").textContent);
    const said = part.querySelector("[data-said]");
    const open = () => {
      if (!isInside) {
        said.textContent = part.dataset.away;
        return;
      }
      whenReady(() => WeixinJSBridge.invoke("getBrandWCPayRequest", parameters, (answer) => {
        const word = String(answer?.err_msg || "").split(":").pop();
        if (word === "ok") part.querySelector("[data-paid]").requestSubmit();
        else said.textContent = word === "cancel" ? part.dataset.cancelled : part.dataset.failed;
      }));
    };
    part.querySelector("[data-pay]").addEventListener("click", open);
    if (part.dataset.open !== undefined) {
      delete part.dataset.open;
      history.replaceState(null, "", location.pathname);
      open();
    }
  };
  document.querySelectorAll("[data-wechat-pay]").forEach(readySheet);
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-wechat-pay]").forEach(readySheet));

  // The share card: neutral words about the page, never a reward for sharing
  const load = (address) => new Promise((done, failed) => {
    window.module = { exports: {} };
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      const sdk = window.module.exports;
      delete window.module;
      done(window.jWeixin || sdk);
    };
    script.onerror = failed;
    document.head.append(script);
  });
  const share = async () => {
    const answer = await fetch(`${own.configuration}?path=${encodeURIComponent(location.pathname + location.search)}`);
    if (answer.status !== 200) return;
    const { config, base, icon } = await answer.json();
    const wx = await load(own.sdk);
    const absolute = (address) => (address.startsWith("/") ? base + address : address);
    const card = {
      title: meta("title") || document.title,
      desc: meta("words") || document.querySelector('meta[name="description"]')?.content || "",
      link: absolute(meta("link") || location.pathname + location.search),
      imgUrl: absolute(meta("image")) || icon,
    };
    wx.config({ ...config, jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"] });
    wx.ready(() => {
      wx.updateAppMessageShareData(card);
      wx.updateTimelineShareData({ title: card.title, link: card.link, imgUrl: card.imgUrl });
    });
  };
  if (isInside && own.configuration) share().catch(() => {});
})();
