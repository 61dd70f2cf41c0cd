// Tells the shop that somebody looks at it: once in half an hour and tab, only while the page is seen; and each
// time at which product.
(() => {
  const PAUSE = 30 * 60 * 1000;
  const address = document.currentScript.dataset.address;
  const product = /\/products\/(\d+)\/$/.exec(location.pathname)?.[1];
  const count = () => {
    try {
      const last = Number(sessionStorage.getItem("counted") || 0);
      if (!product && Date.now() - last < PAUSE) return;
      sessionStorage.setItem("counted", String(Date.now()));
    } catch { /* storage is shut: count */ }
    fetch(product ? `${address}?product=${product}` : address, { method: "POST", keepalive: true, credentials: "same-origin" }).catch(() => {});
  };
  const whenSeen = () => {
    if (document.prerendering) document.addEventListener("prerenderingchange", whenSeen, { once: true });
    else if (document.visibilityState === "visible") count();
    else document.addEventListener("visibilitychange", whenSeen, { once: true });
  };
  whenSeen();
})();
