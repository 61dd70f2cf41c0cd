// Keeps counts, badges and lists true while a page is open: one small question every three seconds,
// none while nobody looks. Rings when an order was paid, if the person wants that.
(() => {
  "use strict";
  const EVERY = 3000, SLOW = 15000, MEMORY = 60000;
  let frame, timer = 0, failures = 0, stamp = null, ears = null, wantsSound = false;

  const remembered = () => {
    try {
      const [cursor, at] = JSON.parse(sessionStorage.getItem("live.cursor") || "[]");
      return Date.now() - at < MEMORY ? cursor : null;
    } catch { return null; }
  };
  let cursor = remembered();
  const remember = (value) => {
    cursor = value;
    try { sessionStorage.setItem("live.cursor", JSON.stringify([value, Date.now()])); } catch { /* shut */ }
  };

  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const query = cursor === null ? "" : `?after=${cursor}`;
      const answer = await fetch(frame.dataset.live + query, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      hear(await answer.json());
      failures = 0;
      frame.classList.remove("is-away");
    } catch {
      failures += 1;
      if (failures === 2) { frame.classList.add("is-away"); tell(frame.dataset.away); }
    }
    timer = setTimeout(ask, failures ? Math.min(SLOW, EVERY * 2 ** failures) : EVERY);
  };

  const hear = (news) => {
    const isChanged = stamp !== null && stamp !== news.stamp;
    stamp = news.stamp;
    remember(news.cursor);
    wantsSound = news.sound;
    showSound();
    showBadges(news.badges);
    showCounts(news.counts);
    if (news.arrivals.length) announce(news);
    if (isChanged) document.dispatchEvent(new CustomEvent("bo-changed"));
  };

  const showBadges = (badges) => {
    for (const link of document.querySelectorAll("#nav-sidebar-apps a[href]")) {
      const badge = badges[link.getAttribute("href")];
      let shown = link.querySelector(".bo-badge");
      if (!badge) { shown?.remove(); continue; }
      if (!shown) { shown = document.createElement("span"); link.append(shown); }
      shown.className = `bo-badge bo-badge-${badge.variant}`;
      if (shown.textContent !== badge.text) shown.textContent = badge.text;
    }
  };

  const showCounts = (counts) => {
    for (const place of document.querySelectorAll("[data-count]")) {
      const count = counts[place.dataset.count];
      if (count === undefined) continue;
      if (place.textContent !== String(count)) place.textContent = count;
      place.closest(".bo-item")?.classList.toggle("bo-zero", count === 0);
      place.closest(".bo-chip")?.classList.toggle("bo-zero", count === 0);
    }
    const list = document.querySelector('[data-arrange="dashboard.todo"]');
    const waits = list?.querySelector(".bo-item:not(.bo-zero):not(.bo-hidden)");
    document.querySelector("[data-nothing]")?.classList.toggle("bo-away", Boolean(waits));
  };

  const announce = (news) => {
    for (const order of news.arrivals.slice(0, 3).reverse()) tell(`${news.words} · ${order.words}`, order.link);
    ring();
  };

  const tell = (words, link = "") => {
    const note = document.createElement(link ? "a" : "p");
    note.className = "bo-note";
    if (link) note.href = link;
    note.textContent = words;
    frame.querySelector(".bo-news").append(note);
    setTimeout(() => note.remove(), 12000);
  };

  // Browsers let a page sound only after the person has touched it.
  const wake = () => {
    if (!wantsSound) return;
    ears ??= new AudioContext();
    if (ears.state === "suspended") ears.resume().then(showSound, () => {});
    else showSound();
  };
  const ring = () => {
    if (!wantsSound || !ears || ears.state !== "running") return;
    const now = ears.currentTime;
    [[659.25, 0], [880, 0.16]].forEach(([pitch, start]) => {
      const tone = ears.createOscillator(), loudness = ears.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.0001, now + start);
      loudness.gain.exponentialRampToValueAtTime(0.25, now + start + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.0001, now + start + 0.5);
      tone.connect(loudness).connect(ears.destination);
      tone.start(now + start);
      tone.stop(now + start + 0.55);
    });
    document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang || 0) + 1);
  };

  const showSound = () => {
    for (const button of document.querySelectorAll("[data-sound]")) {
      const isAwake = ears && ears.state === "running";
      button.setAttribute("aria-pressed", String(wantsSound));
      button.querySelector(".material-symbols-outlined").textContent = wantsSound ? "notifications_active" : "notifications_off";
      button.querySelector("[data-words]").textContent =
        !wantsSound ? button.dataset.off : isAwake ? button.dataset.on : button.dataset.asleep;
    }
  };

  const prefer = async (name, value) => {
    const body = new URLSearchParams({ name, value: JSON.stringify(value) });
    const token = frame.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(frame.dataset.prefer, {
      method: "POST", body, credentials: "same-origin",
      headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    }).catch(() => ({ ok: false }));
    tell(answer.ok ? frame.dataset.saved : frame.dataset.notSaved);
    return answer.ok;
  };
  window.backoffice = { prefer, tell };

  document.addEventListener("DOMContentLoaded", () => {
    frame = document.getElementById("bo-live");
    if (!frame) return;
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
    document.addEventListener("click", async (event) => {
      if (!event.target.closest("[data-sound]")) return;
      wantsSound = !wantsSound;
      wake();
      showSound();
      if (await prefer("live.sound", wantsSound)) setTimeout(ring, 150);
    });
    ask();
  });

  // The list of orders, drawn again when an order came or moved, unless somebody is working in it.
  let isDrawing = false;
  const isAtWork = (list) => list.querySelector("input.action-select:checked") || document.querySelector("dialog[open]");
  const redraw = async () => {
    const list = document.getElementById("changelist-form");
    if (!list || isDrawing || !document.body.classList.contains("model-order")) return;
    if (isAtWork(list)) return;
    isDrawing = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const known = new Set([...document.querySelectorAll("#result_list tbody a[href]")].map((link) => link.pathname));
      if (isAtWork(list)) return;
      const before = document.getElementById("result_list"), after = fresh.getElementById("result_list");
      if (before && after) before.replaceWith(after);
      else if (before || after) list.replaceChildren(...fresh.getElementById("changelist-form").childNodes);
      for (const row of document.querySelectorAll("#result_list tbody")) {
        const link = row.querySelector("a[href]");
        if (link && !known.has(link.pathname)) row.classList.add("bo-new");
      }
      const chips = document.querySelector(".bo-chips"), freshChips = fresh.querySelector(".bo-chips");
      if (chips && freshChips) chips.replaceWith(freshChips);
    } finally { isDrawing = false; }
  };
  document.addEventListener("bo-changed", redraw);
})();
