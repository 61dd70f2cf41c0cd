/* Order by hand: drag by a grip (mouse, pen, finger) or move by the arrow keys on it. No library. */
(() => {
  "use strict";

  /* Items are the children of `list` that match `item`; `done(order)` gets their data-key values in the new order. */
  function sortable(list, { item, grip, done }) {
    let held = null;
    let before = "";
    const items = () => [...list.children].filter((one) => one.matches(item));
    const order = () => items().map((one) => one.dataset.key);
    const finish = () => { if (order().join("\n") !== before) done(order()); };

    list.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest(grip);
      if (!handle || event.button > 0) return;
      held = handle.closest(item);
      if (!held || held.parentElement !== list) { held = null; return; }
      before = order().join("\n");
      held.classList.add("is-held");
      list.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus({ preventScroll: true });
    });
    list.addEventListener("pointermove", (event) => {
      if (!held) return;
      const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(item);
      if (!under || under === held || under.parentElement !== list) return;
      const all = items();
      if (all.indexOf(under) > all.indexOf(held)) under.after(held); else under.before(held);
    });
    const release = () => {
      if (!held) return;
      held.classList.remove("is-held");
      held = null;
      finish();
    };
    list.addEventListener("pointerup", release);
    list.addEventListener("pointercancel", release);

    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      const handle = event.target.closest(grip);
      if (!step || !handle || event.ctrlKey || event.metaKey) return;
      const moved = handle.closest(item);
      if (!moved || moved.parentElement !== list) return;
      event.preventDefault();
      before = order().join("\n");
      const all = items();
      const next = all[all.indexOf(moved) + step];
      if (!next) return;
      const key = moved.dataset.key;
      if (step > 0) next.after(moved); else next.before(moved);
      finish();
      document.querySelector(`${item}[data-key="${CSS.escape(key)}"] ${grip}`)?.focus();
    });
  }

  window.goods = Object.assign(window.goods || {}, { sortable });
})();
