"use strict";
// What this page has loaded from the site, by whatever means: the browser keeps a record
// of it. The server hears of every address, and tells which answers have changed; the
// change is then shown with the least reload.
const proofroomLoads = (() => {
  // What the server itself answers is no part of the site.
  const OWN = /^\/__proofroom\/(?!base\/|difference\/)/;
  const FRESH = /([?&])proofroom=\d+(&|$)/;
  // The most that is remembered; a map of tiles may load thousands.
  const MOST = 4000;
  // How much is reported at once, in characters, and how long it is collected for, in
  // milliseconds.
  const LENGTH = 8000;
  const PAUSE = 150;
  // How many answers the server had sent before this page: what the page has loaded is
  // among the later ones.
  const AFTER = Number(document.currentScript?.dataset.proofroomSent ?? 0);
  // What only scripts load, so that only they know what to do with it.
  const BY_SCRIPTS = ["fetch", "xmlhttprequest", "beacon"];
  // What elements and style sheets load.
  const BY_PAGES = ["css", "link", "img", "image", "iframe", "frame", "object", "embed", "audio", "video", "track", "input", "icon"];
  // Attributes that name what an element loads.
  const ATTRIBUTES = ["src", "srcset", "poster", "data", "href", "xlink:href", "background", "imagesrcset"];
  const NAMING = ATTRIBUTES.map((name) => `[${name.replace(":", "\\:")}]`).join(", ");
  const LINKS = ["a", "area", "base", "form"];

  const pathOf = (address, base = document.baseURI) => {
    try {
      const url = new URL(address, base);
      return url.origin === location.origin ? decodeURIComponent(proofroomAddresses.pathOf(url)) : "";
    } catch { return ""; }
  };
  const fresh = (address, base) => {
    const url = new URL(address, base);
    url.searchParams.set("proofroom", String(Date.now()));
    return url.href;
  };
  // An address as the server sent it: without what makes it a new one here.
  const plain = (address) => address.replace(FRESH, (_, before, after) => (after ? before : ""));

  // Paths with when they were requested and by what; the paths to be reported.
  const loads = new Map();
  let unreported = [];
  // How often this module itself has fetched a path.
  const own = new Map();
  // What looks as if an element or a style sheet had loaded it although none names it:
  // scripts draw it.
  const drawn = new Set();
  let send = () => false;
  let waiting = 0;

  // A theme that exchanges pages by itself loads them for that.
  const exchangesPages = () => /"navigation\.instant/.test(document.querySelector("script#__config")?.textContent ?? "");

  function note({ name, initiatorType, startTime }, origin = performance.timeOrigin) {
    const path = pathOf(name);
    if (!path || OWN.test(path)) return;
    const byScript = BY_SCRIPTS.includes(initiatorType);
    if (byScript && own.get(path)) return void own.set(path, own.get(path) - 1);
    const isPage = /(\/|\.html?)$/.test(path);
    if (byScript && (path === pathOf(location.href) || (isPage && exchangesPages()))) return;
    const known = loads.get(path) ?? { by: new Set(), at: 0 };
    if (!loads.has(path) && loads.size >= MOST) return;
    known.by.add(initiatorType);
    known.at = origin + startTime;
    if (!loads.has(path)) later(path);
    loads.set(path, known);
  }

  function later(...paths) {
    unreported.push(...paths);
    if (!waiting) waiting = setTimeout(report, PAUSE);
  }

  function report() {
    waiting = 0;
    framesWithin(document).forEach(noteFrame);
    const isBy = (path, ...all) => all.some((by) => loads.get(path).by.has(by));
    const pictures = unreported.filter((path) => isBy(path, "img", "image"));
    if (pictures.length) {
      const shown = namedPaths();
      for (const path of pictures) if (!shown.has(path)) drawn.add(path);
    }
    const styled = unreported.filter((path) => isBy(path, "css"));
    if (styled.length) {
      const shown = styledPaths();
      for (const path of styled) if (!shown.has(path)) drawn.add(path);
    }
    const now = performance.timeOrigin + performance.now();
    while (unreported.length) {
      const loaded = [];
      for (let size = 0; unreported.length && size < LENGTH; size += 2 * loaded.at(-1).path.length + 40) {
        const path = unreported.pop();
        loaded.push({ path, age: Math.max(0, Math.round(now - loads.get(path).at)) });
      }
      if (!send({ loaded, after: AFTER })) return;
    }
    document.documentElement.dataset.proofroomLoads = loads.size;
  }

  // The trees of a document that may load something: it, its open shadow trees and its
  // frames that have no live client of their own.
  function trees(root, found = []) {
    found.push(root);
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot && one.dataset.proofroom === undefined) trees(one.shadowRoot, found);
      const inner = frameOf(one);
      if (inner && !isLive(inner)) trees(inner, found);
    }
    return found;
  }
  function frameOf(one) {
    try { return one.contentDocument ?? one.getSVGDocument?.() ?? null; } catch { return null; }
  }
  const isLive = (page) => Boolean(page.querySelector("script[data-proofroom-address]"));
  const framesWithin = (page) => trees(page).filter((tree) => tree !== page && tree.nodeType === Node.DOCUMENT_NODE);

  // The addresses of a set of sources, with what is before and after each. Commas may be
  // part of an address.
  const SOURCES = /([\s,]*)(\S*[^\s,])([^,]*)/g;
  const candidates = (name, value) => (name.endsWith("srcset") ? [...value.matchAll(SOURCES)].map(([, , url]) => url) : [value]);

  // Elements that name what they load, each with an attribute and its value.
  function namings(parts) {
    const found = [];
    for (const one of parts.flatMap((tree) => [...tree.querySelectorAll(NAMING)])) {
      if (LINKS.includes(one.localName) || one.closest("[data-proofroom]")) continue;
      for (const name of ATTRIBUTES) {
        // A style sheet may have come with a page that another one has taken the place of.
        const value = (name === "href" && one.sheet?.href) || one.getAttribute(name);
        if (value) found.push([one, name, value]);
      }
    }
    return found;
  }
  const namedPaths = () => new Set(namings(trees(document)).flatMap(([one, name, value]) => candidates(name, value).map((it) => pathOf(it, one.baseURI))));

  // What a frame without an address of its own has loaded.
  function noteFrame(page) {
    const { performance: record } = page.defaultView ?? {};
    for (const entry of record?.getEntriesByType("resource") ?? []) note(entry, record.timeOrigin);
  }

  // Whether a style sheet is one of these, or loads one of them at any depth.
  function uses(sheet, is) {
    if (sheet.href && is(sheet.href)) return true;
    const base = sheet.href ?? sheet.ownerNode?.baseURI ?? document.baseURI;
    let rules = [];
    try { rules = [...sheet.cssRules]; } catch { /* of another site */ }
    return rules.some((rule) => {
      if (rule.href && is(rule.href, base)) return true;
      if (rule.styleSheet && uses(rule.styleSheet, is)) return true;
      return urls(rule.cssText).some((url) => is(url, base));
    });
  }
  // Addresses in a style: `url(..)`, and strings in `image-set(..)`.
  const URL_OF = /(url\(\s*)(?:"([^"]*)"|'([^']*)'|([^)"']*?))(?=\s*\))/g;
  const SET_OF = /image-set\((?:[^()"']|"[^"]*"|'[^']*'|\([^)]*\))*\)/g;
  const STRING = /(type\(\s*)?(["'])([^"']*)\2/g;
  function urls(css) {
    if (!/url\(|image-set\(/.test(css)) return [];
    const found = [...css.matchAll(URL_OF)].map(([, , one, two, three]) => one ?? two ?? three);
    const strings = [...css.matchAll(SET_OF)].flatMap(([set]) => [...set.matchAll(STRING)]);
    return [...found, ...strings.filter(([, type]) => !type).map(([, , , url]) => url)];
  }
  const styleSheets = (parts) => parts.flatMap((tree) => [...(tree.styleSheets ?? []), ...(tree.adoptedStyleSheets ?? [])]).filter((sheet) => sheet.ownerNode?.dataset?.proofroom === undefined);
  const STYLED = "[style*='url('], [style*='image-set(']";

  // What style sheets and styles name.
  function styledPaths() {
    const found = new Set();
    const note = (url, base) => void found.add(pathOf(url, base));
    const parts = trees(document);
    for (const sheet of styleSheets(parts)) uses(sheet, note);
    for (const one of parts.flatMap((tree) => [...tree.querySelectorAll(STYLED)])) for (const url of urls(one.getAttribute("style"))) note(url, one.baseURI);
    return found;
  }

  // Fetches something for this module itself, which is no load of the page.
  async function read(address, cache) {
    const path = pathOf(address);
    own.set(path, (own.get(path) ?? 0) + 1);
    const answer = await fetch(new URL(address, document.baseURI), { cache });
    return answer.text();
  }

  // A style with new addresses; the server does the same in style sheets, so that the
  // browser loads again what they load.
  function renewed(css, is, base) {
    const renew = (url) => (pathOf(url, base) && is(url, base) ? fresh(url, base) : url);
    return css
      .replace(/(@import\s+)(["'])(.*?)\2/g, (all, before, quote, url) => before + quote + renew(url) + quote)
      .replace(URL_OF, (all, before, one, two, three) => `${before}"${renew(one ?? two ?? three)}"`)
      .replace(SET_OF, (set) => set.replace(STRING, (all, type, quote, url) => (type || FRESH.test(url) ? all : quote + renew(url) + quote)));
  }

  // Has a style sheet loaded again. The old one stays until the new one has loaded, so
  // that the page is never unstyled; then its element is the old one again, which scripts
  // may have kept.
  function restyle(owner) {
    const { baseURI: base, nodeType, nodeName } = owner;
    if (nodeType === Node.PROCESSING_INSTRUCTION_NODE) {
      owner.data = owner.data.replace(/(href=)(["'])(.*?)\2/, (all, name, quote, url) => name + quote + fresh(url, base) + quote);
      return;
    }
    const css = owner.textContent;
    if (nodeName === "LINK" && owner.disabled) owner.href = fresh(owner.href);
    else if (nodeName !== "LINK" && !/@import/.test(css)) owner.textContent = renewed(css, () => true, base);
    else {
      const next = owner.cloneNode(true);
      next.removeAttribute("id");
      // No part of the page.
      next.dataset.proofroom = "";
      if (nodeName === "LINK") next.href = fresh(owner.sheet?.href ?? owner.href);
      else next.textContent = renewed(css, () => true, base);
      const done = () => next.remove();
      next.onload = next.onerror = () => {
        owner.addEventListener("load", done, { once: true });
        owner.addEventListener("error", done, { once: true });
        if (nodeName === "LINK") owner.href = next.href;
        else owner.textContent = next.textContent;
      };
      owner.before(next);
    }
  }

  // The same of a style sheet that a script has made.
  function remake(sheet) {
    const css = [...sheet.cssRules].map((rule) => rule.cssText).join("\n");
    try { sheet.replaceSync(renewed(css, () => true, document.baseURI)); } catch { /* no longer one that can be changed */ }
  }

  function playOn(media) {
    const { currentTime, paused } = media;
    media.addEventListener("loadedmetadata", () => {
      media.currentTime = currentTime;
      if (!paused) media.play().catch(() => {});
    }, { once: true });
    media.load();
  }

  // Has what an element names in an attribute loaded again. False if only a script can.
  function renew(one, name, is) {
    const value = one.getAttribute(name);
    const base = one.baseURI;
    const kind = one.localName;
    if (kind === "script") return false;
    if (kind === "link") {
      const { relList } = one;
      if (relList.contains("stylesheet")) restyle(one);
      else if (relList.contains("icon")) one.href = fresh(one.href);
      // What is loaded in advance is used elsewhere: by a script, if it is to be fetched.
      else if (relList.contains("preload") && one.as === "fetch") return false;
      else if (["preload", "prefetch", "modulepreload"].some((rel) => relList.contains(rel))) return null;
      return true;
    }
    if (["iframe", "frame"].includes(kind)) {
      const inner = frameOf(one);
      if (inner && isLive(inner)) return true;
      try { one.contentWindow.location.reload(); } catch { one.src = one.getAttribute("src"); }
      return true;
    }
    if (["object", "embed"].includes(kind)) {
      const inner = frameOf(one);
      if (inner && isLive(inner)) return true;
      const next = one.cloneNode(true);
      next.setAttribute(name, fresh(value, base));
      one.replaceWith(next);
      return true;
    }
    if (kind === "track") {
      // Not every browser forgets the old texts of a track.
      const next = one.cloneNode(true);
      const { mode } = one.track;
      next.setAttribute(name, fresh(value, base));
      one.replaceWith(next);
      next.track.mode = mode;
      return true;
    }
    if (name.endsWith("srcset")) {
      // All of them, or the browser would prefer one that it has already.
      one.setAttribute(name, value.replace(SOURCES, (all, before, url, after) => before + (pathOf(url, base) ? fresh(url, base) : url) + after));
    } else one.setAttribute(name, fresh(value, base));
    const media = kind === "source" ? one.closest("audio, video") : name === "src" && ["audio", "video"].includes(kind) ? one : null;
    if (media) playOn(media);
    return true;
  }

  // Shows what has changed, and returns what of it only a script can show.
  function exchange(changed) {
    const wanted = new Set(changed);
    const found = new Set();
    const is = (url, base) => wanted.has(pathOf(url, base));
    const parts = trees(document);
    const named = namings(parts).filter(([one, name, value]) => candidates(name, value).some((it) => is(it, one.baseURI)));
    // Those that elements name are among them.
    const others = styleSheets(parts).filter((sheet) => !(sheet.href && sheet.ownerNode?.nodeName === "LINK" && is(sheet.href)));
    const sheets = others.filter((sheet) => uses(sheet, (url, base) => is(url, base) && found.add(pathOf(url, base))));
    const styled = parts.flatMap((tree) => [...tree.querySelectorAll(STYLED)]).filter((one) => urls(one.getAttribute("style")).some((url) => is(url, one.baseURI)));
    const left = new Set(changed.filter((path) => BY_SCRIPTS.some((by) => loads.get(path)?.by.has(by))));
    for (const [one, name, value] of named) {
      const shown = renew(one, name, is);
      for (const path of candidates(name, value).map((it) => pathOf(it, one.baseURI)).filter((it) => wanted.has(it))) {
        if (shown === false) left.add(path);
        else if (shown) found.add(path);
      }
    }
    for (const sheet of sheets) {
      if (sheet.ownerNode) restyle(sheet.ownerNode);
      else remake(sheet);
    }
    for (const one of styled) {
      one.setAttribute("style", renewed(one.getAttribute("style"), (url, base) => is(url, base) && found.add(pathOf(url, base)), one.baseURI));
    }
    for (const path of changed) {
      const by = [...(loads.get(path)?.by ?? [])];
      // What an element or a style sheet showed once and shows no longer is not missed.
      if (!found.has(path) && (drawn.has(path) || by.some((it) => !BY_PAGES.includes(it)))) left.add(path);
    }
    return [...left];
  }

  const record = (list) => {
    for (const entry of list) note(entry);
  };
  record(performance.getEntriesByType("resource"));
  try { new PerformanceObserver((list) => record(list.getEntries())).observe({ type: "resource" }); } catch { /* too old */ }

  return {
    exchange,
    addresses: () => [...loads.keys()].map(encodeURI),
    plain,
    // The text of a script of the site, as the page has it.
    script: (address) => read(address, "force-cache"),
    isOwn: (address) => Boolean(pathOf(address)),
    // Reports everything over a new connection; `told` sends and says whether it could.
    begin(told) {
      send = told;
      unreported = [];
      later(...loads.keys());
    },
  };
})();
