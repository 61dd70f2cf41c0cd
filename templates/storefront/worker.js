{% load static %}{% url 'storefront:offline' as offline %}// Keeps one page and its style for when there is no network. Prices and stock are never served from here.
const CACHE = "offline-{% static 'storefront/shop.css' %}";
const KEPT = ["{{ offline }}", "{% static 'storefront/shop.css' %}", "{% static 'storefront/icons/favicon.svg' %}"];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    if (registration.navigationPreload) await registration.navigationPreload.enable();
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith((async () => {
      try {
        return (await event.preloadResponse) || (await fetch(request));
      } catch {
        return (await caches.match("{{ offline }}")) || Response.error();
      }
    })());
  }
});
