/* A frame of the chosen video becomes its cover; where the browser can't, the video goes without one. */
(() => {
  "use strict";
  const form = document.querySelector("[data-video-form]");
  if (!form || !window.DataTransfer) return;
  const [input, cover, name] = ["video", "cover", "video-name"].map((one) => form.querySelector(`[data-${one}]`));

  /* on the way down: the back office's own listener looks for a text field this input doesn't have */
  form.addEventListener("change", async (event) => {
    event.stopPropagation();
    const file = input.files[0];
    if (!file) return;
    name.textContent = file.name;
    const picture = await frame(file).catch(() => null);
    const carried = new DataTransfer();
    if (picture) carried.items.add(new File([picture], "cover.jpg", { type: "image/jpeg" }));
    cover.files = carried.files;
  }, true);

  function once(thing, event) {
    return new Promise((resolve, reject) => {
      thing.addEventListener(event, resolve, { once: true });
      thing.addEventListener("error", reject, { once: true });
      setTimeout(reject, 8000);
    });
  }

  async function frame(file) {
    const film = document.createElement("video");
    film.muted = true;
    film.playsInline = true;
    film.preload = "auto";
    const address = URL.createObjectURL(file);
    try {
      film.src = address;
      await once(film, "loadeddata");
      film.currentTime = Math.min(1, film.duration / 3);
      await once(film, "seeked");
      const drawn = document.createElement("canvas");
      drawn.width = film.videoWidth;
      drawn.height = film.videoHeight;
      drawn.getContext("2d").drawImage(film, 0, 0);
      return await new Promise((resolve) => { drawn.toBlob(resolve, "image/jpeg", 0.88); });
    } finally { URL.revokeObjectURL(address); }
  }
})();
