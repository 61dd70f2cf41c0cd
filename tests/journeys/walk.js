// Looks over the page as it stands: what a thumb, a screen reader or narrow glass would stumble over.
// Given {layout, words}: answers a list of sentences, empty when all is well.
({ layout, words }) => {
  const found = [];
  const say = (problem, element) => {
    const text = (element?.getAttribute?.("aria-label") || element?.textContent || element?.name || "").trim();
    found.push(`${problem}: ${element ? `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ` : ""}${text.slice(0, 40)}`);
  };
  const root = document.documentElement;
  const shown = (element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) &&
    element.getClientRects().length > 0;

  // --- layout: nothing sideways, everything big enough for a thumb
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > root.clientWidth + 1 && shown(one) && !one.closest(".skip, .gallery__track, .chips--scroll, .tabs, .offer__row");
    });
    say(`scrolls sideways, ${root.scrollWidth} in ${root.clientWidth}`, wide.at(-1));
  }
  const inProse = (link) => getComputedStyle(link).display === "inline" &&
    [...link.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const target = (element) => {
    const label = element.closest("label") || (element.id && document.querySelector(`label[for="${element.id}"]`));
    const isHidden = element.matches("input[type=checkbox], input[type=radio]");
    return isHidden && label ? label : element;
  };
  const REACH = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=checkbox]";
  for (const element of document.body.querySelectorAll(REACH)) {
    const hit = target(element);
    if (!shown(hit) || element.closest(".skip, [hidden]") || (element.matches("a") && inProse(element))) continue;
    const [box, own] = [hit.getBoundingClientRect(), element.getBoundingClientRect()];
    const isSmall = ({ width, height }) => width < 43.5 || height < 43.5;
    if (isSmall(box) && isSmall(own)) say(`small target, ${Math.round(box.width)}×${Math.round(box.height)}`, hit);
  }
  for (const bar of document.querySelectorAll(".button, .chip, .tabbar a, .segments a")) {
    if (shown(bar) && (bar.scrollWidth > bar.clientWidth + 1 || bar.scrollHeight > bar.clientHeight + 1)) say("cut off", bar);
  }
  for (const words of document.querySelectorAll(".actionbar .price, .actionbar .button, .banner__words > *")) {
    const box = words.getBoundingClientRect();
    const above = document.elementFromPoint(box.right - 3, box.top + box.height / 2);
    if (shown(words) && above && above !== document.documentElement && !words.contains(above) && !above.contains(words) && !above.closest("dialog, [popover], .toasts")) say("covered", words);
  }
  if (layout) return found;

  // --- pictures, names, structure
  for (const image of document.images) {
    if (!image.hasAttribute("alt")) say(`no alt, ${image.src}`);
    if (!image.hasAttribute("width") || !image.hasAttribute("height")) say(`no dimensions, ${image.src}`);
    if (image.complete && !image.naturalWidth) say(`broken picture, ${image.src}`);
  }
  for (const drawing of document.querySelectorAll("svg")) {
    if (!drawing.closest("[aria-hidden=true]") && !drawing.closest("[role=img]")) say("a drawing without a name", drawing);
  }
  for (const element of document.body.querySelectorAll(REACH)) {
    if (!shown(element) || element.closest("[aria-hidden=true]")) continue;
    const label = element.labels?.length ? element.labels[0].textContent : "";
    const inside = element.matches("input, select, textarea") ? "" : element.textContent;
    const drawn = element.querySelector("img[alt]:not([alt='']), [role=img][aria-label]") ? "picture" : "";
    if (!(element.getAttribute("aria-label") || label || inside || drawn || "").trim()) say("nothing says what it is", element);
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  new Set(ids.filter((id, at) => ids.indexOf(id) !== at)).forEach((id) => say(`id ${id} twice`));
  if (document.querySelectorAll("h1").length !== 1) say(`${document.querySelectorAll("h1").length} main headings`);
  if (!document.title.trim() || !root.lang) say("no title or language");

  // --- words: readable, large enough, in one language
  const channel = (value) => ((value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== "none") return null;
      const [r, g, b, alpha = 1] = numbers(style.backgroundColor);
      if (alpha === 1) return [r, g, b];
      if (alpha > 0) return null;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (!text || !shown(parent) || parent.closest("script, style, noscript, .sr, option, svg")) continue;
    const style = getComputedStyle(parent);
    const size = parseFloat(style.fontSize);
    if (size < 11) say(`type of ${size} px`, parent);
    const back = ground(parent);
    if (back && !parent.closest("[disabled], [aria-disabled=true]")) {
      const [one, other] = [light(numbers(style.color)), light(back)].sort((a, b) => b - a);
      const ratio = (one + 0.05) / (other + 0.05);
      const isLarge = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 600);
      if (ratio < (isLarge ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, parent);
    }
    const foreign = text.replace(new RegExp(words, "g"), "").match(/[A-Za-z]{3,}/);
    if (words && foreign && !parent.closest("[lang=en]")) say(`not translated (${foreign[0]})`, parent);
  }
  return found;
}
