// The phone: chats, service messages, me; and the in-app browser on top of them.
"use strict";
import { Browser } from "./phone-browser.js";
import { ask, face, find, icon, iconButton, make, note, sign, toast } from "./phone-parts.js";
import { card } from "./phone-sheets.js";

const ACCOUNT = "account";
const views = find("views");
const { shop: SHOP } = document.querySelector(".desk").dataset;
let state = null;
let place = "chats"; // chats, me, or the chat that is open
let newest = null; // the number of the newest service message, once known

let newestText = null;

const browser = new Browser({
  leave: () => show(place),
  people: () => state.people.filter((one) => one.name !== state.person.name),
});

const avatar = (chat) => make("span", { class: "avatar" },
  chat.with === ACCOUNT ? sign() : face(chat.unionid),
  chat.unread ? make("span", { class: "unread", "aria-label": `${chat.unread} 条未读` }, String(chat.unread)) : null);

const chatRow = (chat) => make("li", {},
  make("button", { class: "row-button", type: "button", onclick: () => openChat(chat.with) }, avatar(chat),
    make("span", { class: "row-words" },
      make("span", {}, make("strong", {}, chat.title), make("small", {}, chat.at)),
      make("p", {}, chat.words || "看到好东西，分享给 TA"))));

const tab = (name, words, sign) => make("button", { type: "button", "aria-current": place === name ? "page" : null, onclick: () => show(name) }, icon(sign), words);
const tabs = () => make("nav", { class: "tabs", "aria-label": "微信" }, tab("chats", "微信", "chat"), tab("me", "我", "person"));
const frame = (title, left, content, foot) => make("section", { class: "view", "aria-label": title },
  make("header", {}, make("div", {}, left), make("h2", {}, title), make("div", {})),
  make("div", { class: "scroll" }, content), foot);

const chats = () => {
  const unread = state.chats.reduce((sum, chat) => sum + chat.unread, 0);
  return frame(unread ? `微信(${unread})` : "微信", null, make("ul", { class: "rows" }, state.chats.map(chatRow)), tabs());
};

const lever = (words, hint, isOn, turn) => make("label", { class: "switch" },
  make("span", {}, words, make("small", {}, hint)),
  make("input", { type: "checkbox", role: "switch", checked: isOn, onchange: (event) => turn(event.target.checked) }));

const me = () => frame("我", null, [
  make("div", { class: "card-me" }, face(state.person.unionid), make("div", {}, make("strong", {}, state.person.nickname), make("p", { class: "figures" }, state.person.phone))),
  make("div", { class: "group" },
    lever("关注微商城公众号", "关注的人才收得到模板消息", state.person.follows, (follows) => change("follow", { follows })),
    lever("总是接收订阅消息", "不用每次勾选", state.person.wants, (wants) => change("want", { wants }))),
  make("div", { class: "group" }, make("h3", {}, "换一个人拿手机"), make("div", { class: "people", role: "radiogroup", "aria-label": "谁拿着手机" }, persons("inside"))),
], tabs());

const persons = (group) => state.people.map((one) => make("label", { class: "person" },
  make("input", { type: "radio", name: `person-${group}`, checked: one.name === state.person.name, onchange: () => hand(one) }),
  face(one.unionid), make("span", {}, one.nickname, make("small", {}, one.phone))));

const noticeCard = (row) => make("button", { class: "notice", type: "button", disabled: !row.target, onclick: () => openTarget(row.target) },
  make("h3", {}, row.title),
  make("dl", {}, row.lines.map((line) => make("div", {}, make("dt", {}, line.label), make("dd", {}, line.value)))),
  row.target ? make("span", { class: "more" }, "查看详情", make("span", { "aria-hidden": "true" }, "›")) : null);

const openTarget = (target) => {
  if (target.startsWith(`${SHOP}/`)) visit(target.slice(SHOP.length));
  else if (target.startsWith("/")) visit(target);
  else toast(target.startsWith("miniprogram:") ? `小程序页面 ${target.slice(12)}` : target);
};

const talk = (rows) => rows.flatMap((row) => [
  make("time", {}, row.at),
  row.kind === "notice" ? noticeCard(row)
    : make("div", { class: row.is_mine ? "bubble mine" : "bubble" }, face(row.unionid), card(row, () => openTarget(row.link))),
]);

const chat = (other, rows) => {
  const about = state.chats.find((one) => one.with === other);
  const isAccount = other === ACCOUNT;
  const empty = make("div", { class: "nothing" }, make("p", {}, isAccount ? "付款、发货、退款的消息会到这里" : "还没有聊过"),
    isAccount ? make("button", { class: "green", type: "button", onclick: () => visit("/") }, "进店逛逛") : null);
  const foot = isAccount ? make("nav", { class: "menu", "aria-label": "公众号菜单" },
    [["进店逛逛", "/"], ["购物车", "/basket/"], ["我的订单", "/orders/"]].map(([words, path]) =>
      make("button", { type: "button", onclick: () => visit(path) }, words))) : null;
  return frame(about.title, iconButton("back", "返回", () => show("chats")), rows.length ? make("div", { class: "talk" }, talk(rows)) : empty, foot);
};

const openChat = async (other) => {
  place = other;
  const rows = await ask(`chat?with=${encodeURIComponent(other)}`);
  await refresh();
  views.replaceChildren(chat(other, rows));
  const scroll = views.querySelector(".scroll");
  scroll.scrollTop = scroll.scrollHeight;
};

const show = (name) => {
  if (name !== "chats" && name !== "me") return openChat(name);
  place = name;
  views.replaceChildren(name === "me" ? me() : chats());
};

const visit = (path) => {
  browser.holder = state.person;
  views.replaceChildren(browser.view);
  browser.open(path);
};

const change = async (path, wish) => {
  await ask(path, wish);
  await refresh();
  show("me");
};

const hand = async (one) => {
  await ask("person", { name: one.name });
  const path = browser.frame ? browser.path : null;
  newest = newestText = null;
  await refresh();
  note("换人", `${one.nickname}拿着手机`, "grey");
  if (path) visit(path);
  else show("me" === place ? "me" : "chats");
};

let hiding = 0;
const announce = (mark, title, words, press, seconds) => {
  const banner = find("banner");
  const close = () => { banner.hidden = true; };
  banner.replaceChildren(make("button", { type: "button", onclick: () => { close(); press(); } },
    mark, make("span", {}, make("strong", {}, title), make("p", {}, words))));
  banner.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(close, seconds * 1000);
};
const announceChat = (about) => announce(sign(), about.title, about.words, () => {
  browser.put();
  openChat(ACCOUNT);
}, 8);
const announceText = (text) => announce(make("span", { class: "sign sms", "aria-hidden": "true" }, "信"), "短信", text.words, () => {}, 12);

/** Ask what is new; a fresh service message is announced as a phone does. */
const refresh = async () => {
  const before = newest;
  state = await ask("state");
  const account = state.chats.find((one) => one.with === ACCOUNT);
  newest = account.newest;
  if (before !== null && newest > before && account.unread && (browser.frame || place !== ACCOUNT)) announceChat(account);
  if (newestText !== null && state.text.id > newestText) announceText(state.text);
  newestText = state.text.id;
  const side = find("people");
  if (side.dataset.shown !== state.person.name + state.people.length) {
    side.dataset.shown = state.person.name + state.people.length;
    side.replaceChildren(...persons("side"));
  }
  return before !== newest;
};

const tick = async () => {
  find("clock").textContent = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  if (document.hidden) return;
  try {
    const hasNews = await refresh();
    if (hasNews && !browser.frame && !views.contains(document.activeElement)) show(place);
  } catch {
    // the sandbox is restarting; the next round finds it
  }
};

find("address").addEventListener("submit", (event) => {
  event.preventDefault();
  const wish = event.target.elements.to.value.trim().replace(SHOP, "") || "/";
  visit(wish.startsWith("/") ? wish : `/${wish}`);
});

const begin = async () => {
  const wish = new URLSearchParams(location.search);
  if (wish.get("as")) await ask("person", { name: wish.get("as") });
  await refresh();
  const path = wish.get("to");
  if (path && path.startsWith("/")) visit(path);
  else show("chats");
  setInterval(tick, 3000);
  tick();
};
begin().catch((problem) => toast(problem.message));
