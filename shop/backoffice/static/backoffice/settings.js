// The bar says which answers have changed and asks before they are lost.
(() => {
  "use strict";
  const form = document.querySelector("[data-settings]");
  const said = form?.querySelector("[data-unsaved]");
  if (!said) return;
  const fields = [...form.elements].filter((one) => one.name && one.type !== "hidden");
  const isChanged = (one) =>
    one.type === "checkbox" ? one.checked !== one.defaultChecked
      : one.options ? [...one.options].some((option) => option.selected !== option.defaultSelected)
      : one.value !== one.defaultValue;
  const named = (one) => one.labels?.[0]?.textContent.trim().replace("*", "") || one.name;
  const show = () => {
    const changed = fields.filter(isChanged).map(named);
    said.hidden = !changed.length;
    said.lastElementChild.textContent = changed.slice(0, 3).join(" · ") + (changed.length > 3 ? " …" : "");
  };
  let isLeaving = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", () => (isLeaving = true));
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && fields.some(isChanged)) event.preventDefault();
  });
})();
