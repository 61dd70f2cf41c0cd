/* The score while one types: the form as it stands is sent, read only, half a second after the last key. */
(() => {
  "use strict";
  const root = document.querySelector("[data-listing]");
  const form = document.getElementById("product_form");
  if (!root) return;
  const verdict = root.querySelector("[data-verdict]");
  const said = root.querySelector("[data-said]");
  const float = document.querySelector("[data-float]");
  const WAIT = 500;
  let timer = 0;
  let running = null;

  async function look() {
    if (!form) return;
    if (running) running.abort();
    running = new AbortController();
    const body = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "pictures") body.append(name, value);
    root.classList.add("is-busy");
    try {
      const answer = await fetch(root.dataset.address, { method: "POST", body, signal: running.signal, credentials: "same-origin" });
      if (answer.ok && !answer.redirected) show(await answer.text());
      root.classList.remove("is-busy");
    } catch (problem) {
      if (problem.name !== "AbortError") root.classList.remove("is-busy");
    }
  }

  /* The ring that is there moves to its new length instead of being replaced, so that one sees it move. */
  function show(html) {
    const before = ringOf(verdict);
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    const after = ringOf(fresh);
    const score = fresh.querySelector("[data-score]").dataset.score;
    for (const ring of [before, float && ringOf(float)]) if (ring && after) move(ring, after, score);
    const old = verdict.querySelector(".ls-head p");
    old.replaceWith(fresh.querySelector(".ls-head p"));
    const items = verdict.querySelector(".ls-items");
    const next = fresh.querySelector(".ls-items");
    if (items) items.remove();
    if (next) verdict.querySelector(".ls-verdict").append(next);
    said.textContent = said.dataset.words.replace("{score}", score);
  }

  function ringOf(place) { return place.querySelector(".ls-ring"); }

  function move(ring, after, score) {
    const small = ring.classList.contains("ls-ring--small");
    ring.className = after.className + (small ? " ls-ring--small" : "");
    ring.setAttribute("aria-label", after.getAttribute("aria-label"));
    ring.querySelector(".ls-ring__arc").setAttribute("stroke-dasharray", `${score} 100`);
    ring.querySelector("b").textContent = score;
  }

  function soon() { clearTimeout(timer); timer = setTimeout(look, WAIT); }

  async function askParameters() {
    const place = document.querySelector("[data-parameters]");
    const category = form.elements.category;
    if (!place || !category) return;
    const query = new URLSearchParams({ category: category.value });
    for (const field of place.querySelectorAll("[name^=parameter_]")) query.set(field.name, field.value);
    const answer = await fetch(`${root.dataset.parametersAddress}?${query}`, { credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) place.outerHTML = await answer.text();
    look();
  }

  function jump(link) {
    const hash = new URL(link.href, location.href);
    if (hash.pathname !== location.pathname || !hash.hash) return false;
    const target = document.getElementById(hash.hash.slice(1));
    if (!target) return false;
    const editor = document.querySelector(`trix-editor#${target.id}`);
    const place = editor || (target.classList.contains("select2-hidden-accessible") ? target.nextElementSibling : target);
    place.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const focused = editor || (target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), button, select"));
    if (focused) focused.focus({ preventScroll: true });
    place.classList.remove("ls-flash");
    requestAnimationFrame(() => place.classList.add("ls-flash"));
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-jump]");
    if (link && jump(link)) event.preventDefault();
  });
  if (!form) return;
  form.addEventListener("input", soon);
  form.addEventListener("trix-change", soon);
  form.addEventListener("change", (event) => (event.target.name === "category" ? askParameters() : soon()));
  if (window.django && window.django.jQuery) window.django.jQuery(form).on("select2:select select2:clear", soon);
  if (float && "IntersectionObserver" in window) {
    new IntersectionObserver(([seen]) => { float.hidden = seen.isIntersecting; }).observe(verdict);
  }
  if (location.hash.length > 1) {
    const link = document.createElement("a");
    link.href = location.hash;
    setTimeout(() => jump(link), 150);
  }
})();
