/* The specification editor: chips for axes and values, a grid of SKUs. The table itself is in matrix-model.js. */
(() => {
  "use strict";
  const root = document.getElementById("matrix");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("matrix-words");
  const options = read("matrix-options");
  const matrix = new window.goods.Matrix(read("matrix-state"), options);
  const $ = (name) => root.querySelector(`[data-${name}]`);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const icon = (name) => `<span class="material-symbols-outlined" aria-hidden="true">${name}</span>`;
  const MONEY = ["list_price", "cost_price", "floor_price"];
  const CODES = ["code", "barcode"];
  let mistakes = new Map();
  let isLeaving = false;
  let renaming = "";
  let undo = null;

  const columns = () => [
    "code", "list_price", ...(options.is_weighed ? ["nominal_grams", "price_basis_grams"] : []), "cost_price", "weight_grams", "barcode",
    ...($("more").checked ? ["floor_price", "volume_cm3"] : []),
  ];

  // ---- axes
  function drawAxes() {
    $("axes").innerHTML = matrix.axes.map((axis) => `
      <div class="go-axis" data-key="${axis.key}">
        <div class="go-axis__head">
          <button type="button" class="go-grip" data-grip-axis aria-label="${safe(fill(words.move, { name: axis.name }))}">${icon("drag_indicator")}</button>
          <input data-axis-name list="axis-names" maxlength="${options.name_length}" value="${safe(axis.name)}" placeholder="${safe(words.axis_hint)}" aria-label="${safe(words.axis)}" autocomplete="off">
          <button type="button" class="go-icon" data-remove-axis aria-label="${safe(words.remove_axis)}" title="${safe(words.remove_axis)}">${icon("delete")}</button>
        </div>
        <ul class="go-chips">${axis.values.map((value) => `
          <li class="go-chip" data-key="${value.key}">
            <button type="button" class="go-grip" aria-label="${safe(fill(words.move, { name: value.name }))}">${icon("drag_indicator")}</button>${renaming === value.key
              ? `<input class="go-chip__input" data-rename maxlength="${options.value_length}" value="${safe(value.name)}" aria-label="${safe(fill(words.rename, { name: value.name }))}">`
              : `<button type="button" class="go-chip__name" data-start-rename title="${safe(fill(words.rename, { name: value.name }))}">${safe(value.name)}</button>`}
            <button type="button" class="go-chip__x" data-remove-value aria-label="${safe(fill(words.remove, { name: value.name }))}">${icon("close")}</button>
          </li>`).join("")}
          <li class="go-chips__add"><input data-add-value placeholder="${safe(words.add_value)}" title="${safe(words.add_value_hint)}" aria-label="${safe(words.add_value)}" autocomplete="off"></li>
        </ul>
        ${matrix.needsHeir(axis) ? drawHeir(axis) : ""}
      </div>`).join("") || `<p class="bo-quiet">${safe(words.none)}</p>`;
    $("add-axis").hidden = matrix.axes.length >= options.axes_at_most;
    $("add-axis-words").textContent = matrix.axes.length ? words.add_axis : words.first_axis;
    for (const box of root.querySelectorAll(".go-axis")) {
      const axis = matrix.axis(box.dataset.key);
      window.goods.sortable(box.querySelector(".go-chips"), {
        item: ".go-chip", grip: ".go-grip", done: (keys) => { matrix.order(axis.values, keys); changed(); },
      });
    }
  }

  function drawHeir(axis) {
    const before = matrix.skus.filter((sku) => sku.is_active);
    const label = before.length === 1 ? fill(words.heir_one, { code: before[0].code, stock: before[0].on_hand }) : words.heir;
    const chosen = axis.heir || axis.values[0].key;
    return `<label class="go-heir">${safe(label)} <select data-heir>${axis.values.map((value) => `<option value="${value.key}"${value.key === chosen ? " selected" : ""}>${safe(value.name)}</option>`).join("")}</select></label>`;
  }

  function addValues(box, input) {
    const axis = matrix.axis(box.dataset.key);
    const names = input.value.split(/[,，、;；\n\t]+/).map((name) => name.trim().replace(/\s+/g, " ")).filter(Boolean);
    if (!names.length) return;
    const refused = matrix.addValues(axis, names);
    const why = refused.length && (refused[0].length > options.value_length ? fill(words.too_long, { limit: options.value_length }) : fill(words.name_twice, { name: refused[0] }));
    changed();
    const again = root.querySelector(`[data-key="${axis.key}"] [data-add-value]`);
    again.value = refused.join("、");
    again.focus();
    if (why) tell(why);
  }

  function rename(box, input) {
    if (!renaming) return;
    const axis = matrix.axis(box.dataset.key);
    const value = axis.values.find((one) => one.key === renaming);
    const name = input.value.trim().replace(/\s+/g, " ");
    renaming = "";
    if (name && axis.values.some((one) => one !== value && one.name === name)) tell(fill(words.name_twice, { name }));
    else if (name) value.name = name;
    changed();
  }

  function onAxes(event) {
    const box = event.target.closest(".go-axis");
    if (!box) return;
    const axis = matrix.axis(box.dataset.key);
    const chip = event.target.closest(".go-chip");
    if (event.target.closest("[data-remove-axis]")) { matrix.axes.splice(matrix.axes.indexOf(axis), 1); changed(); }
    else if (event.target.closest("[data-remove-value]")) { axis.values = axis.values.filter((value) => value.key !== chip.dataset.key); changed(); root.querySelector(`[data-key="${axis.key}"] [data-add-value]`)?.focus(); }
    else if (event.target.closest("[data-start-rename]")) { renaming = chip.dataset.key; drawAxes(); const input = root.querySelector("[data-rename]"); input.focus(); input.select(); }
  }

  function onAxesKey(event) {
    if (event.isComposing) return;
    const box = event.target.closest(".go-axis");
    if (event.key === "Enter" && event.target.matches("[data-add-value], [data-rename], [data-axis-name]")) event.preventDefault();
    if (event.key === "Enter" && event.target.matches("[data-add-value]")) addValues(box, event.target);
    else if (event.key === "Enter" && event.target.matches("[data-rename]")) rename(box, event.target);
    else if (event.key === "Escape" && event.target.matches("[data-rename]")) { renaming = ""; drawAxes(); }
    else if (event.key === "Enter" && event.target.matches("[data-axis-name]")) box.querySelector("[data-add-value]").focus();
    else if (event.key === "Backspace" && event.target.matches("[data-add-value]") && !event.target.value) box.querySelector(".go-chip:last-of-type .go-chip__x")?.focus();
  }

  // ---- grid
  const label = (row) => row.names.join(" / ") || words.single;
  const isNew = (row) => !row.sku || row.sku.is_fresh;

  function cell(row, number, name) {
    const isLocked = name === "list_price" && row.sku && !options.may_price;
    const numeric = !CODES.includes(name);
    const why = mistakes.get(`${number} ${name}`);
    const hint = name === "code" && !row.sku ? words.made_up : "";
    return `<td data-label="${safe(words[name])}"${numeric ? ' class="is-number"' : ""}><input data-row="${number}" data-name="${name}" value="${safe(row.data[name])}" inputmode="${MONEY.includes(name) ? "decimal" : numeric ? "numeric" : "text"}" aria-label="${safe(`${label(row)}: ${words[name]}`)}" placeholder="${safe(hint)}" autocomplete="off" size="${numeric ? 7 : name === "code" ? 10 : 13}"${isLocked ? " readonly" : ""}${why ? ' aria-invalid="true"' : ""}>${why ? `<span class="go-cell-error">${safe(why)}</span>` : ""}</td>`;
  }

  function stockCell(row, number) {
    if (isNew(row) && options.places.length) return `<td data-label="${safe(words.opening)}" class="is-number"><input data-row="${number}" data-name="opening" value="${safe(row.data.opening)}" inputmode="numeric" size="6" placeholder="0" aria-label="${safe(`${label(row)}: ${words.opening}`)}" autocomplete="off"></td>`;
    const held = row.sku && row.sku.reserved ? ` <small>${safe(fill(words.reserved, { count: row.sku.reserved }))}</small>` : "";
    return `<td data-label="${safe(words.stock)}" class="is-number go-stock">${row.sku ? row.sku.on_hand : 0}${held}</td>`;
  }

  function drawRows() {
    const names = columns();
    const stock = matrix.rows.some(isNew) && options.places.length ? words.opening : words.stock;
    $("head").innerHTML = `<tr><th>${safe(matrix.axes.map((axis) => axis.name).filter(Boolean).join(" / ") || words.single)}</th><th>${safe(words.is_active)}</th>${names.map((name) => `<th${CODES.includes(name) ? "" : ' class="is-number"'}>${safe(words[name])}</th>`).join("")}<th class="is-number">${safe(stock)}</th></tr>`;
    $("rows").innerHTML = matrix.rows.map((row, number) => `
      <tr data-number="${number}"${row.data.is_active ? "" : ' class="is-off"'}><th scope="row" title="${safe(label(row))}">${safe(label(row))}</th>
      <td data-label="${safe(words.is_active)}" class="go-switch"><input type="checkbox" data-row="${number}" data-name="is_active" aria-label="${safe(`${label(row)}: ${words.is_active}`)}"${row.data.is_active ? " checked" : ""}></td>${names.map((name) => cell(row, number, name)).join("")}${stockCell(row, number)}</tr>`).join("");
    $("place-tool").hidden = !options.places.length || !matrix.rows.some(isNew);
    applyFilter();
  }

  function drawTools() {
    const chosen = $("filter").value;
    $("filter").innerHTML = `<option value="">${safe(words.on_all)}</option>${matrix.axes.filter((axis) => axis.values.length > 1).map((axis) => `<optgroup label="${safe(axis.name)}">${axis.values.map((value) => `<option value="${value.key}">${safe(value.name)}</option>`).join("")}</optgroup>`).join("")}`;
    $("filter").value = [...$("filter").options].some((option) => option.value === chosen) ? chosen : "";
    const column = $("fill-column").value || "list_price";
    const fillable = [...columns().filter((name) => !CODES.includes(name)), ...(options.places.length && matrix.rows.some(isNew) ? ["opening"] : [])];
    $("fill-column").innerHTML = fillable.map((name) => `<option value="${name}">${safe(words[name])}</option>`).join("");
    $("fill-column").value = fillable.includes(column) ? column : fillable[0];
  }

  const visible = () => matrix.rows.map((row, number) => ({ row, number })).filter(({ row }) => !$("filter").value || row.keys.includes($("filter").value));

  function applyFilter() {
    const shown = new Set(visible().map(({ number }) => String(number)));
    for (const line of $("rows").children) line.hidden = !shown.has(line.dataset.number);
    const sold = matrix.rows.filter((row) => row.data.is_active).length;
    $("count").textContent = fill(words.rows, { count: matrix.rows.length, sold }) + (shown.size < matrix.rows.length ? ` · ${fill(words.shown, { count: shown.size })}` : "");
  }

  function fillColumn() {
    const name = $("fill-column").value;
    const value = $("fill-value").value.trim();
    const wrong = check(name, value);
    if (wrong) { tell(wrong); $("fill-value").focus(); return; }
    const touched = visible().filter(({ row }) => (name !== "opening" || isNew(row)) && !(name === "list_price" && row.sku && !options.may_price));
    undo = touched.map(({ row }) => [row.data, name, row.data[name]]);
    for (const { row, number } of touched) { row.data[name] = value; mistakes.delete(`${number} ${name}`); }
    drawRows(); refresh();
    tell(fill(words.filled, { count: touched.length }), true);
  }

  function check(name, value) {
    if (!value) return "";
    if (MONEY.includes(name)) return /^[¥￥]?\d{1,3}(,?\d{3})*(\.\d{1,2})?元?$|^\d{1,7}(\.\d{1,2})?$/.test(value) ? "" : words.bad_price;
    if (CODES.includes(name)) return matrix.rows.filter((row) => row.data[name] === value).length > 1 ? words.twice : "";
    return /^\d{1,8}$/.test(value) ? "" : words.bad_number;
  }

  function mark(input, why) {
    const key = `${input.dataset.row} ${input.dataset.name}`;
    if (why) mistakes.set(key, why); else mistakes.delete(key);
    if (why) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    const old = input.parentElement.querySelector(".go-cell-error");
    if (old) old.remove();
    if (why) input.insertAdjacentHTML("afterend", `<span class="go-cell-error">${safe(why)}</span>`);
  }

  function onPaste(event) {
    const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!event.target.matches("[data-name]") || !/[\n\t]/.test(text)) return;
    event.preventDefault();
    const names = [...columns(), "opening"];
    const from = names.indexOf(event.target.dataset.name);
    const shown = visible();
    const start = shown.findIndex(({ number }) => String(number) === event.target.dataset.row);
    undo = [];
    text.split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      const at = shown[start + down];
      const name = names[from + right];
      if (!at || !name || (name === "opening" && !isNew(at.row)) || (name === "list_price" && at.row.sku && !options.may_price)) return;
      undo.push([at.row.data, name, at.row.data[name]]);
      at.row.data[name] = value.trim();
    }));
    drawRows(); refresh();
    tell(fill(words.filled, { count: new Set(undo.map(([data]) => data)).size }), true);
  }

  function onGridKey(event) {
    if (event.isComposing || !event.target.matches("[data-name]")) return;
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = visible();
    const at = shown.findIndex(({ number }) => String(number) === event.target.dataset.row) + step;
    if (shown[at]) { const next = $("rows").querySelector(`[data-row="${shown[at].number}"][data-name="${event.target.dataset.name}"]`); next?.focus(); next?.select?.(); }
  }

  // ---- what saving will do, and saving
  function drawEffects() {
    const found = matrix.effects();
    const stocked = found.gone.filter((sku) => sku.on_hand);
    const gone = stocked.slice(0, 5).map((sku) => fill(words.gone, { code: sku.code, words: sku.text, stock: sku.on_hand }));
    if (stocked.length > 5) gone.push(fill(words.gone_more, { count: stocked.length - 5 }));
    if (found.gone.length > stocked.length) gone.push(fill(words.gone_empty, { count: found.gone.length - stocked.length }));
    const lines = [
      ...(found.kept ? [["check", fill(words.kept, { count: found.kept })]] : []),
      ...found.becomes.slice(0, 6).map((row) => ["arrow_forward", fill(words.becomes, { code: row.sku.code, stock: row.sku.on_hand, words: label(row) })]),
      ...(found.fresh ? [["add", fill(words.new_skus, { count: found.fresh })]] : []),
      ...(found.off ? [["visibility_off", fill(words.off, { count: found.off })]] : []),
      ...gone.map((line) => ["warning", line]),
    ];
    $("effects").innerHTML = lines.map(([sign, line]) => `<li class="${sign === "warning" ? "is-warning" : ""}">${icon(sign)} ${safe(line)}</li>`).join("");
    $("effects-panel").hidden = !matrix.isDirty;
  }

  function refresh() {
    const trouble = matrix.trouble(words);
    const isOpen = matrix.axes.some((axis) => !axis.name && !axis.values.length);
    $("axes-error").textContent = trouble;
    $("axes-error").hidden = !trouble || isOpen;
    $("status").textContent = matrix.isDirty ? words.unsaved : "";
    applyFilter();
    drawEffects();
  }

  function changed() { mistakes = new Map(); matrix.build(); drawAxes(); drawTools(); drawRows(); refresh(); }

  function tell(text, canUndo = false) {
    const note = $("note");
    note.hidden = !text;
    note.textContent = text;
    if (canUndo) {
      note.insertAdjacentHTML("beforeend", ` <button type="button" class="go-link">${safe(words.undo)}</button>`);
      note.querySelector("button").addEventListener("click", () => { for (const [data, name, value] of undo) data[name] = value; drawRows(); refresh(); tell(""); });
    }
  }

  function say(text, isBad) { $("status").textContent = text; $("status").classList.toggle("is-bad", Boolean(isBad)); }

  async function save() {
    const trouble = matrix.trouble(words);
    if (trouble) { $("axes-error").textContent = trouble; $("axes-error").hidden = false; $("axes-error").scrollIntoView({ block: "center" }); return; }
    const button = $("save-button");
    button.disabled = true;
    say(words.saving);
    try {
      const answer = await fetch(root.dataset.save, {
        method: "POST", redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
        body: JSON.stringify({ ...matrix.payload(), seen: matrix.seen, place: $("place").value || null }),
      });
      if (answer.ok) { const { to } = await answer.json(); isLeaving = true; location.assign(to); return; }
      if (answer.type === "opaqueredirect" || answer.status === 403) say(words.signed_out, true);
      else if ([409, 422].includes(answer.status)) refused(await answer.json());
      else say(words.broken, true);
    } catch { say(words.offline, true); }
    button.disabled = false;
  }

  function refused({ message, mistakes: found = [], seen }) {
    if (seen) matrix.seen = seen;
    const sent = matrix.sent();
    mistakes = new Map(found.map((one) => [`${matrix.rows.indexOf(sent[one.row])} ${one.column}`, one.words]));
    if (found.some((one) => ["floor_price", "volume_cm3"].includes(one.column))) $("more").checked = true;
    if (found.length) $("filter").value = "";
    drawRows(); refresh();
    say(message, true);
    const first = root.querySelector("[aria-invalid=true]");
    if (first) { first.scrollIntoView({ block: "center" }); first.focus({ preventScroll: true }); }
  }

  root.addEventListener("click", onAxes);
  $("axes").addEventListener("keydown", onAxesKey);
  $("axes").addEventListener("input", (event) => {
    if (!event.target.matches("[data-axis-name]")) return;
    matrix.axis(event.target.closest(".go-axis").dataset.key).name = event.target.value;
    refresh(); drawTools();
  });
  $("axes").addEventListener("change", (event) => {
    const box = event.target.closest(".go-axis");
    if (event.target.matches("[data-heir]")) { matrix.axis(box.dataset.key).heir = event.target.value; changed(); }
    else if (event.target.matches("[data-axis-name]")) drawRows();
  });
  $("axes").addEventListener("focusout", (event) => {
    if (event.target.matches("[data-rename]") && event.target.isConnected) rename(event.target.closest(".go-axis"), event.target);
    else if (event.target.matches("[data-add-value]") && event.target.isConnected && event.target.value.trim() && event.relatedTarget) { const box = event.target.closest(".go-axis"); const next = event.relatedTarget; if (!box.contains(next)) addValues(box, event.target); }
  });
  window.goods.sortable($("axes"), { item: ".go-axis", grip: "[data-grip-axis]", done: (keys) => { matrix.order(matrix.axes, keys); changed(); } });
  $("add-axis").addEventListener("click", () => { const axis = matrix.addAxis(); changed(); root.querySelector(`[data-key="${axis.key}"] [data-axis-name]`).focus(); });
  $("rows").addEventListener("input", (event) => {
    const { row, name } = event.target.dataset;
    if (row === undefined) return;
    const isSwitch = name === "is_active";
    matrix.rows[row].data[name] = isSwitch ? event.target.checked : event.target.value.trim();
    if (isSwitch) event.target.closest("tr").classList.toggle("is-off", !event.target.checked);
    $("status").classList.remove("is-bad");
    if (isSwitch) refresh(); else $("status").textContent = words.unsaved;
    if (event.target.hasAttribute("aria-invalid")) mark(event.target, "");
  });
  $("rows").addEventListener("change", (event) => {
    if (event.target.dataset.name === undefined || event.target.type === "checkbox") return;
    const { target } = event;
    // a little later: a row that grows must not move away from under the click that left this field
    setTimeout(() => { if (target.isConnected) { mark(target, check(target.dataset.name, target.value.trim())); refresh(); } }, 200);
  });
  $("rows").addEventListener("keydown", onGridKey);
  $("rows").addEventListener("paste", onPaste);
  $("fill").addEventListener("click", fillColumn);
  $("fill-value").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) fillColumn(); });
  $("filter").addEventListener("change", applyFilter);
  $("more").addEventListener("change", () => { drawTools(); drawRows(); });
  $("save-button").addEventListener("click", save);
  document.addEventListener("keydown", (event) => { if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); } });
  window.addEventListener("beforeunload", (event) => { if (!isLeaving && matrix.isDirty) event.preventDefault(); });
  $("place").innerHTML = options.places.map((place) => `<option value="${place.id}">${safe(place.name)}</option>`).join("");
  drawAxes(); drawTools(); drawRows(); refresh();
})();
