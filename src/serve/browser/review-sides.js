"use strict";
// The base and the page as it is now side by side: two frames with the marked page,
// each of which leaves blank what only the other has. So both have the same blocks,
// and only have to be brought to the same height.
const proofroomSides = (() => {
  const { make } = proofroomLook;
  const root = document.documentElement;
  const WIDE = matchMedia("(min-width: 60rem)");
  const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, dt, dd, table, figure, img, details, blockquote, hr, .admonition, .tabbed-set, .highlight, .arithmatex";
  const style = `
    :host { all: initial; position: fixed; inset: 0; box-sizing: border-box; padding-block-end: var(--proofroom-bar-size, 3rem); z-index: 2147483645; display: grid; grid-template-columns: 1fr 1fr; gap: 4px; background: #777; direction: ltr }
    :host([hidden]), :host(.empty) { display: none } @media print { :host { display: none } }
    div { position: relative; min-inline-size: 0; background: Canvas } iframe { border: 0; inline-size: 100%; block-size: 100%; display: block }
    b { position: absolute; inset: 0 auto auto 0; font: 600 12px/1 system-ui, sans-serif; padding: 4px 10px; color: #fff; background: #26211c; border-end-end-radius: 6px; pointer-events: none }`;

  const host = make("proofroom-sides", "empty");
  host.dataset.proofroom = "";
  const shadow = host.attachShadow({ mode: "open" });
  proofroomLook.style(shadow, style);
  let frames = [];
  let state = null;
  let hear = {};

  const pages = () => frames.map((frame) => frame.contentDocument).filter((page) => page?.documentElement.dataset.proofroomSide);

  function tell(page, detail) {
    const { CustomEvent } = page.defaultView;
    page.dispatchEvent(new CustomEvent("proofroom:review", { detail }));
  }

  // Blocks that others take the place of begin where those do.
  function replace(page) {
    const is = (block, mark) => block?.dataset.proofroomMark === mark && !proofroomMarks.isText(block);
    for (const block of page.querySelectorAll("[data-proofroom-replaced]")) block.removeAttribute("data-proofroom-replaced");
    for (const mark of page.querySelectorAll("pre :is(ins, del)[data-proofroom-mark]")) mark.toggleAttribute("data-proofroom-lines", mark.textContent.includes("\n"));
    for (const block of page.querySelectorAll("[data-proofroom-mark=removed] + [data-proofroom-mark=added]")) {
      if (!is(block, "added")) continue;
      for (let one = block.previousElementSibling; is(one, "removed"); one = one.previousElementSibling) one.setAttribute("data-proofroom-replaced", "");
      for (let one = block; is(one, "added"); one = one.nextElementSibling) one.setAttribute("data-proofroom-replaced", "");
    }
  }

  // Gives the blocks of both sides the same tops. Margins may collapse, so what was
  // set is measured again.
  function align() {
    const both = pages();
    if (both.length < 2) return;
    both.forEach(replace);
    // Without the space that was added before, a page may be too short for its place.
    const places = both.map((page) => page.defaultView.scrollY);
    const articles = both.map((page) => proofroomLook.article(page));
    const inner = (css, isMeant) => articles.map((article) => [...article.querySelectorAll(css)].filter((it) => it.dataset.proofroom === undefined && isMeant(it)));
    const rows = inner("tr", () => true);
    const blocks = inner(BLOCKS, (it) => !it.parentElement.closest("table, figure, pre, .highlight, del, ins, span[data-proofroom-mark]"));
    if (blocks[0].length !== blocks[1].length || rows[0].length !== rows[1].length) return;
    for (const block of [...blocks.flat(), ...rows.flat()]) for (const name of ["margin-block-start", "height"]) if (block.dataset.proofroomSpaced === name) block.style.removeProperty(name);
    const set = (block, name, value) => {
      block.dataset.proofroomSpaced = name;
      block.style.setProperty(name, `${value}px`, "important");
    };
    const heights = rows.map((side) => side.map((row) => row.getBoundingClientRect().height));
    rows[0].forEach((_, nth) => {
      const [one, other] = heights.map((side) => side[nth]);
      if (Math.abs(one - other) > 0.5) rows.forEach((side) => set(side[nth], "height", Math.max(one, other)));
    });
    for (let pass = 0; pass < 5; pass++) {
      const tops = blocks.map((side, at) => side.map((block) => (block.getClientRects().length ? block.getBoundingClientRect().top + both[at].defaultView.scrollY : null)));
      const pushed = [0, 0];
      const wanted = [];
      blocks[0].forEach((_, nth) => {
        const here = tops.map((side, at) => (side[nth] === null ? null : side[nth] + pushed[at]));
        if (here.includes(null)) return;
        const lower = Math.max(...here);
        here.forEach((top, at) => {
          if (lower - top < 1) return;
          pushed[at] += lower - top;
          wanted.push([blocks[at][nth], lower - top]);
        });
      });
      if (!wanted.length) break;
      const margins = wanted.map(([block, more]) => (parseFloat(getComputedStyle(block).marginBlockStart) || 0) + more);
      wanted.forEach(([block], nth) => set(block, "margin-block-start", margins[nth]));
    }
    // Both can be scrolled equally far.
    const ends = both.map((page) => page.documentElement.scrollHeight);
    articles.forEach((article, at) => {
      const missing = Math.max(...ends) - ends[at];
      article.style.setProperty("padding-block-end", missing > 1 ? `${missing}px` : "");
    });
    both.forEach(({ defaultView: view }, at) => {
      if (Math.abs(view.scrollY - places[at]) > 1) view.scrollTo({ top: places[at], behavior: "instant" });
    });
    root.dataset.proofroomSides = "aligned";
  }

  let asked = 0;
  const later = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(align);
  };

  function connect(frame) {
    const page = frame.contentDocument;
    const view = frame.contentWindow;
    const other = () => frames.find((it) => it !== frame);
    if (state) tell(page, state);
    view.addEventListener("scroll", () => {
      const there = other()?.contentWindow;
      if (there && Math.abs(there.scrollY - view.scrollY) > 1) there.scrollTo({ top: view.scrollY, behavior: "instant" });
    }, { passive: true });
    view.addEventListener("keydown", (event) => hear.key(event), true);
    page.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target === "_blank") return;
      const to = new URL(link.href);
      if (to.pathname === view.location.pathname && to.hash) return;
      event.preventDefault();
      location.href = to.href;
    });
    // What is folded or chosen on one side is so on the other.
    const mirror = (name, css, is, put) => page.addEventListener(name, (event) => {
      const nth = [...page.querySelectorAll(css)].indexOf(event.target);
      const twin = nth < 0 ? null : other()?.contentDocument?.querySelectorAll(css)[nth];
      if (twin && is(twin) !== is(event.target)) put(twin, is(event.target));
      later();
    }, true);
    mirror("toggle", "details", (it) => it.open, (it, open) => { it.open = open; });
    mirror("change", ".tabbed-set input[type=radio]", (it) => it.checked, (it) => { it.checked = true; });
    page.addEventListener("proofroom:update", () => {
      if (state) tell(page, state);
      later();
    });
    view.addEventListener("resize", later);
    view.addEventListener("load", later);
    for (const picture of page.querySelectorAll("img")) picture.addEventListener("load", later);
    page.fonts?.ready.then(later);
    later();
  }

  // Shows both sides of a page; `told` hears of keys and of the end of the view.
  function open(address, told) {
    hear = told;
    if (frames.length || !WIDE.matches) return;
    if (!host.isConnected) root.append(host);
    root.dataset.proofroomSides = "loading";
    host.classList.remove("empty");
    for (const [side, title] of [["base", "Base"], ["now", "Now"]]) {
      const frame = make("iframe");
      frame.title = title;
      frame.src = `${address}?proofroom-embedded=${side}`;
      frame.onload = () => connect(frame);
      frames.push(frame);
      shadow.append(make("div", "", frame, make("b", "", title)));
    }
  }

  function close() {
    frames = [];
    for (const side of shadow.querySelectorAll("div")) side.remove();
    host.classList.add("empty");
    delete root.dataset.proofroomSides;
  }

  // Passes on which marks are shown, and goes to the current one.
  function draw(now) {
    state = now;
    for (const page of pages()) tell(page, now);
    later();
  }

  // Does what the page around this one says; `side` is what it shows.
  function embed(side) {
    root.dataset.proofroomSide = side;
    document.addEventListener("proofroom:review", ({ detail }) => {
      proofroomMarks.draw(detail);
      if (detail.goes) proofroomMarks.go(detail.current, false);
    });
  }

  // Leaves room for the bar below.
  const reserve = (pixels) => host.style.setProperty("--proofroom-bar-size", `${pixels}px`);

  return { open, close, draw, embed, reserve, isWide: () => WIDE.matches, whenWide: (then) => WIDE.addEventListener("change", then) };
})();
