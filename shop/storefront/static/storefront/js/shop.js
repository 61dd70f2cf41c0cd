// What the pages gain with JavaScript. Everything here is a convenience: each page works without it.
(() => {
  "use strict";
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const on = (name, selector, act) =>
    document.addEventListener(name, (event) => {
      const hit = event.target instanceof Element && event.target.closest(selector);
      if (hit) act(hit, event);
    });

  // Back goes where the shopper came from, so that the scroll position returns
  on("click", "[data-back]", (link, event) => {
    if (history.length > 1 && document.referrer.startsWith(location.origin + "/")) {
      event.preventDefault();
      history.back();
    }
  });

  // Toasts and the basket's count, told by the server in HX-Trigger
  const toast = (text) => {
    const note = document.createElement("div");
    note.className = "toast";
    note.textContent = text;
    const toasts = document.getElementById("toasts");
    [...toasts.children].filter((other) => other.textContent === text).forEach((other) => other.remove());
    toasts.append(note);
    setTimeout(() => note.remove(), 5000);
  };
  document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value));
  document.addEventListener("basketChanged", (event) => {
    const count = event.detail.count || event.detail.value;
    all("[data-basket-count]").forEach((mark) => (mark.textContent = count || ""));
    document.getElementById("sheet").close();
    all(".buy__sheet:popover-open").forEach((sheet) => sheet.hidePopover());
  });
  document.addEventListener("htmx:sendError", () => toast(document.documentElement.lang === "en" ? "No connection. Nothing was lost, try again." : "网络不通，内容没有丢，请再试一次。"));

  // The sheet: opens when a fragment arrives, closes by its button or a tap beside it
  const sheet = document.getElementById("sheet");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === sheet && !sheet.open) sheet.showModal();
  });
  sheet?.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
  });

  // Steppers
  on("click", "[data-step]", (button) => {
    const input = button.closest(".stepper").querySelector("input[name=quantity]");
    const step = Number(button.dataset.step) * (Number(input.dataset.by) || 1);
    const low = Number(input.dataset.least) || 1;
    input.value = String(Math.min(999, Math.max(low, (Number(input.value) || low) + step)));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Countdowns against the server's clock
  const skew = Date.parse(document.querySelector("[data-server-now]")?.dataset.serverNow || "") - Date.now() || 0;
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    all("[data-until]").forEach((mark) => {
      const left = Math.max(0, Math.floor((Date.parse(mark.dataset.until) - Date.now() - skew) / 1000));
      const days = Math.floor(left / 86400);
      const parts = [two(Math.floor(left / 3600) % 24), two(Math.floor(left / 60) % 60), two(left % 60)];
      if (mark.dataset.short !== undefined && left < 86400) parts.splice(0, left < 3600 ? 1 : 0);
      mark.textContent = (days ? days + (mark.dataset.day || "d") + " " : "") + parts.join(":");
      if (left) mark.dataset.ran = "1";
      else if (mark.dataset.reload !== undefined && mark.dataset.ran) {
        delete mark.dataset.ran;
        setTimeout(() => location.reload(), 1500);
      }
    });
  };
  if (document.querySelector("[data-until]")) {
    tick();
    setInterval(tick, 1000);
  }

  // Gallery: which picture of how many
  all(".gallery__track").forEach((track) => {
    const mark = track.parentElement.querySelector("[data-gallery-at]");
    track.addEventListener("scroll", () => {
      if (mark) mark.textContent = String(Math.round(track.scrollLeft / track.clientWidth) + 1);
    }, { passive: true });
  });

  // Search history stays on this device
  const KEY = "shop.searches";
  const searches = () => {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return []; }
  };
  const keep = (list) => {
    try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* private mode */ }
  };
  const said = document.querySelector("[data-searched]")?.dataset.searched;
  if (said) keep([said, ...searches().filter((word) => word !== said)].slice(0, 10));
  const past = document.querySelector("[data-search-history]");
  if (past && searches().length) {
    const list = past.querySelector(".chips");
    searches().forEach((word) => {
      const link = document.createElement("a");
      link.className = "chip";
      link.href = "?q=" + encodeURIComponent(word);
      link.textContent = word;
      list.append(link);
    });
    past.hidden = false;
    past.querySelector("[data-forget]").addEventListener("click", () => {
      keep([]);
      past.hidden = true;
    });
  }

  on("click", "[data-copy]", (button) => {
    navigator.clipboard?.writeText(button.dataset.copy).then(() => toast(button.dataset.copied));
  });
  on("change", "[data-submit]", (control) => control.form.requestSubmit());
  on("submit", "form[data-once]", (form, event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }));
  document.querySelector(".shelf__rail [aria-current]")?.scrollIntoView({ block: "nearest" });
  document.querySelector(".tabs [aria-current], .chips--scroll [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
