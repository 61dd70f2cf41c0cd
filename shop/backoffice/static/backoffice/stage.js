/* The stage: looks again while something is under way; a pressed button says so. */
const acts = document.querySelector("[data-acts]");
document.querySelectorAll(".st-scene").forEach((form) => {
  form.addEventListener("submit", () => {
    form.querySelector("button").disabled = true;
  });
});
setInterval(async () => {
  if (!acts.querySelector("[data-live]") || document.hidden) return;
  const answer = await fetch(acts.dataset.acts, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok && !answer.redirected) acts.innerHTML = await answer.text();
}, 2000);
