"use strict";
// Where the reader is on a page, told by what stands there: lines and heights differ
// between the base, the page as it is now and their difference.
const proofroomPlace = (() => {
  const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, dt, dd, td, figcaption, summary";
  // Headers of themes cover the top of the window.
  const TOP = 64;

  const blocks = () => [...(proofroomLook.article() ?? document.body).querySelectorAll(BLOCKS)];

  // The first blocks in view, each with its texts at the sides that it has.
  function remember(mode) {
    const found = [];
    for (const block of blocks()) {
      const { top, bottom, height } = block.getBoundingClientRect();
      if (bottom < TOP || !height) continue;
      const texts = (mode === "difference" ? ["now", "base"] : [""]).map((side) => proofroomMarks.textOf(block, side)).filter(Boolean);
      if (texts.length) found.push({ name: block.nodeName, id: block.id, texts, top });
      if (found.length === 30) break;
    }
    const room = document.documentElement.scrollHeight - innerHeight;
    return { blocks: scrollY > 0 ? found : [], share: room > 0 ? scrollY / room : 0 };
  }

  function restore({ blocks: kept, share }) {
    if (!share) return;
    const there = new Map();
    for (const block of blocks()) {
      for (const side of ["now", "base"]) {
        const name = `${block.nodeName} ${proofroomMarks.textOf(block, side)}`;
        // What is there twice is no place.
        const isKnown = there.has(name) && there.get(name) !== block;
        there.set(name, isKnown ? null : block);
      }
    }
    for (const { name, id, texts, top } of kept) {
      const block = texts.map((text) => there.get(`${name} ${text}`)).find((it) => it) ?? (id ? document.getElementById(id) : null);
      if (!block?.getClientRects().length) continue;
      return scrollBy({ top: block.getBoundingClientRect().top - top, behavior: "instant" });
    }
    scrollTo({ top: share * (document.documentElement.scrollHeight - innerHeight), behavior: "instant" });
  }

  return { remember, restore };
})();
