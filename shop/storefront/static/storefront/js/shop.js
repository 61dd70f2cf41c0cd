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
  const toast = (text, undo) => {
    const note = document.createElement("div");
    note.className = "toast";
    note.append(Object.assign(document.createElement("span"), { textContent: text }));
    const toasts = document.getElementById("toasts");
    [...toasts.children].filter((other) => other.firstChild?.textContent === text).forEach((other) => other.remove());
    if (undo?.href.startsWith("/")) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: undo.words });
      button.addEventListener("click", () => {
        note.remove();
        window.htmx?.ajax("POST", undo.href, { swap: "none", headers: { "X-CSRFToken": csrf() } });
      });
      note.append(button);
    }
    toasts.append(note);
    setTimeout(() => note.remove(), 5000);
  };
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.undo));
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
    input.value = String(Math.min(Number(input.dataset.most) || 999, Math.max(low, (Number(input.value) || low) + step)));
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

  // Gallery: a tap shows the picture large; two fingers or another tap go closer
  const zoom = document.getElementById("zoom");
  on("click", "[data-zoom]", (link, event) => {
    if (!zoom?.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const picture = zoom.querySelector("img") || zoom.appendChild(document.createElement("img"));
    picture.alt = link.querySelector("img")?.alt || "";
    picture.src = link.href;
    zoom.classList.remove("is-close");
    zoom.showModal();
  });
  zoom?.addEventListener("click", (event) => {
    if (event.target.closest("img")) zoom.classList.toggle("is-close");
    else zoom.close();
  });
  on("click", "[data-picture]", (dot, event) => {
    const track = dot.closest(".gallery").querySelector(".gallery__track");
    event.preventDefault();
    track.scrollTo({ left: track.clientWidth * Number(dot.dataset.picture) });
  });

  // Gallery: which picture of how many
  all(".gallery__track").forEach((track) => {
    const mark = track.parentElement.querySelector("[data-gallery-at]");
    track.addEventListener("scroll", () => {
      const at = Math.round(track.scrollLeft / track.clientWidth);
      if (mark) mark.textContent = String(at + 1);
      all("[data-picture]", track.parentElement).forEach((dot, index) => dot.toggleAttribute("aria-current", index === at));
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

  // What is chosen is in sight in rows that scroll; the page itself never jumps
  all(".shelf__rail [aria-current], .tabs [aria-current], .chips--scroll [aria-current]").forEach((item) => {
    const row = item.closest(".shelf__rail, .tabs, .chips--scroll");
    const [inner, outer] = [item.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    row.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  });

  // The picture that was tapped grows into the product's page
  on("click", ".good__open, .offer__row a", (link) => {
    all(".is-leaving").forEach((other) => other.classList.remove("is-leaving"));
    link.querySelector(".pic")?.classList.add("is-leaving");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all(".is-leaving").forEach((picture) => picture.classList.remove("is-leaving"));
  });

  if ("serviceWorker" in navigator && window.isSecureContext) {
    window.addEventListener("load", () => navigator.serviceWorker.register("/worker.js").catch(() => {}));
  }
})();
