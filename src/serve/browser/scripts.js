"use strict";
// Runs the scripts of a page again for its changed parts.
const proofroomScripts = (() => {
  // What the scripts of themes work on; they need not run for other changes.
  const worked = "pre, table, [data-tabs], .tabbed-set, details, .annotate, .mermaid, .arithmatex, .md-nav__link, [title], .footnote-ref";

  // Whether scripts that process a whole page have something to do.
  const concerned = ({ changed, added, undone }) =>
    undone || added.some((node) => node.matches(worked) || node.querySelector(worked)) || changed.some((node) => node.closest?.(".arithmatex"));

  // Material for MkDocs sets up a page whenever its document is announced, and
  // assumes that it is new. So what it made of the parts that stayed is undone
  // before, and what it would lose is saved.
  function announce(next) {
    const all = (css) => [...document.querySelectorAll(css)];
    for (const node of all(".md-code__nav, .tabbed-control")) node.remove();
    for (const pre of all("pre[id^=__code_]")) pre.removeAttribute("id");
    for (const link of all(".tabbed-labels--linked > label > a[tabindex='-1']:only-child")) link.replaceWith(...link.childNodes);
    // Annotations that were moved out of their list into the text beside it.
    const hosts = new Set(all(".md-annotation").map((note) => note.closest(".highlight, .annotate")).filter(Boolean));
    for (const node of [...hosts, ...all("article ol[hidden]")]) {
      const same = [...next.querySelectorAll(node.localName)].find((one) => proofroomMorph.placeOf(one) === node.getAttribute("data-src"));
      if (same && node.hasAttribute("data-src")) node.replaceWith(proofroomMorph.fresh(same));
    }
    const wrapped = all(".md-typeset__table > table:not([class])");
    for (const table of wrapped) table.className = "";
    const scrolled = all(".md-sidebar__scrollwrap").map((box) => [box, box.scrollTop]);
    window.document$.next(document);
    for (const table of wrapped) table.removeAttribute("class");
    const restore = () => scrolled.forEach(([box, top]) => { box.scrollTop = top; });
    requestAnimationFrame(() => requestAnimationFrame(restore));
  }

  function formulas(done) {
    const parts = [...done.changed, ...done.added].filter((node) => node.isConnected && (node.closest?.(".arithmatex") || node.querySelector?.(".arithmatex")));
    if (parts.length) window.MathJax?.typesetPromise?.(parts);
  }

  // `next` is the page as the server sent it.
  return function again(done, next) {
    const whole = concerned(done);
    if (whole && typeof window.document$?.next === "function") announce(next);
    else if (whole) {
      const graphs = [...document.querySelectorAll("pre.mermaid:not([data-processed])")];
      if (graphs.length) window.mermaid?.run?.({ nodes: graphs });
    }
    formulas(done);
    return whole;
  };
})();
