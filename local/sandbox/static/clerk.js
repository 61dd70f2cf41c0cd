// The clerk's phone. It knows the shop only through its staff REST API.
import { h, money, age, when } from "./clerk-parts.js";
import { order } from "./clerk-order.js";
import { goods } from "./clerk-goods.js";
import { pickup } from "./clerk-pickup.js";
import { ring } from "./clerk-bell.js";

const EVERY = 4000;
const view = document.querySelector("[data-view]");
const title = document.querySelector("[data-title]");
const tabs = document.querySelector("[data-tabs]");
const bell = document.querySelector("[data-bell]");
const kept = sessionStorage;
let cursor = null;
let fresh = [];
let waiting = 0;
let shown = () => {};
let turn = 0;

export class Refused extends Error {
  constructor(answer, status) {
    super(answer.message || "没有成功");
    Object.assign(this, { code: answer.code, extra: answer.extra || {}, status });
  }
}

const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

// One call of the API; a refusal is thrown with the shop's own words
export async function call(method, path, body, key = unique()) {
  const headers = { "Accept-Language": "zh-hans" };
  if (kept.token) headers.Authorization = `Bearer ${kept.token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = key;
  let answer;
  try {
    answer = await fetch(`/clerk/api/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused({ message: "网络不通，内容没有丢，请再试一次" }, 0);
  }
  const content = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (answer.status === 401 && kept.token) {
    forget();
    entrance("登录已失效，请重新登录");
  }
  if (!answer.ok) throw new Refused(content, answer.status);
  return content;
}

export function toast(words) {
  const note = document.querySelector("[data-toast]");
  note.textContent = words;
  note.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (note.hidden = true), 4000);
}

// Draws a screen; what came too late for another screen is dropped
export async function screen(name, draw, { back } = {}) {
  const mine = ++turn;
  shown = () => screen(name, draw, { back });
  title.textContent = name;
  document.querySelector(".back")?.remove();
  if (back) title.before(h("button", { class: "back", "aria-label": "返回", onclick: back }, "‹"));
  try {
    const drawn = await draw();
    if (mine === turn) view.replaceChildren(...[drawn].flat());
  } catch (problem) {
    if (mine === turn && kept.token) view.replaceChildren(failure(problem, shown));
  }
}

export function failure(problem, again) {
  return h("div", { class: "block", role: "alert" }, h("p", { class: "error" }, problem.message),
    h("button", { onclick: again }, "再试一次"));
}

export const may = (permission) => JSON.parse(kept.user || "{}").permissions?.includes(permission);

// ---------------------------------------------------------------- signing in

function forget() {
  ["token", "user"].forEach((name) => kept.removeItem(name));
  cursor = null;
  fresh = [];
  tabs.hidden = true;
}

async function entered(session) {
  kept.token = session.token;
  kept.user = JSON.stringify(session.user);
  cursor = null;
  home();
}

function entrance(words = "") {
  const people = [...document.querySelectorAll("#wechats option")].map((one) => one.value);
  screen("店员助手", () => {
    const person = h("select", { id: "person" }, people.map((name) => h("option", { selected: name === (kept.person || "老周") }, name)));
    const said = h("p", { class: "error", role: "alert" }, words);
    const enter = h("button", { class: "filled wide", onclick: async () => {
      kept.person = person.value;
      said.textContent = "";
      try {
        const code = await fetch("/clerk/code", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ person: person.value }) });
        await entered(await call("POST", "sessions/wechat/", await code.json()));
      } catch (problem) {
        if (problem.code === "wechat_not_bound") binding(problem);
        else said.textContent = problem.message;
      }
    } }, "微信一键登录");
    return h("div", { class: "block fields" }, h("h2", {}, "登录"), h("label", { for: "person" }, "谁拿着这台手机", person), said, enter,
      h("p", { class: "quiet" }, "只有绑定了员工账号的微信才能进来。"));
  });
}

function binding(refusal) {
  screen("绑定员工账号", () => {
    const login = h("input", { id: "login", autocomplete: "username", required: true });
    const password = h("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
    const said = h("p", { class: "error", role: "alert" });
    return h("form", { class: "block fields", onsubmit: async (event) => {
      event.preventDefault();
      try {
        await entered(await call("POST", "sessions/wechat/bind/", { ticket: refusal.extra.ticket, login: login.value, password: password.value }));
      } catch (problem) {
        said.textContent = problem.message;
      }
    } }, h("p", { class: "quiet" }, refusal.message), h("label", { for: "login" }, "员工账号", login), h("label", { for: "password" }, "密码", password),
      said, h("button", { class: "filled wide" }, "绑定并登录"));
  }, { back: () => entrance() });
}

// ---------------------------------------------------------------- screens

const CHORES = {
  to_ship: ["待发货", "to_ship"], late_to_ship: ["超时未发货", "late_to_ship"], nudged: ["顾客催发货", "nudged"],
  to_hand_out: ["待自提", ""], overdue_pickup: ["逾期未提", ""], refund_in_trouble: ["退款异常", ""], flagged: ["红旗订单", "flagged"],
};

function home() {
  screen("待办", async () => {
    const found = (await call("GET", "todo/")).filter((one) => CHORES[one.code]);
    waiting = found.reduce((sum, one) => sum + (one.code === "to_ship" || one.code === "to_hand_out" ? one.count : 0), 0);
    bar("home");
    const cards = found.filter((one) => one.count).map((one) => h("button", {
      class: `rowbutton${one.code.startsWith("late") || one.code.startsWith("overdue") ? " urgent" : ""}`,
      onclick: () => (CHORES[one.code][1] ? list({ todo: CHORES[one.code][1] }) : list(one.code === "refund_in_trouble" ? {} : { mode: "pickup", status: "paid" })),
    }, h("span", {}, CHORES[one.code][0]), h("span", { class: "big" }, one.count), one.oldest_at && h("span", { class: "quiet" }, `最早 ${age(one.oldest_at)}`)));
    return [
      cards.length ? h("div", { class: "todo" }, cards) : h("div", { class: "block" }, h("p", {}, "没有要做的事，歇一会儿。")),
      fresh.length && h("section", { class: "block" }, h("h2", {}, "刚来的订单"), fresh.map((one) => h("button", { class: "rowbutton new", onclick: () => order(one.number, home) },
        h("span", { class: "between" }, h("span", { class: "strong" }, `${one.first}${one.pieces > 1 ? ` 等 ${one.pieces} 件` : ""}`), h("span", { class: "strong" }, money(one.due))),
        h("span", { class: "quiet" }, `${when(one.paid_at)} · ${one.delivery_mode === "pickup" ? "自提" : "快递"}${one.buyer_note ? ` · ${one.buyer_note}` : ""}`)))),
    ].filter(Boolean);
  });
}

const CHIPS = [["全部", {}], ["待发货", { todo: "to_ship" }], ["自提", { mode: "pickup", status: "paid" }], ["红旗", { flag: "red" }], ["已完成", { status: "completed" }]];

export function list(wish = {}, words = "") {
  screen("订单", async () => {
    bar("orders");
    const query = new URLSearchParams({ ...wish, ...(words && { q: words }) });
    const page = await call("GET", `orders/?${query}`);
    const draw = (orders) => orders.map((one) => h("button", { class: "rowbutton", onclick: () => order(one.number, () => list(wish, words)) },
      h("span", { class: "between" }, h("span", { class: "strong" }, one.state.label), h("span", { class: "strong" }, money(one.due))),
      h("span", {}, `${one.recipient || "到店自提"} ${one.phone}`),
      h("span", { class: "quiet" }, `${when(one.created_at)} · ${one.piece_count} 件${one.place ? ` · ${one.place.name}` : ""}${one.flag ? " · 有旗" : ""}`),
      one.buyer_note && h("span", { class: "quiet" }, `买家：${one.buyer_note}`)));
    const more = (next) => next && h("button", { class: "wide", onclick: async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      query.set("cursor", next);
      const following = await call("GET", `orders/?${query}`);
      button.replaceWith(...draw(following.results), ...[more(following.next)].filter(Boolean));
    } }, "更多");
    const field = h("input", { id: "q", value: words, placeholder: "订单号、手机号或尾号 4 位", inputmode: "search", "aria-label": "找订单" });
    return [
      h("form", { onsubmit: (event) => { event.preventDefault(); list(wish, field.value.trim()); } }, field),
      h("div", { class: "chips" }, CHIPS.map(([label, one]) => h("button", { "aria-pressed": String(JSON.stringify(one) === JSON.stringify(wish)), onclick: () => list(one, words) }, label))),
      ...(page.results.length ? draw(page.results) : [h("div", { class: "block" }, h("p", {}, "没有符合的订单。"))]),
      more(page.next),
    ].filter(Boolean);
  });
}

function me() {
  screen("我的", () => {
    bar("me");
    const user = JSON.parse(kept.user);
    const roles = { administrator: "店长", operator: "运营", customer_service: "客服", finance: "财务", warehouse: "仓管", store_clerk: "店员" };
    return h("div", { class: "block fields" }, h("h2", {}, user.name), h("p", { class: "quiet" }, user.roles.map((one) => roles[one] || one).join("、")),
      h("button", { onclick: () => { ring(); toast("听到了吗？"); } }, "试一下铃声"),
      h("button", { onclick: async () => { await call("DELETE", "sessions/current/").catch(() => {}); forget(); entrance(); } }, "退出登录"));
  });
}

function bar(current) {
  const all = [["home", "待办", home, waiting], ["orders", "订单", () => list()], ["pickup", "核销", () => pickup(list), 0, "orders.verify_pickup"],
    ["goods", "商品", () => goods(), 0, "catalog.view_stocklevel"], ["me", "我的", me]];
  tabs.hidden = false;
  tabs.replaceChildren(...all.filter(([, , , , needs]) => !needs || may(needs)).map(([name, label, go, count]) => h("button", {
    "aria-current": name === current ? "page" : undefined, onclick: go }, label, count ? h("span", { class: "count" }, count > 99 ? "99+" : count) : null)));
}
export { bar };

// ---------------------------------------------------------------- the bell

bell.onclick = () => {
  const on = bell.getAttribute("aria-pressed") !== "true";
  bell.setAttribute("aria-pressed", String(on));
  bell.textContent = on ? "铃声开" : "铃声关";
  if (on) ring();
};

async function listen() {
  if (document.hidden || !kept.token) return;
  const found = await call("GET", `orders/arrivals/${cursor === null ? "" : `?after=${cursor}`}`).catch(() => null);
  if (!found) return;
  cursor = found.cursor;
  if (!found.orders.length) return;
  fresh = [...found.orders, ...fresh].slice(0, 8);
  if (bell.getAttribute("aria-pressed") === "true") ring();
  toast(`新订单 ${money(found.orders[0].due)} · ${found.orders[0].first}`);
  if (title.textContent === "待办") home();
}
setInterval(listen, EVERY);
document.addEventListener("visibilitychange", listen);

if (kept.token) home();
else entrance();
