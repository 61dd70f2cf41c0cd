// Search suggestions with the shopper's own history, and "nearest to me". Each page works without it.
(() => {
  "use strict";
  const KEY = "shop.searches";
  const history = () => {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]").filter((word) => typeof word === "string"); } catch { return []; }
  };

  // Below the field: own searches while it is empty, the server's suggestions while one types
  document.querySelectorAll("[data-suggest]").forEach((form) => {
    const input = form.querySelector("input[name=q]");
    const box = form.querySelector(".suggest");
    const links = () => [...box.querySelectorAll("a")];
    const close = () => { box.hidden = true; };
    const open = () => { box.hidden = !box.firstElementChild; };
    const own = () => {
      const words = history().slice(0, 6);
      if (!words.length || document.querySelector("[data-search-history]")) { box.replaceChildren(); return close(); }
      const list = document.createElement("ul");
      list.className = "suggest__list";
      words.forEach((word) => {
        const link = document.createElement("a");
        link.href = form.action + "?q=" + encodeURIComponent(word);
        link.textContent = word;
        const row = document.createElement("li");
        row.append(link);
        list.append(row);
      });
      box.replaceChildren(list);
      open();
    };
    close();
    input.addEventListener("focus", () => (input.value.trim() ? open() : own()));
    input.addEventListener("input", () => { if (!input.value.trim()) own(); });
    input.addEventListener("htmx:beforeSwap", (event) => { if (!input.value.trim()) event.detail.shouldSwap = false; });
    box.addEventListener("htmx:afterSwap", open);
    input.addEventListener("htmx:beforeRequest", (event) => { if (!input.value.trim()) event.preventDefault(); });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) setTimeout(close, 150); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { close(); return input.focus(); }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || box.hidden) return;
      event.preventDefault();
      const all = [input, ...links()];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    });
  });

  // The position is asked for by a button only, sent once, and forgotten
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-locate]");
    if (!button) return;
    const form = button.form;
    const refused = () => {
      button.disabled = false;
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: form.dataset.refused } }));
    };
    if (!navigator.geolocation) return refused();
    button.disabled = true;
    navigator.geolocation.getCurrentPosition((here) => {
      button.disabled = false;
      form.elements.latitude.value = here.coords.latitude.toFixed(5);
      form.elements.longitude.value = here.coords.longitude.toFixed(5);
      if (form.hasAttribute("hx-post")) form.requestSubmit();
      else fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).then(() => location.reload(), refused);
    }, refused, { enableHighAccuracy: false, timeout: 8000, maximumAge: 60000 });
  });
})();
