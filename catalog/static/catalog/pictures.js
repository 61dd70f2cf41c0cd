/* The pictures of a product: many at once with progress, order by drag or arrow keys, words, specification. */
(() => {
  "use strict";
  const root = document.getElementById("pictures");
  const data = JSON.parse(document.getElementById("pictures-data").textContent);
  const { words, address } = data;
  const list = root.querySelector("[data-list]");
  const queue = root.querySelector("[data-queue]");
  const status = root.querySelector("[data-status]");
  const drop = root.querySelector("[data-drop]");
  const field = document.createElement("input");
  Object.assign(field, { type: "file", multiple: true, accept: "image/jpeg,image/png,image/webp" });
  field.hasChangeListener = true; // Unfold's script leaves such fields alone; it expects its own markup
  drop.append(field);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const safe = (text) => String(text ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const icon = (name) => `<span class="material-symbols-outlined" aria-hidden="true">${name}</span>`;
  let pictures = data.pictures;

  function draw() {
    list.innerHTML = pictures.map((one, at) => `
      <li class="go-picture" data-key="${one.id}">
        <div class="go-picture__frame go-grip" tabindex="0" role="button" aria-label="${safe(`${words.move}: ${one.alt}`)}" title="${safe(words.move)}">
          <img src="${safe(one.address)}" alt="" draggable="false" loading="lazy">${at === 0 ? `<span class="go-picture__main">${safe(words.main)}</span>` : ""}
        </div>
        <div class="go-picture__tools">
          ${at ? `<button type="button" class="go-icon" data-first aria-label="${safe(words.make_main)}" title="${safe(words.make_main)}">${icon("star")}</button>` : ""}
          <span class="bo-quiet">${safe(one.size)}</span>
          <a class="go-icon" href="${safe(one.improve)}" aria-label="${safe(words.improve)}" title="${safe(words.improve)}">${icon("auto_fix_high")}</a>
          <button type="button" class="go-icon" data-remove aria-label="${safe(words.remove)}" title="${safe(words.remove)}">${icon("delete")}</button>
        </div>
        <input class="go-field" data-alt value="${safe(one.alt)}" maxlength="80" aria-label="${safe(words.alt)}" placeholder="${safe(words.alt)}">
        ${data.values.length ? `<select class="go-field" data-value aria-label="${safe(words.shows)}"><option value="">${safe(words.all)}</option>${data.values.map((value) => `<option value="${value.id}"${value.id === one.value ? " selected" : ""}>${safe(value.name)}</option>`).join("")}</select>` : ""}
      </li>`).join("");
    root.querySelector("[data-count]").textContent = words.count.replace("{count}", pictures.length).replace("{limit}", data.limit);
    root.querySelector("[data-empty]").hidden = pictures.length > 0;
  }

  /* The strip above says what to do next; it knows when the first picture came or the last one went. */
  async function refreshStrip() {
    const strip = document.querySelector(".go-standing");
    const answer = await fetch(location.pathname).catch(() => null);
    const fresh = answer && answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".go-standing");
    if (strip && fresh) strip.replaceWith(fresh);
  }

  function say(text, isBad) { status.textContent = text; status.classList.toggle("go-error", Boolean(isBad)); }

  /* One after the other, so that the last order given is the last one kept. */
  let last = Promise.resolve();
  function send(path, body) {
    say(words.saving);
    last = last.then(() => sendNow(path, body));
    return last;
  }

  async function sendNow(path, body) {
    try {
      const answer = await fetch(address + path, { method: "POST", redirect: "manual", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
      if (answer.ok) { say(words.saved); return true; }
      say(answer.status === 422 ? (await answer.json()).message : words.not_saved, true);
    } catch { say(words.not_saved, true); }
    return false;
  }

  async function reorder(keys) {
    const before = pictures;
    pictures = keys.map((key) => before.find((one) => String(one.id) === String(key)));
    draw();
    if (!await send("order/", { ids: pictures.map((one) => one.id) })) { pictures = before; draw(); }
  }

  function upload(file) {
    const line = document.createElement("li");
    line.innerHTML = `<span>${safe(file.name)}</span><progress class="bo-progress" max="100" value="0"></progress><span data-said>${safe(words.waits)}</span>`;
    queue.append(line);
    return () => new Promise((next) => {
      const request = new XMLHttpRequest();
      const bar = line.querySelector("progress");
      const said = line.querySelector("[data-said]");
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) { bar.value = 100 * event.loaded / event.total; said.textContent = `${Math.round(bar.value)} %`; } });
      const refuse = (why) => {
        bar.remove();
        said.className = "go-error";
        said.textContent = why;
        line.insertAdjacentHTML("beforeend", `<button type="button" class="go-icon" aria-label="${safe(words.dismiss)}">${icon("close")}</button>`);
        line.lastElementChild.addEventListener("click", () => line.remove());
        next();
      };
      request.addEventListener("load", () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* no JSON: a fault, told below */ }
        if (request.status !== 200 || !answer.id) { refuse(answer.message || words.not_saved); return; }
        pictures.push(answer);
        draw();
        if (pictures.length === 1) refreshStrip();
        line.remove();
        next();
      });
      request.addEventListener("error", () => refuse(words.not_saved));
      request.open("POST", address);
      request.setRequestHeader("X-CSRFToken", token);
      const body = new FormData();
      body.append("file", file);
      request.send(body);
    });
  }

  async function take(files) {
    const waiting = [...files].map(upload);
    for (const start of waiting) await start();
  }

  field.addEventListener("change", () => { const files = [...field.files]; field.value = ""; take(files); });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove("is-over"); });
  drop.addEventListener("drop", (event) => take(event.dataTransfer.files));
  list.addEventListener("click", async (event) => {
    const key = event.target.closest(".go-picture")?.dataset.key;
    if (event.target.closest("[data-first]")) reorder([key, ...pictures.map((one) => String(one.id)).filter((id) => id !== key)]);
    else if (event.target.closest("[data-remove]") && window.confirm(words.really) && await send("remove/", { id: key })) { pictures = pictures.filter((one) => String(one.id) !== key); draw(); if (!pictures.length) refreshStrip(); }
  });
  list.addEventListener("change", (event) => {
    const one = pictures.find((picture) => String(picture.id) === event.target.closest(".go-picture").dataset.key);
    if (event.target.matches("[data-alt]")) one.alt = event.target.value;
    else one.value = event.target.value ? Number(event.target.value) : null;
    send("describe/", { id: one.id, alt: one.alt, value: one.value });
  });
  window.goods.sortable(list, { item: ".go-picture", grip: ".go-grip", done: reorder });
  draw();
})();
