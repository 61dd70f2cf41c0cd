// Goods of the clerk's places: find, count, change the price.
import { bar, call, may, screen, toast } from "./clerk.js";
import { h, money } from "./clerk-parts.js";

export function goods(words = "", short = false) {
  screen("商品", async () => {
    bar("goods");
    const query = new URLSearchParams({ ...(words && { q: words }), ...(short && { is_short: true }) });
    const page = await call("GET", `stock/?${query}`);
    const field = h("input", { id: "find", value: words, placeholder: "名称、编码或条码", "aria-label": "找商品" });
    return [
      h("form", { onsubmit: (event) => { event.preventDefault(); goods(field.value.trim(), short); } }, field),
      h("div", { class: "chips" }, [["全部", false], ["快没货了", true]].map(([label, only]) => h("button", { "aria-pressed": String(only === short), onclick: () => goods(words, only) }, label))),
      ...(page.results.length ? page.results.map((one) => row(one, () => goods(words, short))) : [h("div", { class: "block" }, h("p", {}, "没有找到。"))]),
    ];
  });
}

function row(one, back) {
  return h("button", { class: "rowbutton", onclick: () => level(one, back) },
    h("span", { class: "between" }, h("span", { class: "strong" }, `${one.title}${one.spec_text ? ` · ${one.spec_text}` : ""}`), h("span", { class: "strong" }, `${one.available} 件可卖`)),
    h("span", { class: "quiet" }, `${one.place.name} · ${one.sku_code} · 在库 ${one.on_hand}，占用 ${one.reserved}`));
}

function level(one, back) {
  screen("商品", async () => {
    const [sku] = (await call("GET", `skus/?code=${encodeURIComponent(one.sku_code)}`)).results;
    return [
      h("section", { class: "block" }, h("h2", {}, `${one.title}${one.spec_text ? ` · ${one.spec_text}` : ""}`), h("p", { class: "quiet" }, `${one.place.name} · ${one.sku_code}`),
        h("div", { class: "between" }, h("span", {}, "可卖"), h("span", { class: "big" }, one.available)),
        h("p", { class: "quiet" }, `在库 ${one.on_hand}，占用 ${one.reserved}`)),
      may("catalog.adjust_stock") ? counting(one, back) : h("p", { class: "quiet" }, "你可以查看库存；修改由仓管来做。"),
      sku && may("catalog.set_price") ? pricing(sku) : sku && h("p", { class: "quiet" }, `标价 ${money(sku.list_price)}`),
    ].filter(Boolean);
  }, { back });
}

function counting(one, back) {
  const value = h("input", { id: "counted", type: "number", min: 0, inputmode: "numeric", value: one.on_hand, "aria-label": "数出来的件数" });
  const said = h("p", { class: "error", role: "alert" });
  const by = (step) => () => { value.value = Math.max(0, (Number(value.value) || 0) + step); };
  return h("form", { class: "block fields", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const now = await call("PUT", `stock/${one.id}/`, { expected: one.on_hand, value: Number(value.value), reason: "店里清点" });
      toast("库存改好了");
      level(now, back);
    } catch (problem) {
      said.textContent = problem.message;
    }
  } }, h("h2", {}, "清点"), h("div", { class: "step" }, h("button", { type: "button", "aria-label": "少一件", onclick: by(-1) }, "−"), value, h("button", { type: "button", "aria-label": "多一件", onclick: by(1) }, "＋")), said, h("button", { class: "filled wide" }, "保存库存"));
}

function pricing(sku) {
  const price = h("input", { id: "price", inputmode: "decimal", value: sku.list_price, "aria-label": "新标价（元）" });
  const reason = h("input", { id: "why", maxlength: 200, placeholder: "为什么改价", required: true });
  const said = h("p", { class: "error", role: "alert" });
  return h("form", { class: "block fields", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await call("PATCH", `skus/${sku.id}/price/`, { list_price: price.value, reason: reason.value });
      said.textContent = "";
      toast("价格改好了");
    } catch (problem) {
      said.textContent = problem.message;
    }
  } }, h("h2", {}, "改价"), h("label", { for: "price" }, "标价（元）", price), h("label", { for: "why" }, "原因", reason), said, h("button", {}, "保存价格"));
}
