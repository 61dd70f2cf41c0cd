// What a screen reader hears of Unfold's pages: signs are silent, every area that scrolls has a name of its own.
(() => {
  "use strict";
  const isChinese = document.documentElement.lang.startsWith("zh");
  const words = isChinese ? { menu: "菜单", area: "可滚动区域" } : { menu: "Menu", area: "Scrolling area" };
  const tidy = () => {
    document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])").forEach((sign) => {
      const host = sign.closest("a, button");
      if (host && host.textContent.trim() === sign.textContent.trim() && !host.getAttribute("aria-label")) {
        host.setAttribute("aria-label", host.title || host.dataset.label || sign.textContent.trim().replaceAll("_", " "));
      }
      sign.setAttribute("aria-hidden", "true");
    });
    document.querySelectorAll(".simplebar-content-wrapper[role=region]").forEach((area, at) => {
      const isMenu = area.closest("#nav-sidebar-apps");
      if (isMenu) area.setAttribute("role", "presentation");
      else area.setAttribute("aria-label", `${words.area} ${at}`);
    });
    document.querySelectorAll("select.select2-hidden-accessible").forEach((select) => {
      const words = select.labels?.[0]?.textContent.trim().replace("*", "") || select.name;
      select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field").forEach((part) => {
        if (part.getAttribute("aria-label") === words) return;
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", words);
      });
    });
    document.querySelectorAll("nav:not([aria-label])").forEach((nav, at) => {
      nav.setAttribute("aria-label", nav.closest("#nav-sidebar, #nav-sidebar-inner") ? words.menu : `${words.menu} ${at + 1}`);
    });
  };
  document.addEventListener("DOMContentLoaded", () => {
    tidy();
    new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true });
  });
})();
