// One order: what it is, its next step, notes and flags.
import { call, may, screen, toast } from "./clerk.js";
import { h, money, when } from "./clerk-parts.js";

const CARRIERS = { shunfeng: "顺丰速运", jd: "京东物流", zhongtong: "中通快递", yuantong: "圆通速递", shentong: "申通快递", yunda: "韵达快递", jtexpress: "极兔速递", ems: "EMS", debangkuaidi: "德邦快递", own: "自家配送" };
const FLAGS = { "": "没有旗", red: "红旗", amber: "黄旗", green: "绿旗", blue: "蓝旗" };

export function order(number, back) {
  const redraw = () => order(number, back);
  return screen("订单", async () => draw(await call("GET", `orders/${number}/`), redraw), { back });
}

function draw(one, redraw) {
  const parts = [
    h("section", { class: "block" }, h("div", { class: "between" }, h("h2", {}, one.state.label), h("span", { class: "strong" }, money(one.due))),
      h("p", { class: "quiet figures" }, `${one.number} · ${when(one.created_at)}`),
      h("p", {}, one.delivery_mode === "pickup" ? `到店自提 · ${one.pickup?.place?.name || ""}` : one.address),
      h("p", { class: "quiet" }, `${one.recipient} ${one.phone}`),
      one.buyer_note && h("p", {}, `买家留言：${one.buyer_note}`),
      one.delivery_mode !== "pickup" && may("orders.ship_order") && contact(one)),
    h("section", { class: "block" }, h("h2", {}, "商品"), one.lines.map((line) => h("div", { class: "between" },
      h("span", {}, `${line.title}${line.spec_text ? ` · ${line.spec_text}` : ""} × ${line.quantity}`, line.to_ship_count && line.to_ship_count !== line.quantity ? h("span", { class: "quiet" }, ` 还差 ${line.to_ship_count}`) : null),
      h("span", {}, money(line.due))))),
    one.actions.includes("verify") && may("orders.verify_pickup") && h("p", { class: "quiet" }, "顾客到店后，在“核销”里扫提货码。"),
    one.actions.includes("ship") && may("orders.ship_order") && shipping(one, redraw),
    one.shipments.length && h("section", { class: "block" }, h("h2", {}, "包裹"), one.shipments.map((parcel) => h("p", {}, `${parcel.carrier_name} ${parcel.tracking_no} · ${when(parcel.shipped_at)}`))),
    may("orders.note_order") && note(one, redraw),
    h("section", { class: "block" }, h("h2", {}, "价格"), one.ledger.map((row) => h("div", { class: "between" }, h("span", {}, row.text), h("span", {}, row.amount)))),
    h("section", { class: "block" }, h("h2", {}, "经过"), one.timeline.map((step) => h("p", { class: "quiet" }, `${when(step.at)} ${step.text} ${step.detail}`))),
  ];
  return parts.filter(Boolean);
}

function contact(one) {
  return h("button", { class: "plain", onclick: async (event) => {
    const button = event.currentTarget;
    try {
      const found = await call("POST", `orders/${one.number}/contact/`, {});
      button.replaceWith(h("p", { class: "strong" }, `${found.recipient} `, h("a", { href: `tel:${found.phone}` }, found.phone), ` ${found.address}`));
    } catch (problem) {
      toast(problem.message);
    }
  } }, "看联系方式（会留下记录）");
}

function shipping(one, redraw) {
  const carrier = h("select", { id: "carrier" }, Object.entries(CARRIERS).map(([code, name]) => h("option", { value: code }, name)));
  const tracking = h("input", { id: "tracking", autocomplete: "off", required: true, placeholder: "扫描或输入运单号" });
  const said = h("p", { class: "error", role: "alert" });
  return h("form", { class: "block fields", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await call("POST", `orders/${one.number}/ship/`, { carrier: carrier.value, tracking_no: tracking.value.trim() });
      toast("已发货");
      redraw();
    } catch (problem) {
      said.textContent = problem.message;
    }
  } }, h("h2", {}, "发货"), h("label", { for: "carrier" }, "快递公司", carrier), h("label", { for: "tracking" }, "运单号", tracking), said, h("button", { class: "filled wide" }, "确认发货"));
}

function note(one, redraw) {
  const text = h("input", { id: "note", maxlength: 500, value: one.staff_note, placeholder: "只有同事能看到" });
  const flag = h("select", { id: "flag" }, Object.entries(FLAGS).map(([code, name]) => h("option", { value: code, selected: code === one.flag }, name)));
  return h("form", { class: "block fields", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await call("POST", `orders/${one.number}/note/`, { note: text.value, flag: flag.value });
      toast("记下了");
      redraw();
    } catch (problem) {
      toast(problem.message);
    }
  } }, h("h2", {}, "备注和插旗"), h("label", { for: "note" }, "员工备注", text), h("label", { for: "flag" }, "旗子", flag), h("button", {}, "保存"));
}
