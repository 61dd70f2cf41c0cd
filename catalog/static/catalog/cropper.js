/* A square window on a picture: dragged with a finger or the mouse, pinched, zoomed, turned; also by keyboard.
   No library. `window.Cropper(canvas, changed)` draws one shot at a time; a shot keeps where it was left. */
(() => {
  "use strict";
  const BIGGEST = 1600;
  const WORKING = 2600;

  async function read(file) {
    const image = await decode(file);
    const scale = Math.min(1, WORKING / Math.max(image.width, image.height));
    const picture = document.createElement("canvas");
    picture.width = Math.max(1, Math.round(image.width * scale));
    picture.height = Math.max(1, Math.round(image.height * scale));
    picture.getContext("2d").drawImage(image, 0, 0, picture.width, picture.height);
    if (image.close) image.close();
    return { picture, zoom: 1, x: 0.5, y: 0.5 };
  }

  async function decode(file) {
    if (window.createImageBitmap) {
      try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* the other way */ }
    }
    const address = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      return image;
    } finally { URL.revokeObjectURL(address); }
  }

  /* The part of the picture in the window, in its own pixels. */
  function part(shot) {
    const side = Math.min(shot.picture.width, shot.picture.height) / shot.zoom;
    const half = side / 2;
    const x = Math.min(Math.max(shot.x * shot.picture.width, half), shot.picture.width - half);
    const y = Math.min(Math.max(shot.y * shot.picture.height, half), shot.picture.height - half);
    shot.x = x / shot.picture.width;
    shot.y = y / shot.picture.height;
    return { left: x - half, top: y - half, side };
  }

  function paint(canvas, shot, side) {
    const { left, top, side: from } = part(shot);
    canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(shot.picture, left, top, from, from, 0, 0, side, side);
  }

  function pixels(shot) { return Math.round(part(shot).side); }

  function blob(shot) {
    const made = document.createElement("canvas");
    paint(made, shot, Math.min(BIGGEST, pixels(shot)));
    return new Promise((resolve) => { made.toBlob(resolve, "image/jpeg", 0.92); });
  }

  function turn(shot) {
    const { picture } = shot;
    const turned = document.createElement("canvas");
    turned.width = picture.height;
    turned.height = picture.width;
    const pen = turned.getContext("2d");
    pen.translate(turned.width, 0);
    pen.rotate(Math.PI / 2);
    pen.drawImage(picture, 0, 0);
    [shot.picture, shot.x, shot.y] = [turned, 1 - shot.y, shot.x];
  }

  function Cropper(canvas, changed) {
    const fingers = new Map();
    let shot = null;
    let spread = 0;

    function draw() {
      if (!shot) return;
      paint(canvas, shot, Math.round(canvas.clientWidth * (window.devicePixelRatio || 1)) || 720);
      changed(shot);
    }
    function move(dx, dy) {
      const { side } = part(shot);
      const ratio = side / canvas.clientWidth;
      shot.x -= (dx * ratio) / shot.picture.width;
      shot.y -= (dy * ratio) / shot.picture.height;
    }
    function zoom(to) { shot.zoom = Math.min(4, Math.max(1, to)); }
    function distance() {
      const [a, b] = [...fingers.values()];
      return Math.hypot(a.x - b.x, a.y - b.y);
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (!shot) return;
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 2) spread = distance();
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before || !shot) return;
      const many = fingers.size;
      move((event.clientX - before.x) / many, (event.clientY - before.y) / many);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (many === 2 && spread > 0) {
        const now = distance();
        zoom(shot.zoom * (now / spread));
        spread = now;
      }
      draw();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => { fingers.delete(event.pointerId); spread = 0; });
    }
    canvas.addEventListener("wheel", (event) => {
      if (!shot) return;
      event.preventDefault();
      zoom(shot.zoom * (event.deltaY < 0 ? 1.08 : 1 / 1.08));
      draw();
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: [12, 0], ArrowRight: [-12, 0], ArrowUp: [0, 12], ArrowDown: [0, -12] };
      if (!shot) return;
      if (steps[event.key]) move(...steps[event.key]);
      else if (event.key === "+" || event.key === "=") zoom(shot.zoom * 1.1);
      else if (event.key === "-") zoom(shot.zoom / 1.1);
      else return;
      event.preventDefault();
      draw();
    });
    window.addEventListener("resize", draw);

    return {
      show(next) { shot = next; fingers.clear(); draw(); },
      zoom(to) { if (shot) { zoom(to); draw(); } },
      turn() { if (shot) { turn(shot); draw(); } },
    };
  }

  window.Cropper = Object.assign(Cropper, { read, paint, pixels, blob });
})();
