"use strict";
// What scripts of the page have drawn: where the page differs from what the server sent.
// A patch can neither change that nor draw more of its kind, so the page is loaded anew
// unless a script draws again by itself.
const proofroomDrawings = (() => {
  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const isBlank = (node) => !isElement(node) && !node.nodeValue?.trim();
  // Scripts add to these what belongs to no part of them in particular.
  const CONTAINERS = "html, head, body, main, article, section, [role=main], [data-md-component], .md-content, .md-typeset";
  // Outside of the article, themes change their own parts.
  const THEMES = "head, nav, [data-md-component], [data-proofroom]";
  // Attributes that readers and the live client change.
  const OTHERS = /^(data-src|data-proofroom.*|open|style)$/;
  const NOT_READ = ["SCRIPT", "NOSCRIPT", "TEMPLATE", "STYLE"];
  // How long a script may take to draw again, in milliseconds.
  const PATIENCE = 1000;

  // Elements of a kind: those that a script finds by the same selector.
  function kindOf(element) {
    const names = element.getAttributeNames().filter((name) => name.startsWith("data-") && !OTHERS.test(name));
    if (["DIV", "SPAN", "CANVAS", "SECTION"].includes(element.nodeName) && element.id) names.push("id");
    if (element.nodeName === "A" && element.host && element.host !== location.host) names.push("elsewhere");
    return [element.nodeName, ...[...element.classList].sort(), ...names.sort()].join(" ");
  }

  // The attributes in which an element is not what the server sent.
  function changedNames(live, base) {
    const names = new Set([...live.getAttributeNames(), ...base.getAttributeNames()].filter((name) => !OTHERS.test(name)));
    return [...names].filter((name) => {
      const [is, was] = [live.getAttribute(name), base.getAttribute(name)];
      return is !== was && !(is !== null && was !== null && proofroomLoads.plain(is) === was) && (is || was);
    });
  }

  // What begins a part of a text that a script has replaced, such as a formula.
  function opening(text, live) {
    const left = live.find((node) => !isElement(node))?.nodeValue ?? "";
    const start = text.startsWith(left) ? left.length : 0;
    return /^\s*([^\p{L}\p{N}\s]{1,2})/u.exec(text.slice(start))?.[1];
  }

  const isOurs = (one) => one.dataset?.proofroom !== undefined;

  // What a script has done to an element that the server sent as `old`: the attributes
  // that it set, what it replaced and what it added. `inner` gets the children that both
  // have, and those of `old` that are gone.
  function marksOf(live, old, inner = () => {}) {
    const marks = new Set(old.matches(CONTAINERS) ? [] : changedNames(live, old).map((name) => `@${name}`));
    if (live.shadowRoot && !live.localName.includes("-")) marks.add("shadow");
    const taken = new Set();
    for (const [was, { node, all }] of proofroomMorph.homes(live, old)) {
      for (const one of all) taken.add(one);
      if (NOT_READ.includes(was.nodeName) || was.nodeType === Node.COMMENT_NODE) continue;
      if (isElement(was)) inner(was, node);
      else if (!isBlank(was) && node?.nodeValue.trim() !== was.nodeValue.trim()) {
        marks.add("text");
        inner(was, node, all.length ? all : [...live.childNodes]);
        for (const one of all) taken.delete(one);
      }
    }
    if (!old.matches(CONTAINERS)) for (const one of live.children) if (!taken.has(one) && !isOurs(one)) marks.add(`+${one.nodeName}.${one.classList[0] ?? ""}`);
    return marks;
  }

  // Compares an article with what the server sent for it.
  function survey(base) {
    const kinds = new Map();
    const drawn = new Map();
    const openings = new Set();
    const count = (element, marks) => {
      const known = kinds.get(kindOf(element)) ?? { all: 0, marked: 0, marks: new Map() };
      known.all += 1;
      known.marked += marks.size ? 1 : 0;
      for (const mark of marks) known.marks.set(mark, (known.marks.get(mark) ?? 0) + 1);
      kinds.set(kindOf(element), known);
    };
    function walk(live, old) {
      const marks = marksOf(live, old, (was, node, there) => {
        if (there) {
          const mark = node ? null : opening(was.nodeValue, there);
          if (mark) openings.add(mark);
        } else if (node) walk(node, was);
        else {
          drawn.set(was, null);
          count(was, new Set(["gone"]));
        }
      });
      if ([...marks].some((mark) => !mark.startsWith("@"))) drawn.set(old, live);
      if (!old.matches(CONTAINERS)) count(old, marks);
    }
    const [live, old] = [proofroomLook.article(), proofroomLook.article(base)];
    if (live && old) walk(live, old);
    // What most elements of a kind have, a new one needs too.
    const needs = new Map();
    for (const [kind, { all, marked, marks }] of kinds) {
      if (2 * marked > all) needs.set(kind, [...marks].filter(([, number]) => 2 * number > marked).map(([mark]) => mark));
    }
    const isDrawn = (element, now) => !element.matches(CONTAINERS) && (drawn.has(element) || Boolean(now && changedNames(now, element).length));
    return { drawn: [...drawn.keys()], openings, needs, isDrawn };
  }

  const within = (node) => [node, ...node.querySelectorAll("*")].filter((one) => !NOT_READ.includes(one.nodeName));

  // The elements of a patch that a script has to draw, each with what it then has; with
  // nothing if that is not known.
  function wanted(done, { needs, openings }) {
    const has = (text) => [...openings].some((mark) => text.includes(mark));
    const found = new Map();
    for (const one of done.touched.filter(Boolean)) {
      const need = needs.get(kindOf(one)) ?? [];
      // What is still there was drawn from what was there before.
      found.set(one, isDone(one, need) ? [] : need);
    }
    for (const node of done.added) {
      for (const one of within(node)) {
        const need = needs.get(kindOf(one));
        if (need && !isDone(one)) found.set(one, need);
        else if ([...one.childNodes].some((inner) => !isElement(inner) && has(inner.nodeValue ?? ""))) found.set(one, ["text"]);
      }
    }
    for (const [parent, was, is] of done.texts) if (has(is) && !has(was)) found.set(parent, ["text"]);
    const article = proofroomLook.article();
    const isOfTheme = (one) => one === article || [document.body, document.documentElement].includes(one) || (!article?.contains(one) && one.closest(THEMES));
    return new Map([...found].filter(([one]) => one.isConnected && !isOfTheme(one)));
  }

  // Whether something was drawn in a new element as soon as it was there, as components
  // do by themselves; or all of what it needs.
  function isDone(element, need = []) {
    const source = proofroomMorph.sourceOf(element);
    if (!source) return false;
    const marks = marksOf(element, source);
    return need.length ? need.every((mark) => marks.has(mark)) : marks.size > 0 || Boolean(element.shadowRoot);
  }

  // Watches whether scripts draw in these elements, or replace them.
  function watch(wanted) {
    const left = new Map(wanted);
    const hear = (records) => {
      for (const { target } of records) for (const [one, need] of left) if (!need.length && one.contains(target)) left.delete(one);
    };
    const observer = new MutationObserver(hear);
    observer.observe(document.documentElement, { attributes: true, childList: true, characterData: true, subtree: true });
    const isOver = () => {
      hear(observer.takeRecords());
      for (const [one, need] of left) if (!one.isConnected || (need.length && isDone(one, need))) left.delete(one);
      return !left.size;
    };
    return {
      // Does what counts for nothing.
      unseen(work) {
        hear(observer.takeRecords());
        work();
        observer.takeRecords();
      },
      // Those that nothing was drawn in: at once, or as long as scripts may take.
      async end(mayBeLate) {
        const limit = performance.now() + PATIENCE;
        while (!isOver() && mayBeLate && performance.now() < limit) await new Promise((next) => setTimeout(next, 30));
        observer.disconnect();
        return [...left.keys()];
      },
    };
  }

  // The texts of the page's scripts that are not its theme's.
  const texts = new Map();
  async function scripts(tree) {
    const own = [];
    for (const script of tree.querySelectorAll("script")) {
      const address = script.getAttribute("src");
      if (!address) own.push(script.textContent);
      else if (proofroomLoads.isOwn(address) && !/\/assets\/(javascripts|theme|nav)\//.test(new URL(address, document.baseURI).pathname)) {
        if (!texts.has(address)) texts.set(address, proofroomLoads.script(address).catch(() => ""));
        own.push(await texts.get(address));
      }
    }
    // Scripts that subscribe to the theme's announcement of a page hear of it.
    return own.filter((text) => !text.includes("document$"));
  }

  const TAGS = ["TABLE", "PRE", "CANVAS", "DETAILS", "IMG", "VIDEO", "AUDIO", "SVG", "FORM", "SELECT"];
  // The length of the longest text, in characters, that is no library.
  const LIBRARY = 100000;
  const quoted = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  // Elements that a patch has added, that the page had nothing of before, and that a
  // script looks for by their names. `base` is the page before.
  function lookedFor(done, base, scripts) {
    const article = proofroomLook.article();
    const added = done.added.filter((node) => node.isConnected && article?.contains(node)).flatMap(within).filter((one) => !one.parentElement.closest(".arithmatex"));
    if (!added.length || !scripts.length) return [];
    const had = new Set(within(base.documentElement).flatMap((one) => [one.localName, ...[...one.classList].map((name) => `.${name}`)]));
    const known = new Map();
    const isNamed = (name, pattern, inLibraries) => {
      if (!known.has(pattern)) known.set(pattern, scripts.some((text) => (inLibraries || text.length < LIBRARY) && text.includes(name) && new RegExp(pattern).test(text)));
      return known.get(pattern);
    };
    return added.filter((one) => {
      if (isDone(one)) return false;
      const names = [...one.classList].filter((name) => !had.has(`.${name}`));
      if (names.some((name) => isNamed(name, `["'\`]\\.?${quoted(name)}["'\`]`, true) || isNamed(name, `[.'"\`\\s]${quoted(name)}(?![\\w-])`))) return true;
      if (one.id && isNamed(one.id, `[#'"\`]${quoted(one.id)}(?![\\w-])`)) return true;
      const isCustom = one.localName.includes("-") ? !customElements.get(one.localName) : one instanceof HTMLUnknownElement;
      if (had.has(one.localName) || !(isCustom || TAGS.includes(one.nodeName))) return false;
      return isNamed(one.localName, `["'\`\\s>,]${quoted(one.localName)}(?=["'\`\\s:.>,[])`, isCustom);
    });
  }

  // Whether a script that has drawn something is not the same any more.
  function isRedrawn(base, next, { drawn }) {
    const inline = (tree) => [...tree.querySelectorAll("script:not([src])")].map((one) => one.textContent);
    const now = new Set(inline(next));
    const gone = inline(base).filter((text) => !now.has(text));
    const names = drawn.flatMap((one) => [one.id, ...one.classList]).filter(Boolean);
    return gone.some((text) => names.some((name) => new RegExp(`[.#'"\`]${quoted(name)}(?![\\w-])`).test(text)));
  }

  // What an element is called in a message.
  const describe = (element) => `<${element.localName}${element.id ? ` id="${element.id}"` : ""}${element.classList.length ? ` class="${element.className}"` : ""}>`;

  return { survey, wanted, watch, scripts, lookedFor, isRedrawn, describe };
})();
