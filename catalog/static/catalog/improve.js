/* Shows how the picture would become while the tools are moved; a part of it is chosen by dragging. */
(() => {
  "use strict";
  const form = document.querySelector("[data-improve]");
  if (!form) return;
  const one = (name) => form.querySelector(`[data-${name}]`);
  const [after, frame, now, windowed, box, status, problem] =
    ["after", "frame", "now", "window", "box", "status", "problem"].map(one);
  const words = status.textContent;
  let waiting = 0;
  let asked = 0;
  let from = null;

  async function look() {
    const number = ++asked;
    const body = new FormData(form);
    body.set("look", "1");
    const answer = await fetch(location.pathname, { method: "POST", body });
    if (number !== asked) return;
    status.textContent = words;
    if (!answer.ok) { problem.textContent = answer.status === 422 ? await answer.text() : ""; return; }
    problem.textContent = "";
    const made = URL.createObjectURL(await answer.blob());
    const old = after.src;
    after.src = made;
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
  }
  function soon() {
    status.textContent = `${words} …`;
    clearTimeout(waiting);
    waiting = setTimeout(look, 250);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);

  /* a part of the picture, as shares of its sides */
  one("frame-hint").hidden = false;
  now.draggable = false;
  function at(event) {
    const edge = now.getBoundingClientRect();
    const share = (value, low, size) => Math.min(1, Math.max(0, (value - low) / size));
    return [share(event.clientX, edge.left, edge.width), share(event.clientY, edge.top, edge.height)];
  }
  function show(x, y, w, h) {
    const edge = now.getBoundingClientRect();
    const outer = frame.getBoundingClientRect();
    windowed.hidden = false;
    windowed.style.left = `${edge.left - outer.left + x * edge.width}px`;
    windowed.style.top = `${edge.top - outer.top + y * edge.height}px`;
    windowed.style.width = `${w * edge.width}px`;
    windowed.style.height = `${h * edge.height}px`;
  }
  frame.addEventListener("pointerdown", (event) => { from = at(event); frame.setPointerCapture(event.pointerId); });
  frame.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
    show(x, y, Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1]));
  });
  frame.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = at(event);
    const [x, y, w, h] = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
    from = null;
    const is_part = w > 0.08 && h > 0.08;
    box.value = is_part ? JSON.stringify([x, y, w, h].map((share) => Number(share.toFixed(4)))) : "";
    windowed.hidden = !is_part;
    soon();
  });
  frame.addEventListener("pointercancel", () => { from = null; });

  const best = one("best");
  best.hidden = false;
  best.addEventListener("click", () => {
    form.elements.ratio.value = "1:1";
    form.elements.auto_light.checked = true;
    form.elements.white.checked = true;
    form.elements.sharpen.value = 40;
    soon();
  });
})();
