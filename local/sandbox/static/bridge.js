// What WeChat's web view puts into every page: its user agent and WeixinJSBridge, which asks the phone around it.
(() => {
  "use strict";
  if (window.WeixinJSBridge) return;
  if (window.top === window) {
    const here = location.pathname + location.search + location.hash;
    location.replace(`__FRAME__?to=${encodeURIComponent(here)}`);
    return;
  }
  Object.defineProperty(navigator, "userAgent", { get: () => "__AGENT__", configurable: true });

  const tell = (message) => window.parent.postMessage({ wx: true, ...message }, "*");
  const waiting = new Map();
  const listeners = new Map();
  let number = 0;
  const plain = (value) => JSON.parse(JSON.stringify(value || {}));

  window.WeixinJSBridge = {
    invoke(name, parameters, answer) {
      number += 1;
      if (typeof answer === "function") waiting.set(number, answer);
      tell({ kind: "invoke", id: number, name, parameters: plain(parameters) });
    },
    on(name, listener) {
      listeners.set(name, listener);
      tell({ kind: "on", name });
    },
    call(name, parameters, answer) {
      this.invoke(name, parameters, answer);
    },
    log() {},
  };
  window.__wxjs_environment = "browser";

  const commands = {
    answer({ id, result }) {
      const answer = waiting.get(id);
      waiting.delete(id);
      if (answer) answer(result);
    },
    event({ name, parameters }) {
      const listener = listeners.get(name);
      if (listener) listener(parameters);
    },
    back() {
      tell({ kind: "heard" }); // the page before may take its time to come
      if (window.navigation ? window.navigation.canGoBack : window.history.length > 1) window.history.back();
      else tell({ kind: "root" });
    },
    reload() {
      location.reload();
    },
    font({ percent }) {
      document.documentElement.style.setProperty("-webkit-text-size-adjust", `${percent}%`);
      document.documentElement.style.fontSize = percent === 100 ? "" : `${percent}%`;
    },
  };
  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.source === window.parent && message && message.wx && commands[message.kind]) {
      commands[message.kind](message);
    }
  });

  const here = (kind) => tell({
    kind,
    title: document.title,
    path: location.pathname + location.search + location.hash,
  });
  here("hello");
  // a web view has one window
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[target]");
    if (link) link.removeAttribute("target");
  }, true);
  for (const name of ["DOMContentLoaded", "htmx:pushedIntoHistory", "htmx:afterSettle"]) {
    document.addEventListener(name, () => here("moved"));
  }
  for (const name of ["load", "pageshow", "popstate", "hashchange"]) {
    window.addEventListener(name, () => here("moved"));
  }
  window.addEventListener("pagehide", () => tell({ kind: "leaving" }));
  document.addEventListener("DOMContentLoaded", () => {
    document.dispatchEvent(new Event("WeixinJSBridgeReady"));
  });
})();
