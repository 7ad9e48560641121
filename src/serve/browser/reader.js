// Preserves what the reader chose and typed, by name and not by position: a
// patch pairs elements by position, so an element inserted before another would
// take over its state.
const proofroomReader = (() => {
  const labelOf = (set, input) => [...set.querySelectorAll("label[for]")].find((label) => label.htmlFor === input.id)?.textContent.trim();
  const choices = (set) => [...set.querySelectorAll(":scope > input[type=radio]")];
  const title = (details) => details.querySelector(":scope > summary")?.textContent.trim();
  const inArticle = (tree, css) => [...(proofroomLook.article(tree)?.querySelectorAll(css) ?? [])];
  const typed = () => inArticle(document, "input, textarea, select").filter((field) => !field.closest(".tabbed-set") && field.type !== "file");
  // Radio buttons share a name.
  const nameOf = (field) => field.id || (field.name && `${field.localName} ${field.name} ${field.type === "radio" ? field.value : ""}`) || field;
  const state = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.isContentEditable ? field.innerHTML : field.value);

  // Maps names to elements; a name that several elements share maps to null.
  function named(all, name) {
    const found = new Map();
    for (const one of all) found.set(name(one), found.has(name(one)) ? null : one);
    return found;
  }
  const allDetails = (tree) => named(inArticle(tree, "details"), title);
  const chosen = (set) => labelOf(set, choices(set).find((one) => one.checked) ?? {});
  const isOpen = () => new Map([...allDetails(document)].filter(([, one]) => one).map(([name, one]) => [name, one.open]));

  function remember() {
    const sets = [...document.querySelectorAll(".tabbed-set")].map((set) => [set, chosen(set)]);
    const fields = new Map([...named(typed(), nameOf)].filter(([, field]) => field).map(([name, field]) => [name, state(field)]));
    return { sets, open: isOpen(), fields };
  }

  function choose(set, label) {
    const all = choices(set);
    const again = all.find((one) => label && labelOf(set, one) === label) ?? all.find((one) => one.checked) ?? all[0];
    if (again && !again.checked) again.checked = true;
  }

  // Restores what `remember` saved; new elements start as in `next`.
  function restore({ sets, open, fields }, next) {
    for (const [set, label] of sets) if (set.isConnected) choose(set, label);
    const written = allDetails(next);
    for (const [name, one] of allDetails(document)) {
      if (one) one.open = open.get(name) ?? written.get(name)?.hasAttribute("open") ?? one.open;
    }
    for (const [name, field] of named(typed(), nameOf)) {
      if (!field) continue;
      const value = fields.get(name);
      if (value === undefined ? state(field) === (field.defaultValue ?? state(field)) : state(field) === value) continue;
      if (typeof state(field) === "boolean") field.checked = value ?? field.defaultChecked;
      else field.value = value ?? field.defaultValue ?? "";
    }
  }

  // Frames of a tab share what it stores.
  const SAVED = `proofroom-reader ${parent === window ? "" : window.name || "frame"} ${location.pathname}`;
  // How long what loads late may move the page, in milliseconds.
  const SETTLING = 4000;
  const FIELDS = "input:not([type=file], [type=password], [type=hidden]), textarea, select, [contenteditable]:not([contenteditable=false])";
  const isOurs = (one) => one.closest("[data-proofroom], .tabbed-set > input, [data-md-component=palette]") !== null;

  // Elements of the same name in the order of the page, by which they are found again.
  function numbered(css, name) {
    const counts = new Map();
    return [...document.querySelectorAll(css)].filter((one) => !isOurs(one)).map((one) => {
      const own = name(one);
      counts.set(own, (counts.get(own) ?? 0) + 1);
      return [`${own} ${counts.get(own)}`, one];
    });
  }
  const fieldName = (field) => [field.localName, field.type, field.id || field.name].join(" ");
  const FOCUSABLE = `${FIELDS}, a[href], button, summary, iframe, [tabindex]`;
  const focusName = (one) => (one.matches(FIELDS) ? fieldName(one) : `${one.localName} ${one.id || one.textContent.trim().slice(0, 60)}`);
  const isUntouched = (field) => {
    if (typeof state(field) === "boolean") return field.checked === field.defaultChecked;
    if (field.localName === "select") return [...field.options].every((one) => one.selected === one.defaultSelected);
    return field.defaultValue !== undefined && field.value === field.defaultValue;
  };

  // What is in view, by its text, each with its distance from the window's top.
  const blocks = () => [...inArticle(document, "[data-src], [id]"), ...document.querySelectorAll("main [id], body > *")];
  const sign = (one) => `${one.localName} ${one.id || one.textContent.trim().slice(0, 80)}`;
  function inView() {
    const found = [];
    for (const one of blocks()) {
      const { top, bottom, height } = one.getBoundingClientRect();
      if (height && bottom > 0 && top < innerHeight && top > -innerHeight && found.length < 12) found.push([sign(one), top]);
    }
    return found;
  }

  const MARKS = "[data-src], [id]";
  // The number of the first of these elements that begins at this height or below: in the
  // order of the page, each begins below those before it. So a long page costs hardly more
  // than a short one.
  function firstBelow(all, height) {
    let [start, end] = [0, all.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      let at = middle;
      // What is hidden is nowhere.
      while (at < end && !all[at].getClientRects().length) at += 1;
      if (at < end && all[at].getBoundingClientRect().top < height) start = at + 1;
      else end = middle;
    }
    return start;
  }

  // Remembers where the text in view is while a patch changes the page around it; what is
  // returned scrolls it back. Not every browser does that by itself.
  function hold() {
    const all = scrollY ? inArticle(document, MARKS) : [];
    const seen = [];
    // False below the window.
    const look = (one) => {
      const { top, bottom, height } = one.getBoundingClientRect();
      if (height && bottom > 0 && top < innerHeight) seen.push([one, top]);
      return !height || top < innerHeight;
    };
    const first = firstBelow(all, 0);
    for (let at = first; at < all.length && look(all[at]); at += 1);
    for (let one = all[first - 1]; one; one = one.parentElement?.closest(MARKS)) look(one);
    // Columns are not below one another.
    if (!seen.length) all.forEach(look);
    // What begins in view is the better mark: what began before may have become longer.
    seen.sort(([, one], [, other]) => (one < 0) - (other < 0) || Math.abs(one) - Math.abs(other));
    return () => {
      const isThere = ([one]) => one.isConnected && one.getClientRects().length && !["sticky", "fixed"].includes(getComputedStyle(one).position);
      const [one, top] = seen.find(isThere) ?? [];
      const by = one ? one.getBoundingClientRect().top - top : 0;
      if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
    };
  }

  // Saves all of it over a load of the page, with the reason of the load.
  function save(why) {
    const fields = numbered(FIELDS, fieldName).filter(([, field]) => !isUntouched(field)).map(([name, field]) => [name, state(field)]);
    const [focus, active] = numbered(FOCUSABLE, focusName).find(([, one]) => one === document.activeElement) ?? [];
    const selection = active && typeof active.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
    const scrolled = numbered("article *, nav *, aside *, .md-sidebar__scrollwrap", (one) => one.localName).filter(([, one]) => one.scrollTop || one.scrollLeft).map(([name, one]) => [name, one.scrollTop, one.scrollLeft]);
    const sets = [...document.querySelectorAll(".tabbed-set")].map(chosen);
    const saved = { why, sets, open: [...isOpen()], fields, focus, selection, scrolled, top: scrollY, left: scrollX, seen: inView() };
    try {
      sessionStorage.setItem(SAVED, JSON.stringify(saved));
      history.scrollRestoration = "manual";
    } catch { /* the browser may restore some of it */ }
  }

  // Restores what was saved before the page was loaded anew. Returns the reason.
  function resume() {
    let saved = null;
    try {
      saved = JSON.parse(sessionStorage.getItem(SAVED));
      sessionStorage.removeItem(SAVED);
    } catch { /* nothing was saved */ }
    if (!saved) return "";
    history.scrollRestoration = "auto";
    let isHeld = true;
    const fill = () => {
      [...document.querySelectorAll(".tabbed-set")].forEach((set, nth) => choose(set, saved.sets[nth]));
      const open = new Map(saved.open);
      for (const [name, one] of allDetails(document)) if (one && open.has(name)) one.open = open.get(name);
      const fields = new Map(numbered(FIELDS, fieldName));
      for (const [name, value] of saved.fields) {
        const field = fields.get(name);
        if (!field || state(field) === value) continue;
        if (typeof value === "boolean") field.checked = value;
        else if (field.isContentEditable) field.innerHTML = value;
        else field.value = value;
      }
      const focus = saved.focus && new Map(numbered(FOCUSABLE, focusName)).get(saved.focus);
      if (focus && document.activeElement !== focus) {
        focus.focus({ preventScroll: true });
        if (saved.selection) try { focus.setSelectionRange(...saved.selection); } catch { /* it has no text */ }
      }
    };
    const scroll = () => {
      if (!isHeld) return;
      const now = new Map(blocks().reverse().map((one) => [sign(one), one]));
      const [name, top] = saved.seen.find(([name]) => now.has(name)) ?? [];
      // At the top of a page, it stays there.
      const by = saved.top && name !== undefined ? now.get(name).getBoundingClientRect().top - top : saved.top - scrollY;
      if (Math.abs(by) >= 1) scrollTo({ left: saved.left, top: scrollY + by, behavior: "instant" });
    };
    const boxes = () => {
      const all = new Map(numbered("article *, nav *, aside *, .md-sidebar__scrollwrap", (one) => one.localName));
      for (const [name, top, left] of saved.scrolled) Object.assign(all.get(name) ?? {}, { scrollTop: top, scrollLeft: left });
    };
    const all = () => { fill(); boxes(); scroll(); };
    // What loads late moves the page, unless its reader has.
    const size = new ResizeObserver(scroll);
    const end = () => { isHeld = false; size.disconnect(); };
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(type, end, { once: true, passive: true, capture: true });
    all();
    addEventListener("DOMContentLoaded", all, { once: true });
    const last = () => { if (isHeld) all(); setTimeout(end, SETTLING); };
    if (document.readyState === "complete") last();
    else addEventListener("load", last, { once: true });
    size.observe(document.body);
    return saved.why;
  }

  return { remember, restore, hold, save, resume };
})();
