// The help of this page in a panel at its side; without scripts the button leads to a page of its own.
(() => {
  "use strict";
  let panel, inside, opener;

  const load = async (address) => {
    const url = new URL(address, location.href);
    url.searchParams.set("part", "1");
    const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || answer.redirected) { location.href = address; return; }
    inside.innerHTML = await answer.text();
    inside.scrollTop = 0;
  };

  document.addEventListener("DOMContentLoaded", () => {
    opener = document.querySelector(".bo-help-button");
    panel = document.querySelector(".bo-help");
    if (!opener || !panel?.show) return;
    inside = panel.querySelector(".bo-help-inside");
    const close = () => { panel.close(); opener.focus(); };
    opener.addEventListener("click", async (event) => {
      event.preventDefault();
      if (panel.open) { close(); return; }
      panel.show();
      await load(opener.href);
      inside.focus();
    });
    panel.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) close();
      const link = event.target.closest("a[href]");
      if (link && new URL(link.href).pathname.includes("/help/")) { event.preventDefault(); load(link.href); }
    });
    panel.addEventListener("submit", (event) => {
      event.preventDefault();
      load(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) close(); });
  });
})();
