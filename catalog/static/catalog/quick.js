/* Listing in a minute. Without this script the form works as it stands; with it pictures are framed, categories
   and stock are one tap, prices have a keypad of their own, and the bar says what is missing. */
(() => {
  "use strict";
  const form = document.querySelector("[data-quick]");
  if (!form || !window.Cropper) return;
  const one = (name) => form.querySelector(`[data-${name}]`);
  const words = JSON.parse(document.getElementById("quick-words").textContent);
  const [stage, strip, hint, status, done] = ["stage", "strip", "photo-hint", "status", "done"].map(one);
  const [camera, album, title, price, select] = ["camera", "album", "title", "price", "category-select"].map(one);
  const stock = one("stock-input");
  const LEAST = 200;
  const GOOD = 800;
  const MOST = 5;
  let shots = [];
  let current = 0;
  let sending = false;

  /* ---- pictures */
  const cropper = Cropper(one("canvas"), (shot) => {
    one("zoom").value = shot.zoom;
    const size = Cropper.pixels(shot);
    hint.hidden = size >= GOOD;
    hint.textContent = words.small.replace("{size}", size);
    const small = strip.children[current]?.querySelector("canvas");
    if (small) Cropper.paint(small, shot, 104);
  });

  async function take(files) {
    hint.hidden = true;
    for (const file of [...files].slice(0, MOST - shots.length)) {
      try {
        shots.push(await Cropper.read(file));
      } catch {
        hint.hidden = false;
        hint.textContent = words.unreadable;
      }
    }
    if (shots.length) choose(shots.length - 1);
    tell();
  }

  function choose(number) {
    current = number;
    stage.hidden = !shots.length;
    strip.hidden = shots.length < 2;
    strip.replaceChildren(...shots.map((shot, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(at === number));
      button.setAttribute("aria-label", words.number.replace("{number}", at + 1));
      const small = document.createElement("canvas");
      Cropper.paint(small, shot, 104);
      button.append(small);
      button.addEventListener("click", () => choose(at));
      return button;
    }));
    if (shots.length) cropper.show(shots[number]);
  }

  /* on the way down: the back office's own listener looks for a text field these inputs don't have */
  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input !== camera && input !== album) return;
    event.stopPropagation();
    await take(input.files);
    if (input === camera) input.value = "";
  }, true);
  one("zoom").addEventListener("input", (event) => cropper.zoom(Number(event.target.value)));
  one("turn").addEventListener("click", () => cropper.turn());
  one("drop").addEventListener("click", () => {
    shots.splice(current, 1);
    album.value = "";
    choose(Math.max(0, shots.length - 1));
    hint.hidden = true;
    tell();
  });

  /* ---- title */
  const count = one("title-count");
  title.addEventListener("input", () => { count.textContent = `${title.value.length} / ${title.maxLength}`; tell(); });
  title.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); title.blur(); } });

  /* ---- category and stock: a chip writes into the field beside it */
  function chips(name, input) {
    const found = [...form.querySelectorAll(`[data-${name}]`)];
    const press = () => found.forEach((chip) => {
      chip.setAttribute("aria-pressed", String(chip.dataset[name] === input.value));
    });
    found.forEach((chip) => chip.addEventListener("click", () => { input.value = chip.dataset[name]; press(); tell(); }));
    ["change", "input"].forEach((event) => input.addEventListener(event, () => { press(); tell(); }));
    press();
  }
  one("chips").hidden = false;
  chips("category", select);
  if (stock) {
    one("stocks").hidden = false;
    chips("stock", stock);
  }

  /* ---- price: the keypad writes, a real keyboard may too */
  one("keys").hidden = false;
  price.setAttribute("inputmode", "none");
  function fits(text) { return /^\d{0,6}(\.\d{0,2})?$/.test(text); }
  one("keys").addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    let text = key === "back" ? price.value.slice(0, -1) : price.value + key;
    if (text === ".") text = "0.";
    if (/^0\d/.test(text)) text = text.slice(1);
    if (fits(text)) price.value = text;
    tell();
  });
  price.addEventListener("input", () => {
    price.value = price.value.replace(/[。,，]/g, ".").replace(/[^\d.]/g, "");
    tell();
  });

  /* ---- what is missing */
  function missing() {
    if (!shots.length) return "picture";
    if (!title.value.trim()) return "title";
    if (!select.value) return "category";
    if (!(Number(price.value) > 0)) return "price";
    return "";
  }
  const places = { picture: one("sources"), title, category: one("chips"), price };
  function tell() {
    const lack = missing();
    status.textContent = sending ? words.sending : words[lack || "ready"];
    status.classList.toggle("is-ready", !lack);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    const lack = missing();
    if (lack) {
      tell();
      places[lack].scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      if (places[lack].focus) places[lack].focus({ preventScroll: true });
      return;
    }
    const tiny = shots.findIndex((shot) => Cropper.pixels(shot) < LEAST);
    if (tiny >= 0) { choose(tiny); stage.scrollIntoView({ block: "center" }); return; }
    sending = true;
    done.disabled = true;
    tell();
    const carried = new DataTransfer();
    for (const [at, shot] of shots.entries()) {
      carried.items.add(new File([await Cropper.blob(shot)], `${at + 1}.jpg`, { type: "image/jpeg" }));
    }
    album.files = carried.files;
    form.submit();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  tell();
})();
