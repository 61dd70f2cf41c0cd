// The first page: figures that follow the day, cards that everybody puts in order for themselves.
(() => {
  "use strict";
  const REST = 5000;
  let desk, drawnAt = 0;
  const isArranging = () => desk.classList.contains("is-arranging");

  const redraw = async () => {
    const place = desk.querySelector("[data-today-here]");
    if (!place || isArranging() || Date.now() - drawnAt < REST) return;
    drawnAt = Date.now();
    const answer = await fetch(desk.dataset.today, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected && !isArranging()) place.innerHTML = await answer.text();
  };

  const save = (list) => {
    const items = [...list.querySelectorAll(":scope > .bo-item")];
    const value = {
      order: items.map((item) => item.dataset.code),
      hidden: items.filter((item) => item.classList.contains("bo-hidden")).map((item) => item.dataset.code),
    };
    window.backoffice.prefer(list.dataset.arrange, value);
  };

  const move = (item, by) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return false;
    if (by < 0) other.before(item); else other.after(item);
    return true;
  };

  const press = (event) => {
    const toggle = event.target.closest("[data-arranging]");
    if (toggle) {
      const is = desk.classList.toggle("is-arranging");
      toggle.setAttribute("aria-pressed", String(is));
      return;
    }
    const item = event.target.closest(".bo-item");
    const list = item?.closest("[data-arrange]");
    if (!list || !isArranging()) return;
    const step = event.target.closest("[data-move]");
    const hide = event.target.closest("[data-hide]");
    if (step) {
      if (move(item, Number(step.dataset.move))) save(list);
      step.focus();
    } else if (hide) {
      hide.setAttribute("aria-pressed", String(item.classList.toggle("bo-hidden")));
      save(list);
    } else if (event.target.closest("a")) event.preventDefault();
  };

  const key = (event) => {
    const item = event.target.closest?.(".bo-item");
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!by || !item || !isArranging() || !event.target.closest(".bo-tools")) return;
    event.preventDefault();
    if (move(item, by)) save(item.closest("[data-arrange]"));
    event.target.focus();
  };

  document.addEventListener("DOMContentLoaded", () => {
    desk = document.getElementById("bo-desk");
    if (!desk) return;
    desk.addEventListener("click", press);
    desk.addEventListener("keydown", key);
    desk.addEventListener("bo-arranged", (event) => setTimeout(() => save(event.target.closest("[data-arrange]"))));
    document.addEventListener("bo-changed", redraw);
    setInterval(() => { if (!document.hidden) redraw(); }, 60000);
  });
})();
