"use strict";
// Signs beside the changed blocks, and a map of all changes at the scroll bar.
const proofroomMap = (() => {
  const { make } = proofroomLook;
  const root = document.documentElement;
  const SIGNS = { added: "+", removed: "−", changed: "~", moved: "→", "moved-away": "→", markup: "~" };
  const style = `
    :host { all: initial; position: absolute; inset: 0 auto auto 0; color-scheme: light } :host(.dark) { color-scheme: dark }
    @media print { :host { display: none } }
    button { all: unset; box-sizing: border-box; cursor: pointer; color: var(--proofroom-moved) }
    .added { color: var(--proofroom-added) } .removed { color: var(--proofroom-removed) } .changed { color: light-dark(#4d463d, #c9c0b2) } .markup { color: var(--proofroom-markup) }
    .sign { position: absolute; inline-size: 15px; border-inline-end: 4px solid; font: 700 13px/1 ui-monospace, monospace; justify-content: center; overflow: hidden; border-radius: 2px }
    .sign.removed { border-inline-end-style: double } .sign.markup { border-inline-end-style: dotted } .sign.moved, .sign.moved-away { border-inline-end-style: dashed }
    .seen { opacity: .35 } .current { filter: drop-shadow(0 0 2px currentColor) }
    .map { position: fixed; inset-block: 0; inline-size: 12px; z-index: 2147483640; pointer-events: none }
    .tick { position: absolute; inset-inline: 1px; block-size: 5px; background: currentColor; border-radius: 2px; pointer-events: auto; box-shadow: 0 0 0 1px light-dark(#fff, #000) }
    .tick.removed { inset-inline-start: 5px } .tick.added { inset-inline-end: 5px } .tick.current { outline: 2px solid light-dark(#000, #fff) }`;
  const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, tr, dt, dd, figure, summary, .tabbed-labels, blockquote, table, div, details";

  const host = make("proofroom-map");
  host.dataset.proofroom = "";
  const signs = make("div");
  const map = make("div", "map");
  // All of it can be reached by keys, too.
  signs.ariaHidden = map.ariaHidden = "true";
  const shadow = host.attachShadow({ mode: "open" });
  proofroomLook.style(shadow, style);
  shadow.append(signs, map);

  let marks = [];
  let choose = () => {};

  const blockOf = (mark) => (proofroomMarks.isText(mark) ? mark.closest(BLOCKS) ?? mark : mark);

  // What happened to a block: a block with marks inside of it was changed.
  function kindOf(mark, change) {
    if (change.level === "markup") return "markup";
    if (!proofroomMarks.isText(mark) || mark.parentElement?.closest("[data-proofroom-mark]")) return mark.dataset.proofroomMark;
    return "changed";
  }

  const isShown = (part) => part.getClientRects().length > 0 && (part.checkVisibility?.() ?? true);

  function place() {
    const height = Math.max(root.scrollHeight, 1);
    const rtl = getComputedStyle(proofroomLook.article() ?? root).direction === "rtl";
    const edges = marks.filter(({ part }) => isShown(part)).map(({ part }) => part.getBoundingClientRect());
    const edge = rtl ? Math.max(...edges.map((it) => it.right)) : Math.min(...edges.map((it) => it.left));
    const beside = root.dataset.proofroomAges === "shown" ? 40 : 24;
    const left = rtl ? Math.min(edge + beside - 15, root.clientWidth - 15) : Math.max(edge - beside, 0);
    for (const { part, sign, tick } of marks) {
      const hasPlace = isShown(part);
      if (sign) sign.hidden = !hasPlace;
      let seat = part;
      while (seat && !isShown(seat)) seat = seat.parentElement;
      const rect = (seat ?? root).getBoundingClientRect();
      const top = rect.top + scrollY;
      if (sign) sign.style.cssText = `left:${left + scrollX}px;top:${top}px;height:${Math.max(rect.height, 14)}px;display:${hasPlace ? "flex" : "none"};direction:${rtl ? "rtl" : "ltr"}`;
      tick.style.top = `clamp(0px, ${(100 * top) / height}%, calc(100% - 5px))`;
    }
    // The scroll bar may be on either side.
    const isLeft = root.getBoundingClientRect().left + scrollX > 0 && innerWidth > root.clientWidth;
    map.style.left = isLeft ? "0" : "auto";
    map.style.right = isLeft ? "auto" : "0";
  }

  let asked = 0;
  const later = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(place);
  };

  // Draws the signs of the changes that the reader wishes to see.
  function draw({ changes, seen, current }) {
    const made = [];
    const known = new Set();
    const byKey = new Map(changes.map((change) => [change.key, change]));
    for (const mark of proofroomMarks.all()) {
      const change = byKey.get(mark.dataset.proofroomChange);
      if (!change || mark.hasAttribute("data-proofroom-off")) continue;
      const picture = mark.closest("[data-proofroom-exchanged]") ? proofroomPictures.of(change.key) : null;
      const part = picture ?? blockOf(mark);
      if (known.has(part)) continue;
      const inner = proofroomMarks.isText(mark) && mark.parentElement?.closest(`[data-proofroom-change="${CSS.escape(change.key)}"]`);
      if (inner) continue;
      known.add(part);
      const kind = picture ? "changed" : kindOf(mark, change);
      const state = `${kind}${seen.has(change.key) ? " seen" : ""}${change.key === current ? " current" : ""}`;
      const button = (name, text) => {
        const one = make("button", `${name} ${state}`, text);
        one.tabIndex = -1;
        one.dataset.key = change.key;
        one.title = change.title;
        one.onclick = () => choose(change.key);
        return one;
      };
      made.push({ part, sign: button("sign", SIGNS[kind] ?? "~"), tick: button("tick", "") });
    }
    marks = made;
    signs.replaceChildren(...marks.map(({ sign }) => sign));
    map.replaceChildren(...marks.map(({ tick }) => tick));
    place();
  }

  function start(whenChosen) {
    choose = whenChosen;
    root.append(host);
    proofroomLook.follow(host);
    const size = new ResizeObserver(later);
    for (const part of [document.body, proofroomLook.article()]) if (part) size.observe(part);
    for (const name of ["resize", "load"]) addEventListener(name, later);
    for (const name of ["toggle", "change", "transitionend"]) document.addEventListener(name, later, true);
    new MutationObserver(later).observe(root, { attributes: true, attributeFilter: ["data-proofroom-ages", "dir"] });
  }

  return { start, draw };
})();
