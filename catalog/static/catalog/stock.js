// Stock pages: bars of progress, larger and smaller figures by a touch, all boxes at once.
for (const bar of document.querySelectorAll(".sb-bar i")) bar.style.width = `${bar.dataset.width}%`;
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.field || "quantity");
    field.value = Math.max(0, (parseInt(field.value, 10) || 0) + parseInt(button.dataset.step, 10));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
for (const box of document.querySelectorAll("[data-all]")) {
  box.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${box.dataset.all}"]`)) one.checked = box.checked;
  });
}
