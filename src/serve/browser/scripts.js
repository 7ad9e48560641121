"use strict";
// Runs the scripts of a page again for its changed parts.
const proofroomScripts = (() => {
  // What the scripts of themes work on; they need not run for other changes.
  const worked = "pre, table, [data-tabs], .tabbed-set, details, .annotate, .mermaid, .md-nav__link, [title], .footnote-ref";
  const FORMULA = ".arithmatex";
  const TYPESET = "mjx-container, .katex, .MathJax, math";
  // How long subscribers may take to typeset, in milliseconds.
  const GUARDED = 300;

  // Whether scripts that process a whole page have something to do.
  const concerned = ({ changed, added, undone }, wanted) =>
    wanted.some((node) => !node.closest(FORMULA)) ||
    (undone && !changed.every((node) => node.closest?.(FORMULA))) ||
    added.some((node) => node.matches(worked) || node.querySelector(worked));

  // Material for MkDocs sets up a page whenever its document is announced, and
  // assumes that it is new. So what it made of the parts that stayed is undone
  // before, and what it would lose is saved.
  function announce(next, drawing) {
    const all = (css) => [...document.querySelectorAll(css)];
    const wrapped = all(".md-typeset__table > table:not([class])");
    drawing.unseen(() => {
      for (const node of all(".md-code__nav, .tabbed-control")) node.remove();
      for (const pre of all("pre[id^=__code_]")) pre.removeAttribute("id");
      for (const link of all(".tabbed-labels--linked > label > a[tabindex='-1']:only-child")) link.replaceWith(...link.childNodes);
      // Annotations that were moved out of their list into the text beside it.
      const hosts = new Set(all(".md-annotation").map((note) => note.closest(".highlight, .annotate")).filter(Boolean));
      for (const node of [...hosts, ...all("article ol[hidden]")]) {
        const same = [...next.querySelectorAll(node.localName)].find((one) => proofroomMorph.placeOf(one) === node.getAttribute("data-src"));
        if (same && node.hasAttribute("data-src")) node.replaceWith(proofroomMorph.fresh(same));
      }
      for (const table of wrapped) table.className = "";
    });
    const scrolled = all(".md-sidebar__scrollwrap").map((box) => [box, box.scrollTop]);
    guard();
    window.document$.next(document);
    drawing.unseen(() => wrapped.forEach((table) => table.removeAttribute("class")));
    const restore = () => scrolled.forEach(([box, top]) => { box.scrollTop = top; });
    requestAnimationFrame(() => requestAnimationFrame(restore));
  }

  // Formulas in an element that are still as they are written.
  const untypeset = (part = document) => {
    const inner = [...part.querySelectorAll(FORMULA)];
    const all = part.matches?.(FORMULA) ? [part, ...inner] : inner;
    return all.filter((one) => !one.querySelector(TYPESET) && one.textContent.trim());
  };

  // How a page typesets its formulas with KaTeX, once that is known.
  let katex;
  let release = () => {};

  // Subscribers of the announcement typeset a whole page, as the documentation of
  // Material has it. Until they have done so, only formulas that need it are typeset.
  function guard() {
    release();
    if (!document.querySelector(FORMULA)) return;
    const replaced = [];
    const replace = (owner, name, by) => {
      const real = owner?.[name];
      if (typeof real !== "function") return;
      owner[name] = by(real.bind(owner));
      replaced.push(() => { owner[name] = real; });
    };
    const some = (real) => (parts) => {
      const left = parts ? [...parts] : untypeset();
      return left.length ? real(left) : Promise.resolve();
    };
    const { MathJax } = window;
    for (const name of ["typesetPromise", "typeset"]) replace(MathJax, name, some);
    for (const name of ["typesetClear", "texReset"]) replace(MathJax, name, () => () => {});
    replace(MathJax?.startup?.output, "clearCache", () => () => {});
    replace(window, "renderMathInElement", (real) => (part, options) => {
      katex = options ?? {};
      for (const one of untypeset(part)) real(one, options);
    });
    const timer = setTimeout(() => release(), GUARDED);
    release = () => {
      clearTimeout(timer);
      replaced.forEach((undo) => undo());
      release = () => {};
    };
  }

  // Numbers of equations depend on those before them.
  function areNumbersOther(base, next) {
    const tags = window.MathJax?.config?.tex?.tags;
    if (!tags || tags === "none") return false;
    const numbered = (tree) => JSON.stringify([...tree.querySelectorAll(FORMULA)].map((one) => one.textContent).filter((text) => tags === "all" || /\\(begin|label|tag|ref|eqref)\b/.test(text)));
    return numbered(base) !== numbered(next);
  }

  // Typesets the formulas that changed. False if only subscribers know how.
  function formulas(base, next) {
    const { MathJax, renderMathInElement } = window;
    const written = [...next.querySelectorAll(FORMULA)];
    const shown = [...document.querySelectorAll(FORMULA)];
    const renumbers = written.length === shown.length && areNumbersOther(base, next);
    const left = untypeset();
    if (!left.length && !renumbers) return true;
    if (typeof MathJax?.typesetPromise === "function") {
      if (renumbers) {
        shown.forEach((one, nth) => { one.textContent = written[nth].textContent; });
        MathJax.typesetClear?.();
        MathJax.texReset?.();
        MathJax.typesetPromise(shown);
      } else {
        MathJax.typesetClear?.(left);
        MathJax.typesetPromise(left);
      }
      return true;
    }
    if (!katex || typeof renderMathInElement !== "function") return false;
    for (const one of left) renderMathInElement(one, katex);
    return true;
  }

  // What a script writes is put into a page that is being read. Later it would replace
  // the page, so it is refused until `end`, which says whether anything was.
  function refuseWriting() {
    let refused = false;
    const own = new Map(["open", "write", "writeln"].map((name) => [name, Object.getOwnPropertyDescriptor(document, name)]));
    for (const name of own.keys()) document[name] = () => { refused = true; };
    return {
      end() {
        for (const [name, before] of own) {
          delete document[name];
          if (before) Object.defineProperty(document, name, before);
        }
        return refused;
      },
    };
  }

  return {
    refuseWriting,
    // `base` and `next` are the page as the server sent it; `wanted` are elements in which scripts
    // have to draw, which `drawing` watches.
    again(done, base, next, wanted, drawing) {
      const isTypeset = formulas(base, next);
      const whole = concerned(done, wanted) || !isTypeset;
      if (whole && typeof window.document$?.next === "function") announce(next, drawing);
      return whole;
    },
    // Whether a script that hears of a change may draw in these elements a little later.
    mayBeLate: (wanted) => Boolean(window.document$?.observed) || wanted.some((one) => one.closest(FORMULA)),
  };
})();
