// Handing goods out: scan or type the twelve digits, look, hand over. A code works once.
import { bar, call, screen, toast } from "./clerk.js";
import { h, money } from "./clerk-parts.js";

export function pickup(list) {
  screen("核销", () => {
    bar("pickup");
    const code = h("input", { id: "code", class: "code-input", inputmode: "numeric", autocomplete: "off", placeholder: "12 位提货码", "aria-label": "提货码" });
    const said = h("div", {});
    const look = async () => {
      said.replaceChildren();
      try {
        said.append(found(await call("POST", "pickups/peek/", { code: code.value }), code.value, () => pickup(list)));
      } catch (problem) {
        said.append(h("p", { class: "error", role: "alert" }, problem.message));
      }
    };
    const form = h("form", { class: "block fields", onsubmit: (event) => { event.preventDefault(); look(); } }, code, h("button", { class: "filled wide" }, "查一下"), "BarcodeDetector" in window ? camera(code, look) : null);
    return [form, said];
  });
}

function found(order, code, again) {
  const said = h("p", { class: "error", role: "alert" });
  return h("section", { class: "block" }, h("h2", {}, `${order.recipient} ${order.phone}`), order.lines.map((line) => h("p", { class: "strong" }, `${line.title}${line.spec_text ? ` · ${line.spec_text}` : ""} × ${line.quantity}`)),
    h("p", { class: "quiet" }, `${order.number} · ${money(order.due)}`), said,
    h("button", { class: "filled wide", onclick: async () => {
      try {
        await call("POST", "pickups/verify/", { code });
        toast("核销成功，货可以给顾客了");
        again();
      } catch (problem) {
        said.textContent = problem.message;
      }
    } }, "货已交给顾客"));
}

function camera(code, look) {
  const button = h("button", { type: "button", class: "wide" }, "扫一扫");
  button.onclick = async () => {
    const video = h("video", { playsinline: true, muted: true });
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      toast("相机打不开，请输入数字");
      return;
    }
    const stop = () => { stream.getTracks().forEach((track) => track.stop()); video.replaceWith(button); };
    button.replaceWith(video);
    video.srcObject = stream;
    await video.play();
    const reader = new window.BarcodeDetector({ formats: ["qr_code", "code_128", "ean_13"] });
    const scan = async () => {
      if (!video.isConnected) return stop();
      const [hit] = await reader.detect(video).catch(() => []);
      const digits = hit?.rawValue.match(/\d{12}/)?.[0];
      if (!digits) return setTimeout(scan, 200);
      stop();
      code.value = digits;
      look();
    };
    scan();
  };
  return button;
}
