// The preview follows the form; each colour gets a picker beside its text.
(() => {
  "use strict";
  const form = document.querySelector("[data-look]");
  if (!form) return;
  const show = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") query.set(name, value);
    document.querySelectorAll(".bo-frame").forEach((frame) => {
      frame.contentWindow.location.replace(`${form.dataset.look}?theme=${frame.dataset.theme}&${query}`);
    });
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  form.querySelectorAll("input[type=text]").forEach((field) => {
    const picker = document.createElement("input");
    picker.type = "color";
    picker.className = "bo-picker";
    picker.value = /^#[0-9a-f]{6}$/i.test(field.value) ? field.value : "#cccccc";
    picker.setAttribute("aria-label", form.querySelector(`label[for=${field.id}]`)?.textContent.trim() || field.name);
    picker.addEventListener("input", () => (field.value = picker.value.toUpperCase()));
    field.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
    });
    const row = document.createElement("div");
    row.className = "bo-colour";
    field.before(row);
    row.append(picker, field);
  });
})();
