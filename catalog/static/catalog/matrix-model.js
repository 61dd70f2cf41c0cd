/* The specification table as data: axes, the combinations they make, and which SKU lives on in which. */
(() => {
  "use strict";

  const BLANK = { code: "", barcode: "", list_price: "", cost_price: "", floor_price: "", weight_grams: "",
    volume_cm3: "", nominal_grams: "", price_basis_grams: "", opening: "", is_active: true };
  const OWN = ["code", "barcode", "opening"];
  let fresh = 0;

  class Matrix {
    constructor(state, options) {
      this.options = options;
      this.seen = state.seen;
      this.axes = state.axes.map((axis) => ({
        key: `a${axis.id}`, id: axis.id, name: axis.name, heir: null,
        values: axis.values.map((value) => ({ key: `v${value.id}`, id: value.id, name: value.name })),
      }));
      this.skus = state.rows.map((row) => ({ ...row, home: new Map(row.values.map((id, n) => [`a${state.axes[n].id}`, `v${id}`])) }));
      this.store = new Map(this.skus.map((sku) => [`s${sku.id}`, this.dataOf(sku)]));
      this.rows = [];
      this.build();
      this.clean = this.print();
    }

    dataOf(sku) {
      const data = { ...BLANK };
      for (const name of Object.keys(BLANK)) if (name in sku) data[name] = sku[name];
      for (const name of ["weight_grams", "volume_cm3"]) if (data[name] === "0") data[name] = "";
      return data;
    }

    get isDirty() { return this.print() !== this.clean; }
    print() { return JSON.stringify(this.payload()); }
    count(axes = this.axes) { return axes.reduce((all, axis) => all * axis.values.length, 1); }

    /* Why the axes can't stand like this; empty when they can. */
    trouble(words) {
      for (const axis of this.axes) {
        if (!axis.name.trim()) return words.no_name;
        if (!axis.values.length) return words.no_values.replace("{name}", axis.name);
      }
      const names = this.axes.map((axis) => axis.name.trim());
      const twice = names.find((name, n) => names.indexOf(name) !== n);
      if (twice) return words.name_twice.replace("{name}", twice);
      const count = this.count();
      if (count > this.options.skus_at_most) return words.too_many.replace("{count}", count).replace("{limit}", this.options.skus_at_most);
      return "";
    }

    /* The combination an existing SKU belongs to now; null when one of its values is gone. */
    placeOf(sku, axes) {
      const keys = [];
      for (const axis of axes) {
        const own = sku.home.get(axis.key);
        if (own === undefined) keys.push(axis.heir && axis.values.some((value) => value.key === axis.heir) ? axis.heir : axis.values[0].key);
        else if (axis.values.some((value) => value.key === own)) keys.push(own);
        else return null;
      }
      return keys.join(" ");
    }

    /* Makes the rows anew from the axes that have values; what was typed stays with its SKU or combination. */
    build() {
      const axes = this.axes.filter((axis) => axis.values.length);
      if (this.count(axes) > this.options.skus_at_most) return false;
      const places = new Map();
      for (const sku of this.skus) {
        const place = this.placeOf(sku, axes);
        const rival = place === null ? null : places.get(place);
        if (place !== null && (!rival || [sku.is_active, sku.on_hand] > [rival.is_active, rival.on_hand] && sku.on_hand > rival.on_hand)) places.set(place, sku);
      }
      const before = this.rows.map((row) => ({ row, keys: new Set(row.keys) }));
      const taken = new Set();
      let combos = [[]];
      for (const axis of axes) combos = combos.flatMap((combo) => axis.values.map((value) => [...combo, value]));
      this.rows = combos.map((combo) => {
        const keys = combo.map((value) => value.key);
        const sku = places.get(keys.join(" ")) || null;
        const at = sku ? `s${sku.id}` : `c${[...keys].sort().join(" ")}`;
        if (!this.store.has(at)) this.store.set(at, this.inherited(keys, before, taken));
        return { keys, names: combo.map((value) => value.name), sku, data: this.store.get(at) };
      });
      return true;
    }

    /* A new combination starts with what a row it came from says; codes go to the first one only. */
    inherited(keys, before, taken) {
      const mine = new Set(keys);
      const from = before.find(({ keys: old }) => [...old].every((key) => mine.has(key)) || keys.every((key) => old.has(key)));
      if (!from) return { ...BLANK };
      const data = { ...from.row.data, is_active: true };
      if (from.row.sku || taken.has(from.row)) for (const name of OWN) data[name] = "";
      taken.add(from.row);
      return data;
    }

    addAxis() { const axis = { key: `n${++fresh}`, id: null, name: "", heir: null, values: [] }; this.axes.push(axis); return axis; }
    axis(key) { return this.axes.find((axis) => axis.key === key); }

    /* Adds names that are not there yet; returns those that could not be added. */
    addValues(axis, names) {
      const refused = [];
      for (const name of names) {
        if (!name) continue;
        if (name.length > this.options.value_length || axis.values.some((value) => value.name === name)) refused.push(name);
        else axis.values.push({ key: `n${++fresh}`, id: null, name });
      }
      return refused;
    }

    order(list, keys) { list.sort((one, other) => keys.indexOf(one.key) - keys.indexOf(other.key)); }

    /* Whether SKUs exist that have no value on this axis yet. */
    needsHeir(axis) { return axis.values.length > 1 && this.skus.some((sku) => sku.is_active && !sku.home.has(axis.key)); }

    effects() {
      const kept = this.rows.filter((row) => row.sku);
      const ids = new Set(kept.map((row) => row.sku.id));
      const axes = this.axes.filter((axis) => axis.values.length);
      return {
        fresh: this.rows.filter((row) => !row.sku && row.data.is_active).length,
        kept: kept.length,
        becomes: kept.filter((row) => row.sku.home.size !== axes.length || axes.some((axis) => !row.sku.home.has(axis.key))),
        gone: this.skus.filter((sku) => sku.is_active && !ids.has(sku.id)),
        off: this.rows.filter((row) => !row.data.is_active).length,
      };
    }

    /* What is sent: combinations that are sold, and SKUs that exist whether sold or not. */
    sent() { return this.rows.filter((row) => row.sku || row.data.is_active); }
    payload() {
      return {
        axes: this.axes.map(({ id, name, values }) => ({ id, name: name.trim(), values: values.map((value) => ({ id: value.id, name: value.name })) })),
        rows: this.sent().map((row) => ({ id: row.sku ? row.sku.id : null, values: row.names, ...row.data })),
      };
    }
  }

  window.goods = Object.assign(window.goods || {}, { Matrix });
})();
