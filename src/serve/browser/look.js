"use strict";
// What the server's own controls on pages have in common.
const proofroomLook = (() => {
  const root = document.documentElement;

  function make(tag, name, ...inner) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inner);
    return element;
  }

  // Styles a document or a shadow tree. A policy of the page may forbid style elements.
  function style(tree, css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, sheet];
  }

  // What browsers remember; they may refuse to, as in a frame of another site.
  const store = (isOfTab) => (isOfTab ? sessionStorage : localStorage);
  function read(name, isOfTab = false) {
    try { return store(isOfTab).getItem(name); } catch { return null; }
  }
  function write(name, value, isOfTab = false) {
    try { store(isOfTab).setItem(name, value); } catch { /* remembered for this page only */ }
  }
  function forget(name, isOfTab = false) {
    try { store(isOfTab).removeItem(name); } catch { /* there was nothing to forget */ }
  }

  // Judged by the page, since readers may have switched its colour scheme.
  function isDark() {
    for (const element of [document.body, root]) {
      const [red, green, blue, opacity = 1] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
      if (opacity > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // Elements of ours that are as dark as the page.
  const shaded = new Map();
  const SHADES = ["class", "style", "data-md-color-scheme", "data-bs-theme", "data-theme"];
  function shade() {
    const dark = isDark();
    for (const [one, tell] of shaded) tell(one, dark);
  }
  // Keeps an element as dark as the page: by its class, or as `tell` does it.
  function follow(element, tell = (one, dark) => one.classList.toggle("dark", dark)) {
    if (!shaded.size) {
      const shades = new MutationObserver(shade);
      for (const one of [root, document.body]) shades.observe(one, { attributes: true, attributeFilter: SHADES });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", shade);
      // Colours of themes change slowly, and style sheets come late.
      document.addEventListener("transitionend", shade);
      addEventListener("load", shade);
    }
    shaded.set(element, tell);
    tell(element, isDark());
  }
  const unfollow = (element) => shaded.delete(element);

  // Whether a key press is part of what the reader writes.
  function isWriting(event) {
    const into = event.composedPath()[0];
    const isField = into?.nodeName === "INPUT" && !["checkbox", "radio", "button"].includes(into.type);
    return Boolean(into?.isContentEditable || isField || ["TEXTAREA", "SELECT"].includes(into?.nodeName));
  }

  // The elements of a page that contain its article, the best first.
  const ARTICLES = ["article.md-content__inner", "[role=main]", "article", "main", "body"];
  const article = (page = document) => ARTICLES.map((css) => page.querySelector(css)).find((found) => found);

  return { make, style, read, write, forget, follow, unfollow, isWriting, article };
})();
