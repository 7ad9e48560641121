// A strip beside the page that shows how old its text is. It asks the server
// only while it is shown, and none of it is part of the page's HTML.
const proofroomAges = (() => {
  const script = document.currentScript;
  // In a review, the address is that of the view and not of the page.
  const { proofroomAddress, proofroomPage: page = proofroomAddress, proofroomMode: mode } = script.dataset;
  const root = document.documentElement;
  const SHOWN = "proofroom-ages";
  const KEY = "a";
  const style = `
    :host { all: initial; position: absolute; inset: 0 auto auto 0; font: 13px/1.45 system-ui, sans-serif; color-scheme: light }
    :host(.dark) { color-scheme: dark }
    .bar { position: absolute; border-radius: 3px; background: var(--age); cursor: pointer; border: 0; padding: 0 }
    .bar:hover, .bar:focus-visible { outline: 2px solid light-dark(#1c5fb8, #7db4ff); outline-offset: 1px }
    .bar.new { background: repeating-linear-gradient(light-dark(#26211c, #ece6db) 0 4px, transparent 4px 7px) }
    .tip { position: fixed; z-index: 2147483646; color: light-dark(#26211c, #ece6db); background: light-dark(#fffdf9, #26211c); border: 1px solid light-dark(#d9d3c7, #4a443c); border-radius: 6px; box-shadow: 0 3px 14px #0003; text-align: start;
      padding: .5rem .7rem; max-width: min(24rem, calc(100vw - 2rem)); box-sizing: border-box; overflow-wrap: anywhere }
    .tip p { margin: 0 } .tip p + p { margin-block-start: .25rem } .soft { color: light-dark(#6c6457, #a79d8d) } b { font-weight: 600 } [hidden] { display: none }
    a { color: light-dark(#1c5fb8, #7db4ff) }
    @media print { :host { display: none } } @media (forced-colors: active) { .bar { forced-color-adjust: none } }`;

  const { make, follow, isWriting } = proofroomLook;

  // `12`, `12-14` or `12 part.md:3-4`: lines of the page, and of a file that it
  // includes there.
  const lines = (text) => {
    const [first, last = first] = text.split("-").map(Number);
    return { first, last };
  };
  const places = (written) => {
    const [own, included] = written.split(" ");
    const at = included?.lastIndexOf(":") ?? -1;
    const found = { own: lines(own) };
    if (at > 0) found.included = { file: decodeURIComponent(included.slice(0, at)), ...lines(included.slice(at + 1)) };
    return found;
  };

  // Where a block is in the sources as they are, or where it was in those of the
  // base of a review.
  const WRITTEN = "[data-src]";
  const GONE = "[data-proofroom-base-src]";
  const isGone = (block) => block.dataset.proofroomBaseSrc !== undefined;
  const written = (block) => block.dataset.proofroomBaseSrc ?? block.dataset.src;

  // The newest and oldest commit of a block: of its own lines, and of the files
  // that are included anywhere in it.
  function age(block, ages) {
    const own = places(written(block));
    const parts = own.included ? [own.included] : [{ file: "", ...own.own }];
    for (const inner of block.querySelectorAll(isGone(block) ? "[data-proofroom-base-src*=' ']" : "[data-src*=' ']")) {
      const { included } = places(written(inner));
      if (included) parts.push(included);
    }
    const found = { own: own.own, place: parts[0], newest: null, oldest: null, edited: false, lines: 0 };
    for (const part of parts) {
      for (const [first, last, nth] of ages.files[part.file]?.runs ?? []) {
        if (last < part.first || first > part.last) continue;
        found.lines += 1;
        if (nth < 0) { found.edited = true; continue; }
        const commit = ages.commits[nth];
        if (!found.newest || commit.time > found.newest.time) found.newest = commit;
        if (!found.oldest || commit.time < found.oldest.time) found.oldest = commit;
      }
    }
    return found;
  }

  let shown = false;
  let ages = null;
  // Those of what a review shows as gone.
  let before = null;
  let bars = [];
  let asking = 0;
  let again = 0;
  const host = make("proofroom-ages");
  host.dataset.proofroom = "";
  const shadow = host.attachShadow({ mode: "open" });
  const strip = make("div");
  const tip = make("div", "tip");
  const legend = make("div", "legend");
  const button = proofroomOverlay.add("Ages", "ages", KEY, "Show how old the text is");
  tip.hidden = legend.hidden = true;
  tip.setAttribute("role", "tooltip");
  tip.id = "tip";
  strip.setAttribute("role", "group");
  strip.setAttribute("aria-label", "How old each block is; the arrow keys lead from one to the next");
  button.setAttribute("aria-pressed", "false");
  proofroomLook.style(shadow, style);
  shadow.append(strip, tip);

  const day = (commit) => `${commit.at_least ? "≤ " : ""}${commit.day}`;
  const described = (word, commit) => {
    const line = make("p", "", make("b", "", `${word} ${day(commit)}`), ` · ${commit.author}`);
    const subject = make("p", "soft", commit.summary);
    line.dir = subject.dir = "auto";
    return [line, subject];
  };

  function describe(bar) {
    const { age } = bar;
    tip.replaceChildren();
    if (bar.isGone) tip.append(make("p", "soft", "Removed"));
    if (age.edited) tip.append(make("p", "", make("b", "", "Not committed yet")));
    if (age.newest) tip.append(...described(age.edited ? "Before" : "Newest", age.newest));
    if (age.oldest && age.oldest !== age.newest) tip.append(...described("Oldest", age.oldest));
    const view = !bar.isGone && ages.files[age.place.file]?.view;
    if (view) {
      const link = make("a", "", "Line by line");
      link.href = `${proofroomAddresses.of(view)}#L${age.place.first}`;
      tip.append(make("p", "", link));
    }
    tip.hidden = false;
    const at = bar.element.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const rtl = getComputedStyle(root).direction === "rtl";
    const left = rtl ? at.left - width - 8 : at.right + 8;
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    tip.style.top = `${Math.max(8, Math.min(Math.max(at.top, 8), innerHeight - height - 8))}px`;
  }

  let hiding = 0;
  const keep = () => clearTimeout(hiding);
  const leave = () => { keep(); hiding = setTimeout(() => { tip.hidden = true; }, 250); };
  tip.onpointerenter = keep;
  tip.onpointerleave = leave;

  // Outermost blocks go into the first column of the strip; innermost blocks that
  // are not outermost too go into the second.
  function draw() {
    const any = `${WRITTEN}, ${GONE}`;
    const blocks = [...document.querySelectorAll(any)].filter((it) => it.dataset.proofroom === undefined && /^\d/.test(written(it)));
    bars = [];
    for (const block of blocks) {
      const outer = !block.parentElement?.closest(any);
      const inner = !block.querySelector(any);
      if (!outer && !inner) continue;
      const known = isGone(block) ? before : ages;
      const found = known?.files && age(block, known);
      if (!found?.lines) continue;
      const element = make("button", "bar");
      element.type = "button";
      element.tabIndex = bars.length ? -1 : 0;
      element.setAttribute("aria-label", `${found.edited ? "not committed yet" : day(found.newest)}: ${block.textContent.trim().slice(0, 60)}`);
      element.setAttribute("aria-describedby", "tip");
      const commit = found.newest;
      element.dataset.src = written(block);
      element.dataset.date = found.edited ? "" : commit.date;
      element.classList.toggle("new", found.edited);
      if (!found.edited) element.style.setProperty("--age", ages.legend.colours[commit.class]);
      const bar = { block, element, age: found, isGone: isGone(block), column: outer ? 0 : 1 };
      element.onpointerenter = () => { keep(); describe(bar); };
      element.onpointerleave = leave;
      element.onclick = element.onfocus = () => describe(bar);
      element.onblur = leave;
      bars.push(bar);
    }
    strip.replaceChildren(...bars.map((bar) => bar.element));
    place();
  }

  function place() {
    if (!shown || !bars.length) return;
    // Blocks in a closed <details> have a size but are not visible.
    const isSeen = (block) => block.checkVisibility?.() ?? true;
    const rects = bars.map(({ block }) => (isSeen(block) ? block.getBoundingClientRect() : new DOMRect()));
    const seen = rects.filter((rect) => rect.height > 0);
    if (!seen.length) return;
    const rtl = getComputedStyle(bars[0].block).direction === "rtl";
    // Beside the text if there is room, otherwise at the window's edge.
    const edge = rtl ? Math.max(...seen.map((rect) => rect.right)) : Math.min(...seen.map((rect) => rect.left));
    const start = rtl ? Math.min(edge + 7, root.clientWidth - 12) : Math.max(edge - 19, 0);
    bars.forEach(({ element, column }, nth) => {
      const rect = rects[nth];
      const step = column === 0 ? 0 : 7;
      const left = rtl ? start + 7 - step : start + step;
      element.style.cssText += `left:${left + scrollX}px;top:${rect.top + scrollY + 1}px;width:5px;height:${Math.max(rect.height - 2, 3)}px;display:${rect.height > 0 ? "block" : "none"}`;
    });
  }

  // One bar is reached by Tab, the others from it by the arrow keys.
  strip.onkeydown = (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const at = bars.findIndex(({ element }) => element === shadow.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    let to = at + by;
    while (bars[to] && bars[to].element.style.display === "none") to += by;
    if (!bars[to]) return;
    bars[at].element.tabIndex = -1;
    bars[to].element.tabIndex = 0;
    bars[to].element.focus();
    bars[to].element.scrollIntoView({ block: "nearest" });
    describe(bars[to]);
  };

  function explain() {
    const { legend: scale, files, unknown, waiting } = ages;
    legend.replaceChildren(make("h2", "", "How old the text is"));
    const say = (text) => legend.append(make("p", "soft", text));
    if (unknown) {
      say(unknown);
      return;
    }
    const list = make("ol");
    const entry = (colour, text, name) => {
      const swatch = make("i", name);
      if (colour) swatch.style.setProperty("--age", colour);
      list.append(make("li", "", swatch, make("span", "", text)));
    };
    entry("", "not committed yet", "new");
    const { limits, range, colours } = scale;
    if (range) {
      if (!limits.length) entry(colours[0], range[0], "");
      else colours.forEach((colour, nth) => {
        const until = nth ? limits[nth - 1] : range[1];
        // A class that begins where the next one begins is empty.
        if (nth && nth < limits.length && limits[nth] === until) return;
        entry(colour, nth ? `until ${until}` : `after ${limits[0]}`);
      });
    }
    legend.append(list);
    if (waiting) say(`${waiting} pages are still being examined`);
    const links = make("p");
    if (files[""].view) {
      const view = make("a", "", "Line by line");
      view.href = proofroomAddresses.of(files[""].view);
      links.append(view, " · ");
    }
    const site = make("a", "", "All ages");
    site.href = proofroomAddresses.own("ages");
    links.append(site);
    legend.append(links);
  }

  // The ages of the page as it is now, or as it was at the `base` of a review.
  async function fetched(side) {
    const answer = await fetch(proofroomAddresses.own(`ages?page=${encodeURIComponent(page)}&side=${side}`), { cache: "no-store" });
    return answer.json();
  }

  async function ask() {
    clearTimeout(again);
    const turn = ++asking;
    const found = await fetched(mode === "base" ? "base" : "now");
    const gone = document.querySelector(GONE) ? await fetched("base") : null;
    if (turn !== asking || !shown) return;
    ages = found;
    before = gone;
    explain();
    if (ages.unknown) strip.replaceChildren();
    else draw();
    root.dataset.proofroomAges = ages.unknown ? "unknown" : "shown";
    if (ages.waiting) again = setTimeout(refresh, 2000);
  }
  const refresh = () => { if (shown) ask().catch(() => { again = setTimeout(refresh, 2000); }); };

  const size = new ResizeObserver(() => requestAnimationFrame(place));
  // `asked` tells whether the reader wishes so now.
  function show(wanted, asked) {
    shown = wanted;
    button.setAttribute("aria-pressed", String(shown));
    strip.hidden = !shown;
    tip.hidden = true;
    if (asked) proofroomOverlay.unfold(legend, shown);
    else legend.hidden = !shown;
    proofroomLook.write(SHOWN, shown ? "1" : "");
    if (shown) {
      size.observe(document.body);
      for (const part of document.querySelectorAll("article, main")) size.observe(part);
      legend.replaceChildren(make("h2", "", "How old the text is"));
      refresh();
    } else {
      size.disconnect();
      clearTimeout(again);
      asking += 1;
      strip.replaceChildren();
      bars = [];
      delete root.dataset.proofroomAges;
    }
  }

  // Goes to the block of a line when coming from the line-by-line view.
  function go() {
    const line = Number(/^#proofroom-L(\d+)$/.exec(location.hash)?.[1]);
    if (!line) return;
    let best = null;
    for (const block of document.querySelectorAll("[data-src]")) {
      if (!/^\d/.test(block.dataset.src)) continue;
      const { own } = places(block.dataset.src);
      const width = own.last - own.first;
      if (own.first <= line && line <= own.last && (!best || width <= best.width)) best = { block, width };
    }
    if (!best) return;
    for (let up = best.block; up; up = up.parentElement) if (up.nodeName === "DETAILS") up.open = true;
    best.block.scrollIntoView({ block: "center" });
    best.block.animate?.([{ outline: "3px solid #df6f1f" }, { outline: "3px solid transparent" }], { duration: 1600 });
  }

  if (root.dataset.proofroomView !== undefined) {
    button.hidden = true;
    return { fetched, of: age, written };
  }
  root.append(host);
  follow(host);
  proofroomOverlay.put(legend);
  button.onclick = () => show(!shown, true);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
    if (event.key !== KEY || isWriting(event) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    show(!shown, true);
  });
  addEventListener("resize", place);
  addEventListener("load", place);
  addEventListener("hashchange", go);
  addEventListener("focus", refresh);
  document.addEventListener("toggle", place, true);
  document.addEventListener("change", () => requestAnimationFrame(place));
  document.addEventListener("proofroom:update", refresh);
  go();
  if (proofroomLook.read(SHOWN)) show(true, false);
  return { fetched, of: age, written };
})();
