// The sheets that come up over a page: payment, sharing, permission, choosing.
"use strict";
import { ask, face, find, icon, iconButton, make, note, over, toast } from "./phone-parts.js";

/** A question with two answers; true when allowed. */
export const permit = (question, yes = "允许") => new Promise((done) => {
  const answer = (value) => { leave(); done(value); };
  const panel = make("div", { class: "panel" },
    make("h2", {}, question),
    make("button", { class: "green", type: "button", onclick: () => answer(true) }, yes),
    make("button", { class: "grey-button", type: "button", onclick: () => answer(false) }, "取消"));
  const leave = over(panel, { away: () => answer(false), middle: true, label: question });
});

/** A question answered by typing; null when given up. */
export const question = (words, hint) => new Promise((done) => {
  const answer = (value) => { leave(); done(value); };
  const field = make("input", { "aria-label": words, placeholder: hint, autocomplete: "off" });
  const panel = make("form", { class: "panel", onsubmit: (event) => { event.preventDefault(); answer(field.value); } },
    make("h2", {}, words), field,
    make("button", { class: "green" }, "好"),
    make("button", { class: "grey-button", type: "button", onclick: () => answer(null) }, "取消"));
  const leave = over(panel, { away: () => answer(null), middle: true, label: words });
  field.focus();
});

/** WeChat's payment sheet; "ok", "cancel" or "fail". */
export const pay = (parameters) => new Promise((done) => {
  let leave = () => {};
  const answer = (word) => { leave(); done(word); };
  const refuse = (words) => {
    leave();
    note("支付", words, "red");
    const panel = make("div", { class: "panel" },
      make("h2", {}, words),
      make("button", { class: "green", type: "button", onclick: () => answer("fail") }, "知道了"));
    leave = over(panel, { away: () => answer("fail"), middle: true, label: "无法支付" });
  };
  const thank = (sheet) => {
    leave();
    note("支付", `¥${sheet.sum} 已付，商户单号 ${sheet.number}`);
    const button = make("button", { class: "green", type: "button", onclick: () => answer("ok") }, "完成");
    const panel = make("div", { class: "panel" },
      make("div", { class: "pay-sheet" },
        make("div", { class: "mark done", "aria-hidden": "true" }, "✓"),
        make("h2", {}, "支付成功"),
        make("p", { class: "sum" }, make("span", {}, "¥"), sheet.sum),
        make("p", { class: "what" }, sheet.merchant), make("br"), button));
    leave = over(panel, { away: () => answer("ok"), label: "支付成功" });
    button.focus();
  };
  const show = (sheet) => {
    const button = make("button", { class: "green", type: "button", onclick: async () => {
      button.disabled = true;
      button.textContent = "支付中…";
      try {
        await ask("pay", parameters);
        thank(sheet);
      } catch (problem) {
        refuse(problem.message);
      }
    } }, "确认支付");
    const panel = make("div", { class: "panel" },
      make("header", {}, iconButton("close", "取消支付", () => answer("cancel")), make("h2", {}, "微信支付")),
      make("div", { class: "pay-sheet" },
        make("p", { class: "what" }, sheet.merchant),
        make("p", { class: "sum" }, make("span", {}, "¥"), sheet.sum),
        make("dl", {},
          make("div", {}, make("dt", {}, "商品"), make("dd", {}, sheet.description)),
          make("div", {}, make("dt", {}, "支付方式"), make("dd", {}, "零钱（沙箱，不会扣款）"))),
        button));
    leave = over(panel, { away: () => answer("cancel"), label: "微信支付" });
    button.focus();
  };
  ask("sheet", parameters).then(show, (problem) => refuse(problem.message));
});

/** A link as it looks in a chat. */
export const card = (about, press) => {
  const blank = make("i", { class: "blank", "aria-hidden": "true" }, "🔗");
  const picture = about.picture ? make("img", { src: about.picture, alt: "", onerror: () => picture.replaceWith(blank) }) : blank;
  return make(press ? "button" : "div", { class: "card-out", type: press ? "button" : null, onclick: press || (() => {}) },
    make("strong", {}, about.title), make("span", {}, make("small", {}, about.text || about.link), picture));
};

/** Whom to send it to; null when given up. */
const choose = (people, about) => new Promise((done) => {
  const answer = (value) => { leave(); done(value); };
  const panel = make("div", { class: "panel" },
    make("header", {}, iconButton("close", "关闭", () => answer(null)), make("h2", {}, "发送给")),
    make("div", { class: "choose" },
      make("ul", { class: "rows" }, people.map((one) => make("li", {},
        make("button", { class: "row-button", type: "button", onclick: () => answer(one) },
          make("span", { class: "avatar" }, face(one.unionid)),
          make("span", { class: "row-words" }, make("strong", {}, one.nickname))))))));
  const leave = over(panel, { away: () => answer(null), label: `把“${about.title}”发送给` });
});

const deed = (sign, words, press) =>
  make("button", { type: "button", onclick: press }, make("i", {}, icon(sign)), words);

const sizes = (current) => new Promise((done) => {
  const answer = (value) => { leave(); done(value); };
  const panel = make("div", { class: "panel" },
    make("header", {}, iconButton("close", "关闭", () => answer(null)), make("h2", {}, "字体大小")),
    make("div", { class: "sizes" }, [[100, "标准"], [115, "大"], [130, "更大"], [160, "最大"]].map(([percent, words]) =>
      make("button", { type: "button", "aria-pressed": String(percent === current), onclick: () => answer(percent) }, words))));
  const leave = over(panel, { away: () => answer(null), label: "字体大小" });
});

/**
 * The sheet behind ···: the card as it would be sent, what is wrong with the page's signature, what can be done.
 * `page` tells and does what concerns the page: cards(), verdict, hidden, reload(), font(), close(), shared(name).
 */
export const share = (page, people) => {
  const send = async (kind) => {
    leave();
    const about = await page.card(kind);
    const friend = kind === "friend" ? await choose(people, about) : { name: "" };
    if (!friend) return page.shared(kind, "cancel");
    try {
      await ask("share", { ...about, to: friend.name });
      toast(kind === "friend" ? `已发送给${friend.nickname}` : "已发到朋友圈");
      note("分享", `${about.title} → ${kind === "friend" ? friend.nickname : "朋友圈"}`);
      page.shared(kind, "ok");
    } catch (problem) {
      toast(problem.message);
      page.shared(kind, "fail");
    }
  };
  const copy = async () => {
    leave();
    try {
      await navigator.clipboard.writeText(page.link());
      toast("链接已复制");
    } catch {
      toast(page.link());
    }
  };
  const font = async () => {
    leave();
    const chosen = await sizes(page.fontSize);
    if (chosen) page.font(chosen);
  };
  const shown = (item) => !page.hidden.has(item);
  const panel = make("div", { class: "panel" },
    make("div", { class: "share-sheet" },
      make("div", { class: "preview" }, card(page.cards.friend || page.plainCard())),
      make("p", { class: `verdict ${page.verdict.tone}` }, page.verdict.words),
      make("div", { class: "deeds" },
        shown("menuItem:share:appMessage") && deed("send", "发送给朋友", () => send("friend")),
        shown("menuItem:share:timeline") && deed("moments", "朋友圈", () => send("moments")),
        shown("menuItem:copyUrl") && deed("link", "复制链接", copy),
        deed("size", "字体大小", font),
        deed("reload", "刷新", () => { leave(); page.reload(); }),
        deed("close", "关闭页面", () => { leave(); page.close(); }))),
    make("button", { class: "cancel", type: "button", onclick: () => leave() }, "取消"));
  const leave = over(panel, { away: () => leave(), label: "分享" });
};

/** Pictures over the whole phone, as imagePreview shows them. */
export const zoom = (urls, current) => {
  let at = Math.max(urls.indexOf(current), 0);
  const picture = make("img", { src: urls[at], alt: `第 ${at + 1} 张，共 ${urls.length} 张` });
  const step = () => {
    if (urls.length < 2) return leave();
    at = (at + 1) % urls.length;
    picture.src = urls[at];
    picture.alt = `第 ${at + 1} 张，共 ${urls.length} 张`;
  };
  const panel = make("button", { class: "zoomed", type: "button", onclick: step }, picture);
  const leave = over(panel, { away: () => leave(), label: "看图，按 Esc 关闭" });
};

/** A picture from the album: its data, or null. */
export const album = () => new Promise((done) => {
  const answer = (value) => { leave(); done(value); };
  const field = make("input", { type: "file", accept: "image/*", "aria-label": "选择图片", onchange: () => {
    const reader = new FileReader();
    reader.onload = () => answer(reader.result);
    if (field.files[0]) reader.readAsDataURL(field.files[0]);
  } });
  const panel = make("div", { class: "panel" }, make("h2", {}, "从手机相册选择"), field,
    make("button", { class: "grey-button", type: "button", onclick: () => answer(null) }, "取消"));
  const leave = over(panel, { away: () => answer(null), middle: true, label: "从手机相册选择" });
  find("layer").querySelector("input").focus();
});
