// What the screens of the phone are built from.
"use strict";

export const find = (name) => document.querySelector(`[data-${name}]`);

/** An element with attributes, listeners (on…) and children; text stays text. */
export const make = (name, given = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

const PATHS = {
  back: "M15 4 7 12l8 8",
  close: "M5 5l14 14M19 5 5 19",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  chat: "M4 5h16v11H9l-5 4z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.5-6 8-6s8 2 8 6",
  send: "M4 12 20 4l-6 16-3-7z",
  moments: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 3v7M20 9l-6 3M17 19l-4-5M7 19l3-6M4 9l6 1",
  reload: "M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  size: "M3 19 8 6l5 13M5 15h6M14 19l3.5-9L21 19M15.2 16h4.6",
};

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  if (name === "more") path.setAttribute("stroke-width", "3.4");
  svg.append(path);
  return svg;
};

export const iconButton = (name, label, press) =>
  make("button", { class: "icon", type: "button", "aria-label": label, onclick: press }, icon(name));

export const face = (unionid) => make("img", { src: `/faces/${unionid}.png`, alt: "" });
export const sign = () => make("span", { class: "sign", "aria-hidden": "true" }, "微");

/** Ask the sandbox; throws an Error with words for people when it says no. */
export const ask = async (path, body) => {
  const wish = body === undefined
    ? {}
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/phone/api/${path}`, wish);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.words || "沙箱没有应答");
  return found;
};

let hiding = 0;
export const toast = (words) => {
  const place = find("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { place.hidden = true; }, 2200);
};

/** One line in the list beside the phone, newest first. */
export const note = (name, words, tone = "leaf") => {
  const log = find("log");
  log.querySelector(".quiet")?.remove();
  const line = make("li", {}, make("span", { class: `badge ${tone}` }, name), make("p", {}, words));
  log.prepend(line);
  while (log.children.length > 30) log.lastElementChild.remove();
};

/**
 * Show a panel over the phone. Escape and the ground behind it do what `away` says; focus stays inside and
 * returns to where it was. Returns a function that takes the panel away.
 */
export const over = (panel, { away, middle = false, label }) => {
  const layer = find("layer");
  const before = document.activeElement;
  const views = find("views");
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  panel.setAttribute("aria-label", label);
  panel.tabIndex = -1;
  layer.replaceChildren(panel);
  layer.classList.toggle("middle", middle);
  layer.hidden = false;
  views.inert = true;
  const onKey = (event) => {
    if (event.key === "Escape" && away) away();
  };
  const onPress = (event) => {
    if (event.target === layer && away) away();
  };
  document.addEventListener("keydown", onKey);
  layer.addEventListener("click", onPress);
  panel.focus();
  return () => {
    document.removeEventListener("keydown", onKey);
    layer.removeEventListener("click", onPress);
    layer.hidden = true;
    layer.replaceChildren();
    views.inert = false;
    if (before && before.isConnected) before.focus();
  };
};
